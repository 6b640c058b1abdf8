"""Changes of files that a plugin has worked out: made as a whole or not at all, with one step to undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kernel.error import EspalierError
from shell.search.change import FileChange
from shell.search.gathering import digest_of
from shell.search.work import ChangedFiles, Work

if TYPE_CHECKING:
    from shell.window import Window

#: A file, its bytes now and then, None where there is none; and the permissions that it has when it is made, None =
#: those of any new file.
Outside = tuple[Path, bytes | None, bytes | None, int | None]


def change_files(
    window: Window, changes: Sequence[Outside], title: str, done: Callable[[str], Any], turned: Callable[[bool], Any]
) -> None:
    """Make the changes.

    Args:
        window: Whose history has the step to undo.
        changes: What becomes of the files.
        title: What the step is called.
        done: Gets why nothing was done, empty when all was.
        turned: Called whenever the step was undone (True) or made again.
    """
    rows = [
        FileChange(str(path), path, None if now is None else digest_of(now), whole=then, mode=mode)
        for path, now, then, mode in changes
    ]

    def take(answer: list[FileChange] | EspalierError) -> None:
        if isinstance(answer, EspalierError):
            done(f"{answer.message}; {answer.hint}" if answer.hint else answer.message)
            return
        ChangedFiles(window, answer, turned).note(title)
        done("")

    Work(window, rows, take)
