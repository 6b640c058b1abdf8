"""What differs between two node trees: a list of changes that turns one into the other, nodes kept where they can be.

Children are paired by their ids, then by kind in order (the longest common subsequence), then what is left by what
it has in common, so that a change touches only what changed. ``apply(difference(a, b), a)`` equals ``b``.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from layouts.node import Node, PropertyValue

#: Children of one node up to which pairs are looked for in all orders; beyond, in step from both ends.
_MOST_COMPARED = 400
#: The weight of two nodes that share a property, or all.
_IN_COMMON = 4


class Put(msgspec.Struct, frozen=True, tag="put"):
    """A new node as the child ``at`` of the node at ``path``."""

    path: tuple[int, ...]
    at: int
    node: Node


class Drop(msgspec.Struct, frozen=True, tag="drop"):
    """The child ``at`` of the node at ``path`` goes."""

    path: tuple[int, ...]
    at: int


class Move(msgspec.Struct, frozen=True, tag="move"):
    """The child ``before`` goes to the place ``after``, counted without it."""

    path: tuple[int, ...]
    before: int
    after: int


class Change(msgspec.Struct, frozen=True, tag="change"):
    """Properties of the node at ``path``: new values, and names that go."""

    path: tuple[int, ...]
    values: dict[str, PropertyValue] = {}
    gone: tuple[str, ...] = ()


class Replace(msgspec.Struct, frozen=True, tag="replace"):
    """Another node in the place of the outermost one."""

    node: Node


Difference = list[Put | Drop | Move | Change | Replace]


def difference(old: Node, new: Node) -> Difference:
    """The changes from ``old`` to ``new``, to be applied in their order; places in files are no difference."""
    if not is_alike(old, new):
        return [Replace(new)]
    changes: Difference = []
    _compare(old, new, (), changes)
    return changes


def apply(changes: Sequence[Put | Drop | Move | Change | Replace], tree: Node) -> Node:
    """The tree after the changes; ``tree`` itself stays as it is."""
    tree = _copied(tree)
    for change in changes:
        if isinstance(change, Replace):
            tree = _copied(change.node)
            continue
        node = tree
        for index in change.path:
            node = node.children[index]
        if isinstance(change, Put):
            node.children.insert(change.at, _copied(change.node))
        elif isinstance(change, Drop):
            del node.children[change.at]
        elif isinstance(change, Move):
            node.children.insert(change.after, node.children.pop(change.before))
        else:
            kept = {name: value for name, value in node.properties.items() if name not in change.gone}
            node.properties = {**kept, **change.values}
    return tree


def is_alike(old: Node, new: Node) -> bool:
    """Whether one can become the other: the same kind under the same id."""
    return (old.kind, old.id) == (new.kind, new.id)


def is_same(old: Node, new: Node) -> bool:
    """Whether two trees are equal, wherever in their files they stand."""
    if old is new:
        return True
    return (
        (old.kind, old.id, old.properties) == (new.kind, new.id, new.properties)
        and len(old.children) == len(new.children)
        and all(map(is_same, old.children, new.children))
    )


def steps(old: Sequence[Node], new: Sequence[Node]) -> list[tuple[str, int, int]]:
    """What makes the children ``new`` of ``old``: ("drop", at, 0), ("move", before, after), ("put", at, index in new).

    They are to be done in their order; after them each child of ``new`` stands at its index, as a pair of
    :func:`is_alike` nodes or put there.
    """
    if len(old) == len(new) and all(map(_is_obvious, old, new)):
        return []
    partners = _pairs(old, new)
    taken = set(partners.values())
    found = [("drop", at, 0) for at in reversed(range(len(old))) if at not in taken]
    present = [at for at in range(len(old)) if at in taken]
    for index in range(len(new)):
        partner = partners.get(index)
        if partner is None:
            found.append(("put", index, index))
            present.insert(index, -1)
            continue
        before = present.index(partner, index)
        if before != index:
            found.append(("move", before, index))
            present.insert(index, present.pop(before))
    return found


def _compare(old: Node, new: Node, path: tuple[int, ...], changes: Difference) -> None:
    values = {name: value for name, value in new.properties.items() if not _has(old, name, value)}
    gone = tuple(name for name in old.properties if name not in new.properties)
    if values or gone:
        changes.append(Change(path, values, gone))
    children = list(old.children)
    for step, at, other in steps(old.children, new.children):
        if step == "drop":
            changes.append(Drop(path, at))
            del children[at]
        elif step == "move":
            changes.append(Move(path, at, other))
            children.insert(other, children.pop(at))
        else:
            changes.append(Put(path, at, new.children[other]))
            children.insert(at, new.children[other])
    for index, (one, other_node) in enumerate(zip(children, new.children, strict=True)):
        if one is not other_node:
            _compare(one, other_node, (*path, index), changes)


def _has(node: Node, name: str, value: PropertyValue) -> bool:
    return name in node.properties and type(node.properties[name]) is type(value) and node.properties[name] == value


def _is_obvious(old: Node, new: Node) -> bool:
    """Whether a node becomes the one in its place, without a look at the others: they are the same in something."""
    if not is_alike(old, new):
        return False
    is_plain = old.id or old.properties == new.properties or not (old.children and new.children)
    return bool(is_plain) or any(_has(old, name, value) for name, value in new.properties.items())


def _pairs(old: Sequence[Node], new: Sequence[Node]) -> dict[int, int]:
    """Index in ``new`` → index in ``old`` of the node that becomes it."""
    by_id = {(node.kind, node.id): at for at, node in enumerate(old) if node.id}
    pairs = {at: by_id[node.kind, node.id] for at, node in enumerate(new) if (node.kind, node.id) in by_id}
    rest_old = [at for at, node in enumerate(old) if not node.id]
    rest_new = [at for at, node in enumerate(new) if not node.id]
    while rest_old and rest_new and is_same(old[rest_old[0]], new[rest_new[0]]):
        pairs[rest_new.pop(0)] = rest_old.pop(0)
    while rest_old and rest_new and is_same(old[rest_old[-1]], new[rest_new[-1]]):
        pairs[rest_new.pop()] = rest_old.pop()
    if max(len(rest_old), len(rest_new)) <= _MOST_COMPARED:
        pairs.update(_longest(old, rest_old, new, rest_new))
        pairs.update(_moved(old, set(rest_old) - set(pairs.values()), new, set(rest_new) - pairs.keys()))
    else:
        alike = zip(rest_new, rest_old, strict=False)
        pairs.update({one: other for one, other in alike if is_alike(old[other], new[one])})
    return pairs


def _longest(old: Sequence[Node], rest_old: list[int], new: Sequence[Node], rest_new: list[int]) -> dict[int, int]:
    """The pairs in order with the most weight: equal trees weigh more than those of one kind."""
    weights = [[_weight(old[one], new[other]) for other in rest_new] for one in rest_old]
    best = [[0] * (len(rest_new) + 1) for _ in range(len(rest_old) + 1)]
    for row in reversed(range(len(rest_old))):
        for column in reversed(range(len(rest_new))):
            weight = weights[row][column]
            paired = weight + best[row + 1][column + 1] if weight else 0
            best[row][column] = max(paired, best[row + 1][column], best[row][column + 1])
    pairs, row, column = {}, 0, 0
    while row < len(rest_old) and column < len(rest_new):
        weight = weights[row][column]
        if weight and best[row][column] == weight + best[row + 1][column + 1]:
            pairs[rest_new[column]] = rest_old[row]
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            row += 1
        else:
            column += 1
    return pairs


def _moved(old: Sequence[Node], rest_old: set[int], new: Sequence[Node], rest_new: set[int]) -> dict[int, int]:
    """Pairs of what is left, out of order, by what they have in common beyond their kind."""
    found = ((_weight(old[one], new[other]), -one, -other) for one in rest_old for other in rest_new)
    pairs: dict[int, int] = {}
    for _, one, other in sorted((each for each in found if each[0] >= _IN_COMMON), reverse=True):
        if -one in rest_old and -other in rest_new:
            rest_old.discard(-one)
            rest_new.discard(-other)
            pairs[-other] = -one
    return pairs


def _weight(old: Node, new: Node) -> int:
    if not is_alike(old, new):
        return 0
    same = sum(_has(old, name, value) for name, value in new.properties.items())
    return 2 + 2 * same + (len(old.children) == len(new.children)) + 8 * is_same(old, new)


def _copied(node: Node) -> Node:
    return Node(node.kind, node.id, dict(node.properties), [_copied(child) for child in node.children], node.where)
