"""One table's page of a scaffold: search, grid, form, and the rows of other tables that belong to a row."""

from __future__ import annotations

from typing import NamedTuple

from kernel.tables.schema import Column, Reference, Schema, title_of
from layouts.dump import quoted, word
from layouts.scaffold_name import Names, in_expression, slug_of
from layouts.source_name import join_source, split_source

#: What the app calls its only source.
SOURCE = "main"
#: Columns that a grid shows at first; the others stand slash-dashed behind them.
SHOWN = 12
#: The same for grids inside a page.
SHOWN_INSIDE = 8
#: Hidden columns written out; with more of them a comment says how to add one.
HIDDEN = 24
#: Columns that a search looks into.
SEARCHED = 8
#: How deep rows of rows of rows go.
LEVELS = 2
#: Pages of belonging rows at each level.
MOST_DETAILS = 12
_INDENT = "    "


class Detail(NamedTuple):
    """Rows of ``schema`` that belong to a row by ``reference``."""

    schema: Schema
    reference: Reference


class Plan(NamedTuple):
    """What all pages share.

    Attributes:
        schemas: Table → schema.
        declared: Table → what the layout calls it.
        names: Gives ids.
        keeps_order: Whether columns stand as in the source, as people know them from a file.
    """

    schemas: dict[str, Schema]
    declared: dict[str, str]
    names: Names
    keeps_order: bool = False

    def details(self, table: str) -> list[Detail]:
        """Everything that refers to the table, in the source's order; references that cannot be followed left out."""
        return [
            Detail(schema, reference)
            for schema in self.schemas.values()
            for reference in schema.references
            if reference.table == table and reference.via and len(reference.via) == len(reference.columns)
        ][:MOST_DETAILS]


def table_title(schema: Schema) -> str:
    """The heading of a table; one that is never empty."""
    return (schema.title or title_of(schema.name)).strip() or schema.name or "Table"


def literal(text: str) -> str:
    """A text property's value that is exactly this text."""
    return quoted(text.replace("{", "{{").replace("}", "}}"))


def comment(text: str) -> str:
    """A text that may stand in a comment: one line of printable characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def page(schema: Schema, plan: Plan, component: str) -> str:
    """The text of the table's file: its declaration and the component that shows it."""
    declared = plan.declared[schema.name]
    title = table_title(schema)
    view, search = plan.names.give(f"{declared}_view"), plan.names.give(f"{declared}_search")
    details = plan.details(schema.name) if schema.key else []
    lines = [f"// {comment(title)}: its table, and the page that shows it."]
    lines += [f"table {declared} source={quoted(_source(schema))}", "", f"component {component} {{"]
    main = _main(schema, plan, view, search)
    if details:
        inner = [*main, *_details(details, plan, view, declared, (schema.name,))]
        lines += _indent(_block('split direction=column sizes="3,2"', inner))
    else:
        lines += _indent(main)
    return "\n".join([*lines, "}"]) + "\n"


def _source(schema: Schema) -> str:
    """How the layout names the table: by its name alone, unless that would be read as a source and a table."""
    is_clear = split_source(schema.name, (SOURCE,)) == ("", schema.name)
    return schema.name if is_clear else join_source(SOURCE, schema.name)


def _main(schema: Schema, plan: Plan, view: str, search: str) -> list[str]:
    """Search and grid, and the form beside them when rows have a key to be found by."""
    declared = plan.declared[schema.name]
    condition = _condition(schema, plan, search)
    head = _count(declared, view)
    if condition:
        # Below the search, for beside it there is no room in a narrow window.
        head.insert(0, f"search id={search} placeholder={literal('Search ' + table_title(schema))}")
    filter = [f"filter={quoted(condition)}"] if condition else []
    grid = [*head, *_grid(schema, plan, view, filter, (), SHOWN)]
    grid = _block("column gap=tight", grid)
    if not schema.key:
        return grid
    return _block('split sizes="3,2"', [*grid, *_form(schema, plan, view)])


def _count(declared: str, view: str) -> list[str]:
    """How many rows there are: "3 of 3,503 rows" where the grid shows fewer than the table has."""
    total = f"{declared}.count"
    is_part = f"{view}.is_count_exact and {view}.count < {total}"
    some = f"{{{view}.count_text if {is_part} else ''}}{{' of ' if {is_part} else ''}}"
    words = f"{some}{{{total}}} {{'row' if {total} == 1 else 'rows'}}"
    return [f"label {quoted(words)} style=caption tone=muted"]


def _condition(schema: Schema, plan: Plan, search: str) -> str:
    """An expression that is true for rows in which the searched text stands; empty without a text to look into."""
    paths = [
        column.name
        for column in schema.columns
        if column.name and column.type in ("text", "longtext") and not _lookup(schema, column, plan)
    ]
    paths += [f"{reference.name}:label" for reference in schema.references if _has_label(reference, schema, plan)]
    return " or ".join(f"{in_expression(path)} contains {search}.text" for path in paths[:SEARCHED])


