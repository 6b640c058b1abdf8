"""The commands of changes and versions: each gets the editor that it acts on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from plugins.api import EspalierError, Version, say
from plugins.scintilla.gutter import going, staging
from plugins.scintilla.gutter.blame import blamed, line_text
from plugins.scintilla.gutter.gutter import Gutter
from plugins.scintilla.gutter.version import go_to_version, show_history
from plugins.scintilla.look import PEEK


def _on_kept(run: Callable[..., Any]) -> Callable[..., None]:
    """A command on a text of which somebody keeps versions."""

    @wraps(run)
    def command(view: Any, **arguments: Any) -> None:
        gutter = view.pane.changes if view.pane is not None else None
        if gutter is None or not gutter.is_there:
            raise EspalierError(say("nobody keeps versions of this text"),
                                hint=say("files of a git repository have some"))
        run(view, gutter, **arguments)

    return command


def _staging(run: Callable[..., Any]) -> Callable[..., None]:
    """A command on a text of which parts can be taken into a commit."""

    @_on_kept
    @wraps(run)
    def command(view: Any, gutter: Gutter, **arguments: Any) -> None:
        if not gutter.can_stage:
            raise EspalierError(say("this file is published as a whole"))
        run(view, gutter, **arguments)

    return command


# -- going to changes, and looking at them ------------------------------------------------------------------------


@_on_kept
def next_change(view: Any, gutter: Gutter) -> None:
    """Go to the next change, from the end on to the beginning."""
    going.step(gutter, 1)


@_on_kept
def previous_change(view: Any, gutter: Gutter) -> None:
    """Go to the previous change."""
    going.step(gutter, -1)


@_on_kept
def show_change(view: Any, gutter: Gutter) -> None:
    """Show what stood in the place of the change at the caret; once more closes it."""
    if gutter.peek.rows:
        gutter.peek.close()
    else:
        going.peek(gutter)


# -- staging, taking back, committing -----------------------------------------------------------------------------


@_staging
def stage_change(view: Any, gutter: Gutter) -> None:
    """Take the change at the caret, or those of the selection, into the next commit."""
    staging.stage_chosen(gutter)


@_staging
def unstage_change(view: Any, gutter: Gutter) -> None:
    """Take the staged change at the caret, or those of the selection, out of the next commit."""
    staging.unstage_chosen(gutter)


@_staging
def stage_lines(view: Any, gutter: Gutter) -> None:
    """Take the line of the caret alone, or the selected lines, into the next commit."""
    staging.stage_chosen(gutter, going.chosen_lines)


@_staging
def unstage_lines(view: Any, gutter: Gutter) -> None:
    """Take the line of the caret alone, or the selected lines, out of the next commit."""
    staging.unstage_chosen(gutter, going.chosen_lines)


@_staging
def stage_file(view: Any, gutter: Gutter) -> None:
    """Take all of the text into the next commit; a file that is new is kept from then on."""
    staging.stage_whole(gutter)


@_staging
def unstage_file(view: Any, gutter: Gutter) -> None:
    """Take all of the file out of the next commit."""
    staging.unstage_whole(gutter)


@_on_kept
def take_back(view: Any, gutter: Gutter) -> None:
    """Make the lines of the change at the caret, or of those of the selection, what they were; can be undone."""
    staging.take_back_chosen(gutter)


@_staging
def commit(view: Any, gutter: Gutter, message: str) -> None:
    """Commit what is staged, of all files."""
    staging.commit_staged(gutter, message, is_amending=False)


@_staging
def amend(view: Any, gutter: Gutter, message: str = "") -> None:
    """Put what is staged into the last commit; without a message its own stays."""
    staging.commit_staged(gutter, message, is_amending=True)


# -- who and when -------------------------------------------------------------------------------------------------


@_on_kept
def blame_line(view: Any, gutter: Gutter) -> None:
    """Say who wrote the line of the caret; Return then goes to that version."""
    code = gutter.code
    line = code.line_of(code.caret)

    def take(version: Version | None) -> None:
        enter = partial(go_to_version, view, version.id) if version is not None else None
        gutter.peek.show({line: (line_text(version), PEEK["note"])}, enter, stays=False)

    _blame(gutter, line, take)


@_on_kept
def toggle_blame(view: Any, gutter: Gutter) -> None:
    """Show in the margin who wrote each line, or hide it."""
    gutter.blame.toggle()


@_on_kept
def go_to_commit(view: Any, gutter: Gutter) -> None:
    """Go to the version that the line of the caret came with."""

    def take(version: Version | None) -> None:
        if version is None:
            gutter.pane.say(say("Not committed yet"))
        else:
            go_to_version(view, version.id)

    _blame(gutter, gutter.code.line_of(gutter.code.caret), take)


def _blame(gutter: Gutter, line: int, then: Callable[[Version | None], Any]) -> None:
    def take(answer: Any) -> None:
        if isinstance(answer, Exception):
            gutter.pane.say(str(answer))
        else:
            then(answer[line] if line < len(answer) else None)

    if reason := gutter.refusal():
        raise EspalierError(say("Not compared: {reason}", reason=reason))
    gutter.do(partial(blamed, gutter.now()), take)


@_on_kept
def history(view: Any, gutter: Gutter) -> None:
    """List the versions of the file."""
    show_history(view)
