"""Showing a newer version of an app: read and built whole first, swapped in then; else the old one stays."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from kernel.error import EspalierError
from kernel.words import mark, say
from shell.focus import has_edits

if TYPE_CHECKING:
    from layouts.node import Layout
    from shell.window import Window


#: What is said where edits are not written.
_ASKED = mark("Some edits are not written yet; write them or take them back, then reload ({key})")
_CAME = mark("A newer version is ready; write your edits or take them back, then reload ({key})")


def reload_window(
    window: Window, *, is_release: bool = False, is_quiet: bool = False, changed: Container[str] | None = None
) -> bool:
    """Read the app's layout again and show it; on an error the last good widgets stay and the error is told.

    Widgets that are the same in both stay the same ones, with the focus, cursor, scroll and edits that they have.

    Args:
        window: Shows the app.
        is_release: Whether a newer release came, rather than that a person asked.
        is_quiet: Whether to say nothing when all went well.
        changed: The files that are others, where that is known.

    Returns:
        Whether it is shown.
    """
    from shell.live.patching import UnwrittenError

    before = window.shown_version
    ask = window.session.before_reload
    if not is_quiet and ask is not None and not ask():
        return False
    try:
        layout = window.session.load_layout(is_kept=changed is None)  # one that is worked on is soon another
        show_newer(window, layout, changed)
    except UnwrittenError:
        text = _CAME if is_release else _ASKED
        window.messages.report("info", say(text, key=window.registry.key("app.reload")))
        return False
    except EspalierError as error:
        _tell(window, error, is_release=is_release)
        return False
    window.session.layout = layout
    window.cards.note_newer_layout()
    if not is_quiet:
        window.messages.report("success", _sentence(window.shown_version, before, is_release))
        if is_release and window.session.scripts_wait:
            window.messages.report("info", window.session.scripts_wait)
    return True


def show_newer(window: Window, layout: Layout, changed: Container[str] | None = None) -> None:
    """Patch a newer layout into the window, or build it anew where it cannot be patched in.

    Raises:
        UnwrittenError: a widget that would go holds edits; nothing was changed.
        EspalierError: it cannot be built; what was shown stays.
    """
    from shell.live.focus_return import FocusReturn
    from shell.live.patching import UnwrittenError, changed_files, patch_window

    now = getattr(window.app, "manifest", None)
    files, sources = changed_files(window.shown_manifest, now) if changed is None else (changed, set())
    focus = FocusReturn(window)
    if patch_window(window, layout, files, sources):
        window.shown_manifest = now
        focus.come_back()
        return
    if has_edits(window):
        raise UnwrittenError
    window.show_layout(layout)
    focus.come_back()


def _sentence(version: str, before: str, is_release: bool) -> str:
    if version and version != before:
        return say("Updated to version {version}", version=version)
    return say("Updated to what was published last") if is_release else say("The app was read again")


def _tell(window: Window, error: EspalierError, *, is_release: bool) -> None:
    """Say what is wrong: to who uses the app in a message, to who works on it with every line."""
    problems = list(getattr(error, "problems", None) or [error])
    title = say("The newer version cannot be shown; this is the last good one")
    if not window.layout_tree.windows:
        window.show_problem(say("This app cannot be shown"), problems)
    elif is_release:
        detail = "\n".join(f"{getattr(one, 'where', '')} {getattr(one, 'message', one)}".strip() for one in problems)
        window.messages.report("error", title, detail)
    else:
        window.cards.show_problems(title, problems)
