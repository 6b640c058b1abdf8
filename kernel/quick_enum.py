"""Makes enums of plain names and numbers, as Qt's are, in a fifth of the time that :mod:`enum` takes for them.

The class ``Qt`` alone has 93 enums with 1,200 members, and :mod:`enum` looks at each for what it might be beside a
number. This is in force only for a block, around the first look at classes of Qt; what is not plain, or comes in a
version of Python whose enums keep more than is known here, is made as ever.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, EnumType, Flag, IntEnum, IntFlag
from typing import Any

_KINDS = (Enum, IntEnum, Flag, IntFlag)
#: What an enum keeps of its members, in the versions of Python whose enums are known here.
_KEPT = {"_member_names_", "_member_map_", "_value2member_map_", "_unhashable_values_"}

#: Name and number of each member.
Pairs = list[tuple[str, int]]


@contextmanager
def quick_enums() -> Iterator[None]:
    """Within the block, plain enums are made here."""
    ordinary, shapes = EnumType._create_, {}

    def create(cls: Any, class_name: str, names: Any, **more: Any) -> Any:
        if more.get("module") is None:  # as enum does: who asks for it
            more["module"] = sys._getframe(2).f_globals.get("__name__")
        if cls not in shapes:
            shapes[cls] = _shape(cls, ordinary)
        known = shapes[cls]
        if known is None or more.get("type") is not None or more.get("start", 1) != 1 or not _is_plain(names, known[1]):
            return ordinary(cls, class_name, names, **more)
        return _make(cls, class_name, names, known[0], more)

    EnumType._create_ = create
    try:
        yield
    finally:
        EnumType._create_ = ordinary


def _shape(cls: Any, ordinary: Any) -> tuple[dict[str, Any], frozenset[str]] | None:
    """What an enum of this kind has beside its members, and the names that are no member's; None: not known here."""
    if cls not in _KINDS:
        return None
    body = dict(vars(ordinary(cls, "Shape", [], module=__name__)))
    if {name for name, value in body.items() if isinstance(value, (list, dict, set))} != _KEPT:
        return None
    for name in ("__dict__", "__weakref__"):
        body.pop(name, None)
    return body, frozenset({"mro", *body}.union(*map(vars, cls.__mro__)))


def _is_plain(pairs: Any, taken: frozenset[str]) -> bool:
    """Whether these are names of members with numbers, each name once."""
    if type(pairs) is not list or set(map(type, pairs)) != {tuple} or set(map(len, pairs)) != {2}:
        return False
    names, values = zip(*pairs, strict=True)
    if set(map(type, names)) != {str} or set(map(type, values)) != {int} or not taken.isdisjoint(names):
        return False
    return len(set(names)) == len(names) and {"", "_"}.isdisjoint({name[:1] for name in names})


def _make(cls: Any, class_name: str, pairs: Pairs, shape: dict[str, Any], more: dict[str, Any]) -> Any:
    own = {name: type(shape[name])() for name in _KEPT}
    body = {**shape, **own, "__module__": more["module"]}
    if more.get("qualname") is not None:
        body["__qualname__"] = more["qualname"]
    made = type.__new__(type(cls), class_name, (cls,), body)
    is_flag = issubclass(cls, Flag)
    _fill(made, pairs, is_flag)
    if is_flag:
        _fill_flag(made, pairs, more.get("boundary"))
    return made


def _fill(made: Any, pairs: Pairs, is_flag: bool) -> None:
    """Make the members; a second name for a number names the first one's member."""
    names, members, by_value = made._member_names_, made._member_map_, made._value2member_map_
    put, new = type.__setattr__, made._member_type_.__new__
    is_number = made._member_type_ is int
    for name, value in pairs:
        member = by_value.get(value)
        if member is None:
            member = by_value[value] = new(made, value) if is_number else new(made)
            member._value_ = value
            member._name_ = name
            member.__objclass__ = made
            member._sort_order_ = len(names)
            if not is_flag or _is_single(value):
                names.append(name)
        members[name] = member
        put(made, name, member)


def _fill_flag(made: Any, pairs: Pairs, boundary: Any) -> None:
    bits = singles = 0
    for _, value in pairs:
        bits |= value
        if _is_single(value):
            singles |= value
    made._flag_mask_, made._singles_mask_, made._all_bits_ = bits, singles, 2 ** bits.bit_length() - 1
    if boundary is not None:
        made._boundary_ = boundary
    values = [member._value_ for member in made]
    if values != sorted(values):
        made._iter_member_ = made._iter_member_by_def_


def _is_single(value: int) -> bool:
    """Whether it is one bit: only such flags are listed, the others are names for several."""
    return value > 0 and value & (value - 1) == 0
