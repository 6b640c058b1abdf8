"""The commands of changes and versions: each gets the editor that it acts on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import Any

from plugins.api import EspalierError, FileVersions, Hunk, Version, merged_hunks, reversed_hunk, say
from plugins.scintilla.gutter.blame import blamed, line_text
from plugins.scintilla.gutter.gutter import Gutter
from plugins.scintilla.gutter.text import Shown, first_line, touching
from plugins.scintilla.gutter.version import go_to_version, show_history
from plugins.scintilla.look import PEEK

#: Lines of a change's old text that are shown at most.
MOST = 60


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
    _step(gutter, 1)


@_on_kept
def previous_change(view: Any, gutter: Gutter) -> None:
    """Go to the previous change."""
    _step(gutter, -1)


def _step(gutter: Gutter, step: int) -> None:
    code, places = gutter.code, _places(gutter)
    if not places:
        gutter.pane.status.note.setText(_why_none(gutter))
        return
    line, is_peeking = code.line_of(code.caret), bool(gutter.peek.rows)
    if step > 0:
        index = next((at for at, place in enumerate(places) if place > line), 0)
    else:
        index = next((at for at in reversed(range(len(places))) if places[at] < line), len(places) - 1)
    code.go_to_line(places[index])
    if is_peeking:
        _peek(gutter)
    said = say("Change {place} of {count}", place=index + 1, count=len(places))
    code.host.view.setAccessibleDescription(said)
    gutter.pane.say(said)


def _places(gutter: Gutter) -> list[int]:
    found = gutter.found
    every = (*found.hunks, *found.staged) if found is not None else ()
    return sorted({first_line(hunk, gutter.code.line_count) for hunk in every})


def _why_none(gutter: Gutter) -> str:
    found = gutter.found
    if found is None:
        return say("It is not compared yet")
    if found.reason:
        return say("Not compared: {reason}", reason=found.reason)
    return say("The file is not kept yet") if found.state == "new" else say("Nothing is changed")


@_on_kept
def show_change(view: Any, gutter: Gutter) -> None:
    """Show what stood in the place of the change at the caret; once more closes it."""
    if gutter.peek.rows:
        gutter.peek.close()
    else:
        _peek(gutter)


def _peek(gutter: Gutter) -> None:
    hunk, is_staged = _at_caret(gutter)
    found, shown = gutter.found, gutter.shown
    assert found is not None and shown is not None
    kept = found.committed if is_staged else found.old
    text = shown.lines(kept, hunk.old_start, hunk.old_stop).decode("utf-8", "replace")
    lines = [f"− {line}" for line in text.splitlines()]
    if len(lines) > MOST:
        lines[MOST:] = [say("… {count} lines more", count=len(lines) - MOST)]
    style = PEEK["before"] if lines else PEEK["note"]
    said = "\n".join(lines) if lines else say("These lines are new")
    gutter.peek.show({_line_above(hunk): (said, style)})
    gutter.pane.say(say("staged") if is_staged else say("Before: {against}", against=found.against))


def _line_above(hunk: Hunk) -> int:
    """Below which line the old text stands: above the new one, at the beginning of the text below it."""
    return hunk.new_start - 1 if hunk.new_start else max(hunk.new_stop - 1, 0)


def _at_caret(gutter: Gutter) -> tuple[Hunk, bool]:
    """The change that the caret is in, and whether it is staged."""
    for some, is_staged in ((_chosen(gutter, "hunks"), False), (_chosen(gutter, "staged"), True)):
        if some:
            return some[0], is_staged
    raise EspalierError(say("there is no change here"), hint=_why_none(gutter) if not _places(gutter) else "")


def _chosen(gutter: Gutter, which: str) -> list[Hunk]:
    """The changes that the selection touches, or the caret stands in."""
    found, code = gutter.found, gutter.code
    if found is None:
        return []
    first, last = map(code.line_of, code.selection)
    if last > first and code.selection[1] == code.line_start(last):
        last -= 1
    return touching(getattr(found, which), first, last, code.line_count)


# -- staging, taking back -----------------------------------------------------------------------------------------


@_staging
def stage_change(view: Any, gutter: Gutter) -> None:
    """Take the change at the caret, or those of the selection, into the next commit."""
    hunks = _chosen(gutter, "hunks")
    if not hunks:
        _refuse(gutter, say("there is no change here that is not staged"))
    _write(gutter, partial(_stage, _shown(gutter), hunks), say("Staged"))


@_staging
def unstage_change(view: Any, gutter: Gutter) -> None:
    """Take the staged change at the caret, or those of the selection, out of the next commit."""
    hunks = _chosen(gutter, "staged")
    if not hunks:
        _refuse(gutter, say("nothing here is staged"))
    _write(gutter, partial(_unstage, _shown(gutter), hunks), say("Taken out of the next commit"))


@_staging
def stage_file(view: Any, gutter: Gutter) -> None:
    """Take all of the text into the next commit; a file that is new is kept from then on."""
    _write(gutter, partial(_stage_file, gutter.now()), say("Staged"))


@_staging
def unstage_file(view: Any, gutter: Gutter) -> None:
    """Take all of the file out of the next commit."""
    _write(gutter, lambda versions: versions.unstage_file(), say("Taken out of the next commit"))


@_on_kept
def take_back(view: Any, gutter: Gutter) -> None:
    """Make the lines of the change at the caret, or of those of the selection, what they were; can be undone."""
    code, found = gutter.code, gutter.found
    if code.is_read_only:
        raise EspalierError(say("this text is read-only"))
    hunks, shown = _chosen(gutter, "hunks"), _shown(gutter)
    if not hunks:
        staged = _chosen(gutter, "staged")
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
    raise EspalierError(text, hint="" if _places(gutter) else _why_none(gutter))


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


# -- committing ---------------------------------------------------------------------------------------------------


@_staging
def commit(view: Any, gutter: Gutter, message: str) -> None:
    """Commit what is staged, of all files."""
    _commit(gutter, message, is_amending=False)


@_staging
def amend(view: Any, gutter: Gutter, message: str = "") -> None:
    """Put what is staged into the last commit; without a message its own stays."""
    _commit(gutter, message, is_amending=True)


def _commit(gutter: Gutter, message: str, *, is_amending: bool) -> None:
    def take(answer: Any) -> None:
        report = gutter.pane.context.reporter.report
        if isinstance(answer, Exception):
            report("error", str(answer))
        else:
            report("success", say("Committed as {id}", id=answer[:7]))
        gutter.look()

    gutter.do(lambda versions: versions.commit(message, is_amending=is_amending), take)


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
