"""Where the palette's items come from: commands, this window's pages and views, other windows, apps."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kernel.tables.schema import title_of
from kernel.words import say
from shell.focus import views
from shell.opening import recent_files
from shell.palette.contract import Asked, Provider, nothing, titled
from shell.palette.item import Item
from shell.palette.plugin import plugin_providers

if TYPE_CHECKING:
    from shell.window import Window
    from widgets.tab import Tab


def providers(window: Window) -> list[Provider]:
    """The providers of a window, in the order of their sections; made anew each time the palette opens."""
    here = [
        Provider(name, title, lambda _asked, answer=answer: answer(window), prefix, doc)
        for name, title, answer, prefix, doc in _here()
    ]
    return [*here, *_asked(window), *plugin_providers(window)]


def _here() -> tuple[tuple[str, str, Callable[[Window], Iterable[Item]], str, str], ...]:
    """Name, title, what answers the items at once, prefix and what the prefix shows."""
    return (
        ("commands", say("Commands"), _commands, ">", say("commands")),
        ("pages", say("Pages"), _pages, "/", say("pages, docks, views and windows")),
        ("docks", say("Docks"), _docks, "/", ""),
        ("views", say("Views"), _views, "/", ""),
        ("windows", say("Windows"), _windows, "/", ""),
        ("apps", say("Apps"), _apps, "~", say("apps and databases")),
        ("recent", say("Databases"), _recent, "~", ""),
    )


def _asked(window: Window) -> list[Provider]:
    """Those whose items are looked for when something is typed."""
    from shell.palette.offer import files, line, options, rows, symbols, tables

    quiet: dict[str, Any] = {"is_first": False}
    return [
        Provider("tables", say("Tables"), nothing, "=", say("all tables"), "once", begin=partial(tables.begin, window),
                 bonus=-1, **quiet),
        Provider("options", say("Settings"), lambda _asked: options.options(window), ",", say("settings"), bonus=-4,
                 **quiet),
        Provider("files", say("Files"), nothing, "%", say("files of the app"), "once",
                 begin=partial(files.begin, window), bonus=-2, **quiet),
        Provider("symbols", say("Symbols"), nothing, "@", say("what layout and scripts name"), "once",
                 begin=partial(symbols.begin, window), bonus=-3, **quiet),
        Provider("rows", say("Rows"), nothing, "#", say("rows of all tables"), "live",
                 begin=partial(rows.begin, window), **quiet),
        Provider("recent rows", say("Rows"), lambda _asked: rows.recent_rows(window), "#", **quiet),
        Provider("line", say("Line"), partial(line.line, window), ":",
                 say("a line to go to, or a command with its arguments"), "typed", is_general=False, **quiet),
    ]  # fmt: skip


def quick_items(window: Window) -> list[Item]:
    """The items that are there at once, without those that are asked for on threads."""
    found = (provider for provider in providers(window) if provider.way == "here")
    return [one for provider in found for one in titled(provider, provider.gather(Asked()))]


def _commands(window: Window) -> Iterator[Item]:
    registry = window.registry
    app_section = window.app.info.title
    for command in sorted(registry, key=lambda one: one.section != app_section):
        if command.is_listed:
            yield Item(
                command.id,
                registry.fill(command.title),
                lambda command=command: registry.run(command.id),
                command.section or say("Commands"),
                command.icon,
                registry.key(command.id),
                command.doc,
                registry.reason(command.id),
            )


def _pages(window: Window) -> Iterator[Item]:
    """The pages of all tabs in sight; those within another page have its title before theirs."""
    shown = views(window, ("tabs",))
    for tabs in shown:
        outer = [_page_title(one) for one in shown if one is not tabs and one.isAncestorOf(tabs)]
        for tab in tabs.tabs():
            if tab.title and tab.is_wanted and tab.is_usable:
                whole = " › ".join([*filter(None, outer), tab.title])
                yield Item(f"page {whole}", whole, lambda tab=tab: _go(tab), say("Pages"), tab.icon or "view")


def _page_title(tabs: QWidget) -> str:
    """The title of the page that is shown."""
    return tabs.tabs()[tabs.current()].title if tabs.current() >= 0 else ""


def _go(tab: Tab) -> None:
    tabs = tab.home
    tabs.set_current(tabs.tabs().index(tab))
    tabs.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _docks(window: Window) -> Iterator[Item]:
    if not window.scope.read("active.docks"):
        return
    from shell.action.dock import all_docks

    for docks in all_docks(window):
        for dock in docks.docks():
            yield Item(f"dock {dock.key}", dock.windowTitle(), lambda docks=docks, dock=dock: docks.show_dock(dock),
                       say("Docks"), dock.node.get("icon") or "layout")  # fmt: skip


def _views(window: Window) -> Iterator[Item]:
    for view in views(window, ("grid",)):
        table = view.node.get("table", "")
        title = view.accessibleName() or title_of(table)
        yield Item(
            f"view {table}", say("Go to {title}", title=title), lambda view=view: _focus(view), say("Views"), "table"
        )


def _focus(view: QWidget) -> None:
    view.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _windows(window: Window) -> Iterator[Item]:
    for index, other in enumerate(window.desk.windows):
        if other is not window:
            yield Item(
                f"window {index}",
                say("Window: {title}", title=other.windowTitle()),
                lambda other=other: raise_window(other),
                say("Windows"),
                "window",
            )


def raise_window(window: QWidget) -> None:
    """Bring a window to the front, also when it was made small."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()


def _apps(window: Window) -> Iterator[Item]:
    for target, title, icon, doc in app_targets(window):
        yield Item(f"app {target}", title, lambda target=target: _open(window, target), say("Apps"), icon, doc=doc)


def app_targets(window: Window) -> Iterator[tuple[str, str, str, str]]:
    """What opens each app, its title, icon and sentence, of those that the caches of the known servers list.

    Nothing is asked over the network.
    """
    servers = getattr(window.session, "servers", None)
    for server in servers.names() if servers else ():
        for app in servers.delivery(server).cached_apps() or ():
            yield f"{app.name}@{server}", app.title or app.name, app.icon or "app", app.doc


def _recent(window: Window) -> Iterator[Item]:
    for path in recent_files(window.desk):
        yield Item(f"file {path}", os.path.basename(path), lambda path=path: _open(window, path), say("Databases"),
                   "database", doc=path)  # fmt: skip


def _open(window: Window, target: str) -> None:
    window.registry.run("app.open", name=target)
