"""The kind ``tree``: a grid whose rows stand below the rows that they belong to."""

from __future__ import annotations

from kernel.tables.schema import title_of
from kernel.words import say
from widgets.grid.grid import Grid


class Tree(Grid):
    """A grid in all but how it begins; where the layout names no reference it takes the table's own to itself."""

    #: What commands take it for.
    acts_as = "grid"

    @property
    def wanted_tree(self) -> str:
        """The reference that the layout names, else the table's to itself."""
        from widgets.grid.group_action import own_reference

        return str(self.node.get("by") or "") or own_reference(self.handle.schema)

    def _take_schema(self) -> None:
        schema = self.handle.schema
        if schema is not None and not self.wanted_tree:
            title = schema.title or title_of(schema.name)
            hint = say("Its rows are shown as a list; a tree needs a column that holds the key of another row")
            self.context.reporter.report("warning", say("{title} has no reference to itself", title=title), hint)
        super()._take_schema()
