"""Commands for windows and apps."""

from __future__ import annotations

from typing import Annotated, Any

from kernel.error import EspalierError
from kernel.words import say
from shell.opening import open_file as open_database
from shell.opening import open_target


def open_palette(window: Any, text: str = "") -> None:
    """Open the palette; ``text`` is typed already, a prefix for instance."""
    window.cards.palette().open_with(text)


def open_menu(window: Any) -> None:
    """Open the menu below its button."""
    window.bar.menu.click()


def open_home(window: Any) -> None:
    """Show the window with all apps."""
    open_target(window, "home")


def open_app(window: Any, name: Annotated[str, "app"]) -> None:
    """Open an app by its name."""
    open_target(window, name)


def stop_update(window: Any) -> None:
    """Give up fetching a newer version of the window's app.

    Raises:
        OpenError: none is being fetched.
    """
    behind = getattr(window.app, "behind", None)
    if behind is None or behind.progress is None:
        from shell.app import OpenError

        raise OpenError(say("no newer version is being fetched"))
    behind.stop()


def open_file(window: Any) -> None:
    """Ask for a SQLite file and open it as an app."""
    from widgets import file_dialog

    kinds = "Databases (*.sqlite *.sqlite3 *.db *.db3);;All files (*)"
    directory = window.state.recall("file.directory", "")
    name = file_dialog.name_to_open(window, say("Open a database"), directory, kinds)
    if name:
        import os.path

        window.remembering.remember("file.directory", os.path.dirname(name))
        open_database(window, name)


def add_server(window: Any) -> None:
    """Ask for an invitation or an address of a server, and add it."""
    if "server" not in window.cards.made:
        from shell.server_card import ServerCard

        window.cards.made["server"] = ServerCard(window)
    window.cards.made["server"].open_with()


def reload(window: Any) -> None:
    """Read the app again, and ask its server for a newer version."""
    if (take_offer := getattr(window.app, "take_offer", None)) is not None:
        take_offer()
    window.app.refresh()
    window.reload()


def new_window(window: Any) -> None:
    """Open the app once more."""
    from shell.spare import keep_spare
    from shell.window import open_window

    open_window(window.session)
    keep_spare(window.desk, window.session)


def open_of_layout(window: Any, index: int) -> None:
    """Open one of the layout's windows, from 0; one that is open comes to the front."""
    from shell.family import open_window_of
    from shell.palette.provider import raise_window

    raise_window(open_window_of(window, index))


def open_named(window: Any, name: str) -> None:
    """Open one of the layout's windows by its id; one that is open comes to the front."""
    from shell.family import open_named
    from shell.palette.provider import raise_window

    raise_window(open_named(window, name))


def close(window: Any) -> None:
    """Close the window."""
    window.close()


def leave(window: Any) -> None:
    """Close all windows; one that refuses stays."""
    for other in list(window.desk.windows):
        if not other.is_closing:  # with its main window, for instance
            other.close()


def open_current(window: Any) -> None:
    """Open the app of the home window's current row; while the list looks for what was just typed, once it has."""
    window.context.widgets["apps_view"].rows.go_after(lambda: _open_current(window))


def _open_current(window: Any) -> None:
    if address := window.scope.read("apps_view.current.address"):
        window.registry.run("app.open", name=str(address))
    else:
        window.messages.report("info", say("no app is chosen"))


def next_tab(window: Any, step: int) -> None:
    """Show the next page of the tabs that the focus is in, or the one before with -1."""
    _tabs(window).turn(step)


def turn_tab_out(window: Any) -> None:
    """Take the page that the focus is in out into a window of its own, or back."""
    found = _tabs(window)
    found.turn_out(found.current())


def close_tab(window: Any) -> None:
    """Close the page that the focus is in; what is typed there stays."""
    if not _tabs(window).close_current():
        raise EspalierError(say("the only tab stays"))


def reopen_tab(window: Any) -> None:
    """Open the page again that was closed last."""
    from shell.focus import views

    found = _tabs(window)
    if not found.reopen() and not any(one.reopen() for one in views(window, ("tabs",)) if one is not found):
        raise EspalierError(say("no tab was closed"))


def move_tab(window: Any, step: int) -> None:
    """Put the page that the focus is in one place on among its tabs, or back with -1."""
    _tabs(window).move_current(step)


def _tabs(window: Any) -> Any:
    """The tabs that the focus is in, else the first ones in sight."""
    from PySide6.QtWidgets import QApplication

    from shell.focus import views
    from widgets.tabs import Tabs

    here = QApplication.focusWidget()
    while here is not None and not isinstance(here, Tabs):
        here = here.parentWidget()
    found = here if here is not None else next(iter(views(window, ("tabs",))), None)
    if not isinstance(found, Tabs):
        raise EspalierError(say("there are no tabs here"))
    return found
