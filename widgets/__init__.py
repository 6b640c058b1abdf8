"""Widget kinds: each a view or an editor of a table, or a container. Imports kernel and layouts."""

from widgets.override import guard_overrides

guard_overrides()
