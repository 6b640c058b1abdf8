"""A newer layout in a window that runs: only what differs is touched, so that focus, cursor, scroll and edits stay."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, Any

from layouts.node import CommandDeclaration, Layout, Node
from shell.family import shown_in
from shell.focus import has_edits, kind_of
from widgets.patch import Stale, lost_widgets, patch_widget
from widgets.window import WindowBody

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from shell.window import Window
    from widgets.region import Region


class Every:
    """Holds every name; for when it is not known which are others."""

    def __contains__(self, name: object) -> bool:
        return True


class UnwrittenError(Exception):
    """A widget with edits that are not written would go."""


def patch_window(window: Window, layout: Layout, files: Container[str], sources: set[str]) -> bool:
    """Make the window the one of a newer layout of its app.

    Args:
        window: Shows an earlier one.
        layout: The newer one.
        files: Files of the app that are others now.
        sources: Names of its sources that are others now.

    Returns:
        False when it has to be built anew: it shows no widgets now, or something that cannot be changed in them.

    Raises:
        UnwrittenError: a widget that would go holds edits; nothing was changed.
    """
    if "zoomed" in window.cards.made:
        from shell.zoom import end

        end(window)
    body, context, tables = window.body, window.context, window.tables
    at = min(window.index, max(len(layout.windows) - 1, 0))
    if not isinstance(body, WindowBody) or context is None or tables is None or not layout.windows:
        return False
    node = layout.windows[at]
    if not isinstance(body.__dict__.get("node"), type(node)) or not body.can_patch_children(node):
        return False
    commands = changed_commands(window.layout_tree.commands, layout.commands)
    if isinstance(files, set):
        files = files - set(layout.files)  # what they say is in the tree
    stale = Stale(_stale_tables(window, layout, sources), commands, files, set())
    others = list(shown_in(window, layout))
    if any(_loses_edits(one, one_node, stale) for one, one_node in [(window, node), *others]):
        raise UnwrittenError
    tables.adopt(layout, sources)
    window.take_commands(layout)
    if layout.styles or context.dresser is not None:
        from widgets.dress import take_styles

        take_styles(layout.styles, context)
    with window.scope.together():
        is_done = patch_widget(body, node, context, stale)
        for other, other_node in others if is_done else ():
            _patch_other(other, other_node, layout, stale)
        while is_done and stale.ids:
            ids = set(stale.ids)
            stale.ids.clear()
            for one in (window, *window.others):
                if isinstance(one.body, WindowBody):
                    rebuild_followers(one.body.region, Stale(set(), set(), set(), ids), stale)
    if context.aggregates is not None:
        context.aggregates.rebase(stale.tables)
    tables.drop()
    return is_done


def _patch_other(other: Window, node: Node | None, layout: Layout, stale: Stale) -> None:
    """Do the same in a window beside it; one that the layout has no more is closed."""
    if node is None:
        other.close()
        return
    other.index = layout.windows.index(node)
    other.take_commands(layout)
    context = other.context
    if layout.styles or (context is not None and context.dresser is not None):
        from widgets.dress import take_styles

        take_styles(layout.styles, context)
    if not isinstance(other.body, WindowBody) or not patch_widget(other.body, node, context, stale):
        other.show_layout(layout)


def _loses_edits(window: Window, node: Node | None, stale: Stale) -> bool:
    """Whether a widget with edits would go."""
    body = window.body
    if not has_edits(window):
        return False
    if node is None or not isinstance(body, WindowBody):
        return True
    return any(map(_holds_edits, lost_widgets(body.region, body.region_nodes(node), stale)))


def changed_files(before: Any, after: Any) -> tuple[Container[str], set[str]]:
    """The files and the sources that two releases do not share; ``before`` and ``after`` are manifests, or None."""
    if before is None or after is None:
        return Every(), set()
    return _different(before.files, after.files), _different(before.sources, after.sources)


def _different(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def changed_commands(before: list[CommandDeclaration], after: list[CommandDeclaration]) -> set[str]:
    """The ids of commands that say another title or icon, came or went."""
    old = {command.id: (command.title, command.icon) for command in before}
    new = {command.id: (command.title, command.icon) for command in after}
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def rebuild_followers(region: Region, followed: Stale, rebuilt: Stale) -> None:
    """Build anew what follows a widget that was built anew: the form of a grid."""
    for at, part in enumerate(region.parts):
        kind = region.context.kind(part.node)
        if kind is not None and part.widget is not None and followed.hits(part.node, kind):
            if part.node.id:
                rebuilt.ids.add(part.node.id)
            region.replace(at, part.node)
            continue
        if part.structure is not None:
            inner = part.structure.inner_region()
        else:
            inner = part.region if part.widget is None else part.widget.__dict__.get("region")
        if inner is not None:
            rebuild_followers(inner, followed, rebuilt)


def _stale_tables(window: Window, layout: Layout, sources: set[str]) -> set[str]:
    from layouts.source_name import split_source

    wanted = {table.name: table.source for table in layout.tables}
    known = window.app.info.sources
    return {
        table.name
        for table in window.layout_tree.tables
        if wanted.get(table.name) != table.source or split_source(table.source, known)[0] in sources
    }


def _holds_edits(widget: QWidget) -> bool:
    from PySide6.QtWidgets import QWidget as AnyWidget

    from shell.focus import ROW_KINDS

    found = (one for one in (widget, *widget.findChildren(AnyWidget)) if kind_of(one) in ROW_KINDS)
    return any(view.has_edits() for view in found if hasattr(view, "has_edits"))
