"""The pivot: figures of a table by row keys and column keys."""

from widgets.pivot.pivot import Pivot

__all__ = ["Pivot"]
