"""Kinds that are no widgets but decide which widgets there are, and what names mean among them."""

from __future__ import annotations

from layouts.kinds.kind import Kind, Property

STRUCTURES: tuple[Kind, ...] = (
    Kind(
        "if",
        "Its widgets are there while an expression holds; those of an else that follows it, while it does not.",
        (Property("condition", "expression", "The expression.", argument=1, is_required=True),),
        children=("*", "else"),
        loader="widgets.structure.choice:If",
        is_structure=True,
        example='if "orders_view.current == null" { message "Choose an order" }\nelse { form of=orders_view.current }',
    ),
    Kind(
        "else",
        "What is there while the condition of the if before it does not hold, or no case of a match fits.",
        (),
        children=("*",),
        parents=("if", "match"),
    ),
    Kind(
        "fallback",
        "Within a widget that older programs may not know: what they show in its place. Without one they say what is "
        "missing; where the widget is known this is not there.",
        (),
        children=("*",),
        example='cards orders id=shown { fallback { list orders id=shown } }',
    ),
    Kind(
        "match",
        "The widgets of the first case that has the value of an expression, or those of its else.",
        (Property("value", "expression", "The expression.", argument=1, is_required=True),),
        children=("case", "else"),
        loader="widgets.structure.choice:Match",
        is_structure=True,
        example='match "orders_view.current.status" {\n'
        '    case open new { button "Ship" command=order.ship }\n'
        '    else { label "Nothing to do" }\n}',
    ),
    Kind(
        "case",
        "The widgets for one value, or for several.",
        (Property("values", "any", "The values.", argument=-1, is_required=True),),
        children=("*",),
        parents=("match",),
    ),
    Kind(
        "repeat",
        "Its widgets once for each row of a table; those of a row that stays are kept, wherever it moves to. "
        "For some hundred rows at most: for more there are grid, list and cards.",
        (
            Property("table", "table", "The table.", argument=1, is_required=True),
            Property("as", "name", "What expressions call the row.", default="row"),
            Property("filter", "filter", "Only rows for which this is true."),
            Property("sort", "sort", "Their order; the table's when left out."),
            Property("limit", "whole", "The most rows; without it a line below says when there are more.", default=100),
        ),
        children=("*",),
        loader="widgets.structure.repeat:Repeat",
        is_structure=True,
        example='repeat orders as=order limit=5 { label "{order.customer.name}: {order.total}" }',
    ),
    Kind(
        "state",
        "A value of the window's own, which expressions read and inputs write; in a component or a repeat each use "
        "has one to itself.",
        (
            Property("id", "name", "What expressions call it.", argument=1, is_required=True),
            Property("value", "any", "Its value at first.", argument=2),
            Property("remembered", "boolean", "Whether it is kept per person.", False),
        ),
        loader="widgets.structure.state:State",
        is_structure=True,
        example="state details #false",
    ),
)
