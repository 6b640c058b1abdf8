"""Differences of node trees: applied to the one they give the other, and leave alone what is the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from layouts.difference import Change, apply, difference, is_same
from layouts.node import Formula, Node

values = st.one_of(
    st.none(), st.booleans(), st.integers(0, 2), st.sampled_from(["a", "b"]), st.just(Formula("x", ("x",)))
)
properties = st.dictionaries(st.sampled_from(["text", "tip", "width"]), values, max_size=3)
kinds = st.sampled_from(["row", "label", "grid"])


def unique_ids(node: Node, seen: set[str] | None = None) -> Node:
    """The tree with each id once."""
    seen = set() if seen is None else seen
    node.id = "" if node.id in seen else node.id
    seen.add(node.id)
    for child in node.children:
        unique_ids(child, seen)
    return node


def node(children: st.SearchStrategy[list[Node]]) -> st.SearchStrategy[Node]:
    return st.builds(Node, kinds, st.sampled_from(["", "", "", "one", "two", "three"]), properties, children)


trees = st.recursive(node(st.just([])), lambda inner: node(st.lists(inner, max_size=5)), max_leaves=20).map(unique_ids)


@given(trees, trees)
def test_a_difference_applied_gives_the_other(one: Node, other: Node) -> None:
    assert is_same(apply(difference(one, other), one), other)


@given(trees)
def test_there_is_no_difference_to_itself(tree: Node) -> None:
    assert difference(tree, apply([], tree)) == []


@given(trees, st.data())
def test_one_property_is_one_change(tree: Node, data: st.DataObject) -> None:
    other = apply([], tree)
    found = other
    path: tuple[int, ...] = ()
    while found.children and data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(found.children) - 1))
        found, path = found.children[at], (*path, at)
    if len({(child.kind, child.id) for child in found.children}) == len(found.children):
        found.properties = {**found.properties, "text": "another"}
        changes = difference(tree, other)
        assert all(isinstance(change, Change) for change in changes)
