"""Numbers as they stand in a file's pages, as whole numbers of their last digit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kernel.tables.sqlite.part_row import MisfitError

if TYPE_CHECKING:
    from kernel.tables.sqlite.cells import Values

#: Kinds of values (:class:`kernel.tables.sqlite.cells.Values`); by kind, how far a word is shifted to be its whole
#: number. The two behind floats are the numbers 0 and 1 themselves.
NULL_KIND, _FLOAT, TEXT_KIND = 0, 7, 13
_SHIFTS = np.array([0, 56, 48, 40, 32, 16, 0, 0, 0, 0])
#: Units up to which a float is told from those of its neighbours.
_MOST = 10**15


def units_of(values: Values, digits: int) -> tuple[np.ndarray, np.ndarray]:
    """The numbers in units of so many digits behind the point (int64), and which are null, 0 there.

    Raises:
        MisfitError: there are other values among them, or numbers that are not exact so.
    """
    kinds = values.kinds
    if int(kinds.max()) >= len(_SHIFTS):
        raise MisfitError
    words = values.first_words()
    numbers = words.view(np.int64) >> _SHIFTS[kinds]
    nothing = kinds == NULL_KIND
    if nothing.any():
        numbers[nothing] = 0
    is_bare = kinds > _FLOAT
    if is_bare.any():
        np.subtract(kinds, _FLOAT + 1, out=numbers, where=is_bare, casting="unsafe")
    is_float = kinds == _FLOAT
    if digits:
        _scale(numbers, words.view(np.float64), is_float, digits)
    elif is_float.any():
        raise MisfitError
    return numbers, nothing


def _scale(numbers: np.ndarray, floats: np.ndarray, is_float: np.ndarray, digits: int) -> None:
    """Make units of whole numbers and floats."""
    power = 10**digits
    most = _MOST // power
    has_floats = bool(is_float.any())
    if not has_floats or not is_float.all():
        whole = np.where(is_float, 0, numbers) if has_floats else numbers
        if int(whole.max()) > most or int(whole.min()) < -most:
            raise MisfitError
        numbers *= power
    if has_floats:
        floats = np.where(is_float, floats, 0.0)
        if not (np.abs(floats) <= most).all():
            raise MisfitError
        units = np.rint(floats * power)
        if (units / power != floats).any():
            raise MisfitError
        np.copyto(numbers, units.astype(np.int64), where=is_float)
