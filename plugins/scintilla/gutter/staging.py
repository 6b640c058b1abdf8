"""Hunks taken into the next commit, taken out, taken back; commits. The keeper does it on its thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from plugins.api import EspalierError, FileVersions, Hunk, merged_hunks, reversed_hunk, say
from plugins.scintilla.gutter.going import chosen, places, why_none
from plugins.scintilla.gutter.gutter import Gutter
from plugins.scintilla.gutter.text import Shown

#: Which changes of a comparison are meant.
Choice = Callable[[Gutter, str], list[Hunk]]


def stage_chosen(gutter: Gutter, choose: Choice = chosen) -> None:
    """Stage the change at the caret, or those of the selection; or its lines alone, as they are chosen."""
    hunks = choose(gutter, "hunks")
    if not hunks:
        _refuse(gutter, say("there is no change here that is not staged"))
    _write(gutter, partial(_stage, _shown(gutter), hunks), say("Staged"))


def unstage_chosen(gutter: Gutter, choose: Choice = chosen) -> None:
    """Take the staged change at the caret, or those of the selection, out again; or its lines alone."""
    hunks = choose(gutter, "staged")
    if not hunks:
        _refuse(gutter, say("nothing here is staged"))
    _write(gutter, partial(_unstage, _shown(gutter), hunks), say("Taken out of the next commit"))


def stage_whole(gutter: Gutter) -> None:
    """Stage all of the text.

    Raises:
        EspalierError: what is shown is not what would stand in the file.
    """
    if reason := gutter.refusal():
        raise EspalierError(say("it cannot be staged: {reason}", reason=reason))
    _write(gutter, partial(_stage_file, gutter.now()), say("Staged"))


def unstage_whole(gutter: Gutter) -> None:
    """Take all of the file out of the next commit."""
    _write(gutter, lambda versions: versions.unstage_file(), say("Taken out of the next commit"))


def take_back_chosen(gutter: Gutter) -> None:
    """Make the lines of the change at the caret, or of those of the selection, what they were."""
    code, found = gutter.code, gutter.found
    if code.is_read_only:
        raise EspalierError(say("this text is read-only"))
    hunks, shown = chosen(gutter, "hunks"), _shown(gutter)
    if not hunks:
        staged = chosen(gutter, "staged")
        _refuse(gutter, say("it is staged; take it out first") if staged else say("there is no change here"))
    assert found is not None
    kept = shown.lines(found.old, 0)
    gutter.peek.close()
    code.take(merged_hunks(shown.text, kept, [reversed_hunk(hunk) for hunk in hunks]))
    code.go_to_line(min(hunks[0].new_start, code.line_count - 1))
    gutter.look()


def _shown(gutter: Gutter) -> Shown:
    """The text as it is, which is the one that was compared.

    Raises:
        EspalierError: it was edited since.
    """
    shown = gutter.now()
    if gutter.shown is None or gutter.found is None or shown != gutter.shown:
        gutter.look()
        raise EspalierError(say("the text is just being compared; try again"))
    return shown


def _refuse(gutter: Gutter, text: str) -> None:
    raise EspalierError(text, hint="" if places(gutter) else why_none(gutter))


def _write(gutter: Gutter, work: Callable[[FileVersions], Any], said: str) -> None:
    """Have the keeper do it, tell that it is done, and compare anew."""

    def take(answer: Any) -> None:
        if isinstance(answer, Exception):
            gutter.pane.context.reporter.report("error", str(answer))
        else:
            gutter.pane.say(said)
        gutter.look()

    gutter.peek.close()
    gutter.do(work, take)


def _stage(shown: Shown, hunks: Sequence[Hunk], versions: FileVersions) -> None:
    versions.stage(shown.data(), hunks)


def _unstage(shown: Shown, hunks: Sequence[Hunk], versions: FileVersions) -> None:
    versions.unstage(shown.data(), hunks)


def _stage_file(shown: Shown, versions: FileVersions) -> None:
    versions.stage_file(shown.data())


def commit_staged(gutter: Gutter, message: str, *, is_amending: bool) -> None:
    """Commit what is staged, of all files; or put it into the last commit."""

    def take(answer: Any) -> None:
        report = gutter.pane.context.reporter.report
        if isinstance(answer, Exception):
            report("error", str(answer))
        else:
            report("success", say("Committed as {id}", id=answer[:7]))
        gutter.look()

    gutter.do(lambda versions: versions.commit(message, is_amending=is_amending), take)