def _has_label(reference: Reference, schema: Schema, plan: Plan) -> bool:
    """Whether the referenced rows are called by something, and the path means just that."""
    if not reference.name or {".", ":"} & set(reference.name):
        return False
    target = plan.schemas.get(reference.table)
    return bool(target and target.label and schema.column(f"{reference.name}:label") is None)


def _lookup(schema: Schema, column: Column, plan: Plan) -> Reference | None:
    """The reference that the column alone is, when its table is there."""
    for reference in schema.references:
        if reference.via == (column.name,) and reference.table in plan.schemas:
            return reference
    return None


def _grid(
    schema: Schema, plan: Plan, view: str, properties: list[str], without: tuple[str, ...], most: int
) -> list[str]:
    """A grid with its columns: the key, what rows are called by, the rest; long texts last, files not at all."""
    ranked = [column for column in schema.columns if column.name not in ("", *without) and column.type != "blob"]
    if not plan.keeps_order:
        ranked.sort(key=lambda one: (one.name not in schema.key, one.name not in schema.label, one.type == "longtext"))
    lines = [*_nameless(schema), *(_show(schema, column, plan) for column in ranked[:most])]
    hidden = ranked[most:]
    if 0 < len(hidden) <= HIDDEN:
        lines += ["// Take the /- away to show more:", *("/-" + _show(schema, column, plan) for column in hidden)]
    elif hidden:
        lines.append(f"// The table has {len(hidden)} more columns; write show and a column's name to add one.")
    if not schema.is_editable:
        properties = [*properties, "editable=#false"]
    return _block(" ".join(["grid", plan.declared[schema.name], f"id={view}", *properties]), lines)


def _nameless(schema: Schema) -> list[str]:
    """The comment about a column whose name is empty; a layout cannot name it."""
    return ["// The column without a name is left out."] if schema.column("") is not None else []


def _show(schema: Schema, column: Column, plan: Plan) -> str:
    parts = ["show", word(column.name)]
    if _lookup(schema, column, plan):
        parts.append(f"label={literal(_heading(column))}")
    return " ".join(parts)


def _heading(column: Column) -> str:
    return (column.label or title_of(column.name)).strip() or column.name


def _form(schema: Schema, plan: Plan, view: str) -> list[str]:
    """A form with a field for each column."""
    fields = _nameless(schema)
    for column in schema.columns:
        if not column.name:
            continue
        parts = ["field", word(column.name)]
        if _lookup(schema, column, plan):
            parts.append(f"label={literal(_heading(column))}")
        if column.type == "longtext":
            parts.append("lines=4")
        if column.is_generated:
            parts.append("editable=#false")
        fields.append(" ".join(parts))
    head = f"form of={view}.current" + ("" if schema.is_editable else " editable=#false")
    return _block(head, fields)


def _details(details: list[Detail], plan: Plan, view: str, prefix: str, path: tuple[str, ...]) -> list[str]:
    """Tabs with the rows of other tables that belong to the view's current row."""
    titles = [_detail_title(detail, details, path[-1]) for detail in details]
    lines: list[str] = []
    for detail, title in zip(details, titles, strict=True):
        schema, reference = detail
        inner = plan.names.give(f"{prefix}_{slug_of(plan.declared[schema.name])}")
        belongs = f"filter={quoted(_belongs(schema, reference, view))}"
        grid = _grid(schema, plan, inner, [belongs], reference.via, SHOWN_INSIDE)
        further = [found for found in plan.details(schema.name) if found.schema.name not in (*path, schema.name)]
        if schema.key and further and len(path) < LEVELS:
            below = _details(further, plan, inner, inner, (*path, schema.name))
            grid = _block('split sizes="1,1"', [*grid, *below])
        lines += _block(f"tab {literal(title)}", grid)
    return _block("tabs", lines)


def _belongs(schema: Schema, reference: Reference, view: str) -> str:
    """An expression that is true for the rows that refer to the view's current row."""
    pairs = list(zip(reference.via, reference.columns, strict=True))
    tests = [f"{in_expression(own)} == {in_expression(other, view)}" for own, other in pairs]
    # Without a current row the right side is null, and null == null would find the rows that refer to nothing.
    columns = [schema.column(own) for own in reference.via]
    tests += [f"{in_expression(one.name)} != null" for one in columns if one is not None and not one.is_required]
    return " and ".join(tests)


def _detail_title(detail: Detail, details: list[Detail], table: str) -> str:
    """The table's title; with the reference's when the table refers here more than once, or to itself."""
    title = table_title(detail.schema)
    via = title_of(detail.reference.name or detail.reference.via[0])
    if detail.schema.name == table:
        return f"{via} → {title}"
    is_alone = sum(1 for other in details if other.schema.name == detail.schema.name) == 1
    return title if is_alone else f"{title} ({via})"


def _block(head: str, lines: list[str]) -> list[str]:
    return [f"{head} {{", *_indent(lines), "}"] if lines else [head]


def _indent(lines: list[str]) -> list[str]:
    return [_INDENT + line if line else line for line in lines]
