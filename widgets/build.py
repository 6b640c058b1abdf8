"""The builder: node tree → widgets. Passes: construct all, bind properties, give accessible names.

What fails becomes a card in its place, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QSplitter, QWidget
from shiboken6 import isValid

from kernel.error import EspalierError
from kernel.tables.schema import title_of
from kernel.words import say
from layouts.kinds.kind import Kind
from layouts.kinds.table import BUILT_IN
from layouts.node import Layout, Node
from widgets import recipe as recipes
from widgets.beside import join, parted
from widgets.context import Context
from widgets.properties import let_go, set_all
from widgets.recipe import Recipe, load_class, recipe_of

#: Properties that give an accessible name, in this order, where the layout says none.
NAMING = ("name", "text", "title", "label", "placeholder", "description", "table", "column")


class BuildError(EspalierError):
    """A node cannot become a widget."""


def build_window(
    layout: Layout,
    context: Context,
    kinds: Mapping[str, Kind] = BUILT_IN,
    index: int = 0,
    parent: QWidget | None = None,
) -> QWidget:
    """The widget of a layout's window, built whole; ``context.build`` works afterwards.

    Args:
        kinds: The kind table, with the plugins' kinds in it.
        index: Which of the layout's windows.
        parent: The widget to build it in; a later move between parents would dress every widget again.
    """
    builder = Builder(context, kinds)
    if index >= len(layout.windows):
        error = BuildError("the layout has no window", hint='write: window { label "Hello" }')
        return builder.card(Node("window"), error, parent)
    if layout.styles:
        from widgets.dress import take_styles

        take_styles(layout.styles, context)
    return builder.build(layout.windows[index], parent)


class _Run:
    """One construction under way, with all that it nests: what is built and not yet bound."""

    def __init__(self) -> None:
        self.depth = 0
        self.pending: list[tuple[QWidget, Node, Recipe, Context]] = []


class Builder:
    """Builds nodes for one window; nested calls come from containers, one activation ends the outermost.

    Args:
        context: The surroundings of what it builds; it puts itself there.
        kinds: The kind table.
        run: Shared by the builders of one window.
    """

    def __init__(self, context: Context, kinds: Mapping[str, Kind] = BUILT_IN, run: _Run | None = None) -> None:
        self.context = context
        self.kinds = kinds
        self._run = run or _Run()
        context.build, context.discard = self.build, self.discard
        context.structure_kind, context.structure = self._structure_kind, load_class
        context.adopt, context.kind = self._adopt, lambda node: self.kinds.get(node.kind)
        context.name_again = self._name_again
        if run is None:
            context.disposers.add(self._let_go_of_all)
            changed = context.theme.changed
            connection = changed.connect(self._dress_all)
            context.disposers.add(lambda: changed.disconnect(connection))

    def build(self, node: Node, parent: QWidget | None) -> QWidget:
        """The widget of ``node``, or the card that says why there is none; never raises.

        A structure (an ``if``) is built in a column of its own, for containers that know no structures.
        """
        run = self._run
        run.depth += 1
        try:
            widget = self._construct(node, parent)
        finally:
            run.depth -= 1
        if run.depth == 0:
            self._activate()
        return widget

    def discard(self, *widgets: QWidget) -> None:
        """Delete widgets that were built, with all inside them; what they track is let go at once."""
        context = self.context
        inside = [one for widget in widgets for one in widget.findChildren(QWidget) if "node" in one.__dict__]
        for one in (*widgets, *inside):
            _let_go(one)
            name = one.node.id if "node" in one.__dict__ else ""
            if name and context.widgets.get(name) is one:
                del context.widgets[name]
                context.views.pop(name, None)
                context.scope.forget(name)
        doomed = {id(one) for one in (*widgets, *inside)}
        context.built[:] = [one for one in context.built if id(one) not in doomed]
        for widget in widgets:
            widget.hide()
            widget.deleteLater()

    def _adopt(self, inner: Context) -> None:
        Builder(inner, self.kinds, self._run)

    def _name_again(self, widget: QWidget) -> None:
        _give_name(widget, widget.node, recipe_of(self.kinds[widget.node.kind]))

    def _let_go_of_all(self) -> None:
        for widget in self.context.built:
            if widget is not None and isValid(widget):
                _let_go(widget)

    def _dress_all(self) -> None:
        """Colours or fonts are others: whatever cannot follow them by the style sheet looks again."""
        for widget in list(self.context.built):
            if widget is not None and isValid(widget) and (dress := getattr(widget, "dress", None)) is not None:
                dress()

    def _structure_kind(self, node: Node) -> Kind | None:
        kind = self.kinds.get(node.kind)
        return kind if kind is not None and kind.is_structure else None

    def card(self, node: Node, error: Exception, parent: QWidget | None) -> QWidget:
        """A card that names the node's place and the error; the error is reported as well."""
        from widgets.card import ErrorCard

        where = str(node.where)
        kind = self.kinds.get(node.kind)
        if kind is not None:
            error = recipes.blamed(kind.loader, error)
        message = str(error) or type(error).__name__
        if not isinstance(error, EspalierError):
            message = f"{type(error).__name__}: {message} ({_code_place(error)})"
        import traceback

        detail = "".join(traceback.format_exception(error))
        said = say("{kind} cannot be shown: {reason}", kind=node.kind, reason=message)
        if not getattr(error, "is_told", False):
            self.context.reporter.report("error", said, detail)
        title = getattr(error, "title", "") or say("“{kind}” cannot be shown", kind=node.kind)
        return ErrorCard(title, message, where, self.context, parent, detail if error.__cause__ is not None else "",
                         getattr(error, "offer", None))

    def _construct(self, node: Node, parent: QWidget | None) -> QWidget:
        kind = self.kinds.get(node.kind)
        if kind is not None and kind.is_structure:
            node = Node("column", "", {}, [node], node.where)
            kind = self.kinds.get("column")
        context, pending = self.context, self._run.pending
        started = len(pending)
        built = context.built
        place = len(built)
        built.append(None)
        try:
            if kind is None or not kind.loader:
                raise self._unknown(node)
            recipe = recipe_of(kind)
            inside, beside = parted(node)
            widget = recipe.make(inside, context, parent)
            if beside:
                join(widget, beside, kind, self.context)
        except Exception as error:  # A plugin's or an app's fault must not take the window with it.
            del pending[started:]
            return self.card(node, error, parent)
        #: What the window's commands and the widget dump know a widget by.
        own = widget.__dict__  # setting an attribute of a Qt object takes longer
        own["node"], own["node_context"] = node, context
        built[place] = widget
        if node.id:
            context.widgets[node.id] = widget
            widget.setObjectName(node.id)
        pending.append((widget, node, recipe, context))
        return widget

    def _unknown(self, node: Node) -> BuildError:
        from kernel.nearest import did_you_mean

        return BuildError(f"there is no widget kind {node.kind!r}", hint=did_you_mean(node.kind, self.kinds))

    def _activate(self) -> None:
        pending, self._run.pending = self._run.pending, []
        for widget, node, recipe, context in pending:
            if not node.properties:
                continue
            try:
                set_all(widget, node, recipe, context)
            except Exception as error:  # As in _construct.
                _replace(widget, self.card(node, error, widget.parentWidget()))
        for widget, node, recipe, _ in pending:
            if recipe.needs_name:
                _give_name(widget, node, recipe)
        if self.context.root.dresser is not None:
            self.context.root.dresser.dress([widget for widget, *_ in pending])


def _let_go(widget: QWidget) -> None:
    let_go(widget)
    region = widget.__dict__.get("region")
    if region is not None:
        region.let_go()


def _give_name(widget: QWidget, node: Node, recipe: Recipe) -> None:
    """Every widget that a person can meet by a screen reader has a name."""
    if not recipe.needs_name or widget.accessibleName():
        return
    for name in NAMING:
        value = node.get(name)
        if isinstance(value, str) and value:
            widget.setAccessibleName(value if name in ("name", "text", "title") else title_of(value))
            return
    widget.setAccessibleName(title_of(node.id or recipe.kind.name))


def _replace(widget: QWidget, card: QWidget) -> None:
    parent = widget.parentWidget()
    if isinstance(parent, QSplitter):
        parent.replaceWidget(parent.indexOf(widget), card)
    elif parent is not None and parent.layout() is not None:
        parent.layout().replaceWidget(widget, card)
    widget.hide()
    widget.deleteLater()


def _code_place(error: Exception) -> str:
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "no place known"
