"""Labels of hints: as short as can be, and none the beginning of another. Qt is not imported here."""

from __future__ import annotations

from collections.abc import Sequence

#: Letters under the fingers, where a person's own are too few.
HOME_ROW = "asdfghjkl"


def letters_of(text: str) -> str:
    """The letters that an option names, each once, in their order; those of the home row where there is only one."""
    found = "".join(dict.fromkeys(letter for letter in text.lower() if letter.isalpha()))
    return found if len(found) > 1 else HOME_ROW


def labels(count: int, letters: str) -> list[str]:
    """So many labels, the short ones first.

    They have two lengths at most, and no set of labels of which none begins another has fewer letters in all.

    Args:
        count: How many.
        letters: At least two different ones.
    """
    base, length = len(letters), 1
    while base**length < count:
        length += 1
    # Each word of one letter less that stays a label by itself takes as many places as there are letters.
    short = max((base**length - count) // (base - 1), 0) if length > 1 else 0
    words = _words(length - 1, letters)
    longer = (word + letter for word in words[short:] for letter in letters)
    return [*words[:short], *(word for word, _ in zip(longer, range(count - short), strict=False))]


def _words(length: int, letters: str) -> list[str]:
    words = [""]
    for _ in range(length):
        words = [word + letter for word in words for letter in letters]
    return words


def share(late: int, letters: str, *, is_late_first: bool) -> tuple[str, str, list[str]]:
    """How letters are shared between what is known at once and groups that come later, so that no label changes.

    Args:
        late: Groups that come later.
        letters: At least three different ones where there is a group.
        is_late_first: Whether the first group gets the short labels, since the person is there.

    Returns:
        What labels of the known begin with; the letters that they may go on with at first; what those of each group
        begin with, where an empty text stands for the letters that are left.
    """
    if not late:
        return "", letters, []
    own = letters[-1]
    groups = [own + label for label in labels(late, letters)] if late > 1 else [own]
    if is_late_first:
        return groups[0], letters, ["", *groups[1:]]
    return "", letters[:-1], groups


def extend(prefix: str, count: int, first: str, letters: str) -> list[str]:
    """Labels behind a prefix; without one they begin with the letters of ``first``.

    See :func:`share`.
    """
    if prefix or len(first) == len(letters):
        return [prefix + label for label in labels(count, letters)]
    return _begin_with(count, first, letters)


def _begin_with(count: int, first: str, letters: str) -> list[str]:
    """Labels of which the first letter is one of ``first``, the others any: short ones first."""
    if count <= len(first):
        return list(first[:count])
    length = 1
    while len(first) * len(letters) ** (length - 1) < count:
        length += 1
    short = (len(first) * len(letters) ** (length - 1) - count) // (len(letters) - 1)
    words: Sequence[str] = [head + rest for head in first for rest in _words(length - 2, letters)]
    longer = (word + letter for word in words[short:] for letter in letters)
    return [*words[:short], *(word for word, _ in zip(longer, range(count - short), strict=False))]
