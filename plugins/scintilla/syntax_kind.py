"""Which nodes of a syntax tree are functions, classes, arguments and so on: a row a language. No Qt here."""

from __future__ import annotations

from typing import NamedTuple


class Grammar(NamedTuple):
    """What is known of a language's tree.

    Attributes:
        module: The package with its grammar.
        function, class_, block, entry, comment: Types of nodes.
        lists: Types of nodes whose children are arguments or elements.
        bodies: Types of nodes that are the inside of the one that they stand in.
    """

    module: str
    function: tuple[str, ...] = ()
    class_: tuple[str, ...] = ()
    block: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    comment: tuple[str, ...] = ("comment",)


GRAMMARS: dict[str, Grammar] = {
    "python": Grammar(
        "tree_sitter_python",
        ("function_definition", "lambda"), ("class_definition",), ("block",), ("pair", "keyword_argument"),
        ("argument_list", "parameters", "lambda_parameters", "list", "tuple", "set", "dictionary"), ("block",),
    ),
    "javascript": Grammar(
        "tree_sitter_javascript",
        ("function_declaration", "function_expression", "arrow_function", "method_definition",
         "generator_function_declaration", "generator_function"),
        ("class_declaration", "class"), ("statement_block", "class_body"), ("pair",),
        ("arguments", "formal_parameters", "array", "object"), ("statement_block", "class_body"),
    ),
    "json": Grammar("tree_sitter_json", block=("object", "array"), entry=("pair",), lists=("array", "object")),
    "toml": Grammar(
        "tree_sitter_toml", class_=("table", "table_array_element"), entry=("pair",), lists=("array", "inline_table")
    ),
    "html": Grammar("tree_sitter_html", class_=("element",), block=("element",), entry=("attribute",)),
    "css": Grammar(
        "tree_sitter_css", class_=("rule_set", "media_statement"), block=("block",), entry=("declaration",),
        lists=("arguments",), bodies=("block",),
    ),
    "layout": Grammar(
        "tree_sitter_kdl", class_=("node",), block=("node_children",), entry=("prop",),
        bodies=("node_children",), comment=("single_line_comment", "multi_line_comment"),
    ),
}  # fmt: skip
