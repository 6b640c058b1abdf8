"""Questions of views where nobody sits in front: they count as answered, or are refused with what answers them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kernel.error import EspalierError

#: Who asked for what runs just now, the last one last: whether their questions are answered.
_answers: list[bool] = []


class NobodyThere:
    """Within the block nobody can be asked.

    Args:
        is_agreed: Whether every question counts as answered with yes.
    """

    def __init__(self, is_agreed: bool) -> None:
        self._is_agreed = is_agreed

    def __enter__(self) -> None:
        _answers.append(self._is_agreed)

    def __exit__(self, *_: object) -> None:
        _answers.pop()


def agreed(text: str, go: Callable[[], Any]) -> bool:
    """Go where the question counts as answered; False where the person is to be asked.

    Raises:
        EspalierError: nobody is there, and nothing says that questions are answered.
    """
    if not _answers:
        return False
    if not _answers[-1]:
        raise EspalierError(text, hint="--yes answers it")
    go()
    return True
