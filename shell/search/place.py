"""Which files are searched: those of the app that is open, or of a folder of this machine; going to a place in one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kernel.words import say
from shell.palette.offer.files import files_of
from shell.search.edited import edited_texts
from shell.search.gathering import Given, SearchError, paths_below, read_mapped

if TYPE_CHECKING:
    from shell.search.hit import Hit
    from shell.window import Window


class _Asking:
    """Who lists the files of a release: asks now and then whether to go on."""

    def __init__(self, check: Callable[[], object]) -> None:
        self.check = check


class Place:
    """The files of one search.

    Args:
        window: Whose app they are of.
        folder: A folder of this machine; empty = the app.

    Attributes:
        folder: Where they lie; None for an app that came from a server.

    Raises:
        SearchError: there is no such folder.
    """

    def __init__(self, window: Window, folder: str = "") -> None:
        self._window, self.is_app = window, not folder
        own = Path(folder).expanduser().absolute() if folder else getattr(window.app, "folder", None)
        if folder and (own is None or not own.is_dir()):
            raise SearchError(say("there is no folder {path}", path=folder))
        self.folder: Path | None = Path(own) if own is not None else None

    @property
    def title(self) -> str:
        """What is searched."""
        app = self._window.app.info
        return app.title or app.name if self.is_app else str(self.folder)

    def given(self) -> Given:
        """What the thread looks through; asked when it begins."""
        folder, app = self.folder, self._window.app
        if folder is not None:
            edited = edited_texts(self._window, folder)
            return Given(lambda check: paths_below(folder, check), lambda path: read_mapped(folder / path), edited)
        return Given(lambda check: files_of(app.tree(), _Asking(check)), app.read_file, {})

    def path_of(self, path: str) -> Path:
        """Where a file lies; only for those in a folder."""
        assert self.folder is not None
        return self.folder / path

    def go(self, path: str, hit: Hit) -> Any:
        """Show a place in an editor: beside the app where that can be, else over its page; answers the editor.

        Raises:
            EspalierError: what is typed there cannot be written, or no plugin brings an editor.
        """
        from shell.live.authoring import authoring_of, can_author

        window = self._window
        named = path if self.is_app else str(self.path_of(path))
        if can_author(window):
            beside = authoring_of(window)
            beside.open(named)
            editor = beside.editor
        else:
            editor = _over(window, named)
        start, stop = hit.start, hit.stop
        if not _stands_there(editor, hit):
            editor.go_to_line(hit.line)
        else:
            editor.select_part(start, stop)
        return editor


def _over(window: Window, path: str) -> Any:
    """The editor of a file over the page; one that was opened before for another file goes."""
    from shell.over import PageOver, edit_file

    for page in window.findChildren(PageOver):
        if page.name.startswith("file ") and page.name != f"file {path}" and not page.isHidden():
            page.close_over()
    return edit_file(window, path)


def _stands_there(editor: Any, hit: Hit) -> bool:
    """Whether what was found stands in the editor where it was found."""
    text = editor.text_of_file()[hit.start : hit.stop].decode("utf-8", "replace")
    return bool(text) and text[:20].isprintable() and text.startswith(hit.found[:20].rstrip("…"))


def folder_needed(place: Place) -> None:
    """Refuse to change what nobody may change here.

    Raises:
        SearchError: the files came from a server.
    """
    if place.folder is None:
        hint = say("only an app in a folder of yours can be changed")
        raise SearchError(say("the files of this app come from a server"), hint=hint)
