"""Keymaps: titled tables of key → command, laid over each other: user over app over plugin over built-in.

A layer is read whole or not at all; what is wrong with it is an error with its place, and clashes between
bindings are values that name both. Looking a sequence up answers none, partial or exact.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kernel.error import EspalierError, Where
from shell.key import Keys, KeyTextError, parse_keys

#: Layers from the weakest to the strongest.
LAYERS: tuple[str, ...] = ("built-in", "plugin", "app", "user")


class KeymapError(EspalierError):
    """A keymap file that cannot be used; names file, line and column."""


class Binding(NamedTuple):
    """One key sequence of one layer; ``command`` is an id with its arguments, empty = the key is freed.

    With a ``view`` it is in force while a view of that kind has the focus.
    """

    keys: Keys
    command: str
    group: str = ""
    layer: str = "built-in"
    where: Where = Where()
    view: str = ""

    def __str__(self) -> str:
        place = str(self.where) or self.layer
        return f"{' '.join(map(str, self.keys))} = {self.command} ({place})"


class Clash(NamedTuple):
    """Two bindings of which one can never be used; ``kind`` is ``same`` or ``prefix``."""

    kind: str
    winner: Binding
    loser: Binding

    def __str__(self) -> str:
        reason = "is bound twice" if self.kind == "same" else "can never be typed: a shorter one comes first"
        return f"{self.loser} {reason}; {self.winner} wins"


class Match(NamedTuple):
    """The answer of a look-up: the binding when exact, and whether longer sequences begin so."""

    binding: Binding | None
    is_partial: bool


class Keymap:
    """Bindings of all layers, resolved.

    Args:
        bindings: Of any layers, in any order; of equal layers the later one wins and the clash is reported.
    """

    def __init__(self, bindings: Iterable[Binding] = ()) -> None:
        everywhere: list[Binding] = []
        by_view: dict[str, list[Binding]] = {}
        for binding in bindings:
            (by_view.setdefault(binding.view, []) if binding.view else everywhere).append(binding)
        self._resolve(everywhere)
        #: Kind of view → everything in force within it, which is what counts everywhere and the keys of that view.
        self._within = {view: Keymap() for view in by_view}
        for view, inner in self._within.items():
            inner._resolve([*everywhere, *by_view[view]])
            self.clashes += [clash for clash in inner.clashes if clash.winner.view or clash.loser.view]

    def _resolve(self, bindings: Iterable[Binding]) -> None:
        self.clashes: list[Clash] = []
        self._bindings: dict[Keys, Binding] = {}
        for binding in sorted(bindings, key=_strength):
            before = self._bindings.get(binding.keys)
            if before and _strength(before) == _strength(binding) and before.command != binding.command:
                self.clashes.append(Clash("same", binding, before))
            self._bindings[binding.keys] = binding
        self._bindings = {keys: one for keys, one in self._bindings.items() if one.command}
        self._prefixes: set[Keys] = set()
        self._shadow()

    def _shadow(self) -> None:
        """Collect the prefixes; of a sequence and its prefix the stronger layer stays, the shorter one if equal."""
        for keys, binding in list(self._bindings.items()):
            for length in range(1, len(keys)):
                shorter = self._bindings.get(keys[:length])
                if shorter is None:
                    continue
                is_stronger = _strength(binding) > _strength(shorter)
                winner, loser = (binding, shorter) if is_stronger else (shorter, binding)
                self.clashes.append(Clash("prefix", winner, loser))
                self._bindings.pop(loser.keys, None)
        for keys in self._bindings:
            self._prefixes.update(keys[:length] for length in range(1, len(keys)))

    def __iter__(self):
        yield from self._bindings.values()
        for inner in self._within.values():
            yield from (binding for binding in inner._bindings.values() if binding.view)

    @property
    def views(self) -> frozenset[str]:
        """The kinds of views that have keys of their own."""
        return frozenset(self._within)

    def look_up(self, keys: Keys, views: Iterable[str] = ()) -> Match:
        """What the sequence typed so far means.

        Args:
            keys: The sequence.
            views: The kinds of views that have the focus, the innermost first.
        """
        for view in views:
            inner = self._within.get(view)
            match = inner.look_up(keys) if inner is not None else Match(None, False)
            if match.is_partial or (match.binding is not None and match.binding.view):
                return match
        return Match(self._bindings.get(keys), keys in self._prefixes)

    def continuations(self, prefix: Keys, views: Iterable[str] = ()) -> list[Binding]:
        """The bindings that begin with the prefix, in the order of their keys; views as in :meth:`look_up`."""
        length = len(prefix)
        bindings = dict(self._bindings)
        for view in reversed(list(views)):
            bindings |= self._within[view]._bindings if view in self._within else {}
        found = [one for keys, one in bindings.items() if keys[:length] == prefix and len(keys) > length]
        return sorted(found, key=lambda one: tuple(map(str, one.keys)))

    def keys_of(self, command: str) -> Keys | None:
        """The keys of a command: the strongest layer's, then the shortest."""
        found = [one for one in self if one.command == command]
        found.sort(key=lambda one: (-LAYERS.index(one.layer), len(one.keys)))
        return found[0].keys if found else None


def _strength(binding: Binding) -> tuple[int, bool]:
    """Of two bindings the stronger one wins: the stronger layer's, then the one of a view."""
    return LAYERS.index(binding.layer), bool(binding.view)


def read_keymap(text: str, layer: str, file: str = "") -> list[Binding]:
    """The bindings of one keymap file: ``[group]`` tables with a ``title`` and ``"key" = "command"`` lines.

    A table with ``view = "grid"`` holds keys that count while a view of that kind has the focus.

    Raises:
        KeymapError: no TOML, a key that names nothing, a value that is no text; the first one found.
    """
    import tomllib

    from kernel.config.locator import locate, syntax_message, syntax_where

    try:
        groups = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KeymapError(syntax_message(error), where=syntax_where(file, text, error)) from error
    places = locate(text)
    bindings: list[Binding] = []
    for name, group in groups.items():
        if not isinstance(group, dict):
            hint = 'keys stand in a table: [my-keys] and below it "Ctrl+J" = "row.add"'
            raise KeymapError(f"“{name}” stands in no table", where=places.where(file, (name,)), hint=hint)
        title, view = str(group.get("title", name)), str(group.get("view", ""))
        for key in group:
            if key not in ("title", "view"):
                bindings.append(_binding(key, group[key], title, layer, places.where(file, (name, key)), view))
    return bindings


def _binding(key: str, command: object, group: str, layer: str, where: Where, view: str) -> Binding:
    if not isinstance(command, str):
        hint = 'write it like "row.add"; "" frees the key'
        raise KeymapError(f"the command of {key} is no text", where=where, hint=hint)
    try:
        return Binding(parse_keys(key), command.strip(), group, layer, where, view)
    except KeyTextError as error:
        raise KeymapError(error.message, where=where, hint=error.hint) from error
