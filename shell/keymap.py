"""Keymaps: titled tables of key → command, laid over each other: user over app over plugin over built-in.

A layer is read whole or not at all; what is wrong with it is an error with its place, and clashes between
bindings are values that name both. Looking a sequence up answers none, partial or exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kernel.error import EspalierError, Where
from shell.key import Keys, KeyTextError, parse_keys

#: The mode in which letters are keys.
NORMAL = "normal"
#: Layers from the weakest to the strongest.
LAYERS: tuple[str, ...] = ("built-in", "plugin", "app", "user")


_UNTYPED = "can never be typed: a shorter one comes first"
#: Of so many keys that one key hides the report names each.
_MOST_HIDDEN = 3


class KeymapError(EspalierError):
    """A keymap file that cannot be used; names file, line and column."""


class Binding(NamedTuple):
    """One key sequence of one layer; ``command`` is an id with its arguments, empty = the key is freed.

    With a ``view`` it is in force while a view of that kind has the focus, with a ``mode`` while that mode is.
    Without a command, but with a ``title``, it names what the keys lead to.
    """

    keys: Keys
    command: str
    group: str = ""
    layer: str = "built-in"
    where: Where = Where()
    view: str = ""
    mode: str = ""
    title: str = ""

    def __str__(self) -> str:
        place = str(self.where) or self.layer
        within = "".join(f" in {name}" for name in (self.view, self.mode and f"mode {self.mode}") if name)
        return f"{' '.join(map(str, self.keys))}{within} = {self.command} ({place})"

    @property
    def is_heading(self) -> bool:
        """Whether it only names a prefix."""
        return not self.command and bool(self.title)


class Clash(NamedTuple):
    """Two bindings of which one can never be used; ``kind`` is ``same`` or ``prefix``."""

    kind: str
    winner: Binding
    loser: Binding

    def __str__(self) -> str:
        is_shorter = len(self.loser.keys) < len(self.winner.keys)
        hidden = "can never be used: a longer one begins so" if is_shorter else _UNTYPED
        return f"{self.loser} {'is bound twice' if self.kind == 'same' else hidden}; {self.winner} wins"


def clash_report(clashes: Iterable[Clash]) -> str:
    """A line for each clash; of many keys that one key hides the first few are named."""
    lines: list[str] = []
    hidden: dict[Binding, list[Clash]] = {}
    for clash in clashes:
        if clash.kind == "same" or len(clash.loser.keys) < len(clash.winner.keys):
            lines.append(str(clash))
        else:
            hidden.setdefault(clash.winner, []).append(clash)
    for found in hidden.values():
        lines += map(str, found[:_MOST_HIDDEN])
        if len(found) > _MOST_HIDDEN:
            lines.append(f"… and {len(found) - _MOST_HIDDEN} more that begin so")
    return "\n".join(lines)


class Match(NamedTuple):
    """The answer of a look-up: the binding when exact, and whether longer sequences begin so."""

    binding: Binding | None
    is_partial: bool


class Keymap:
    """Bindings of all layers; what they come to is worked out for each mode and kind of view when it is first asked.

    Args:
        bindings: Of any layers, in any order; of equal layers the later one wins and the clash is reported.
        is_modal: Whether letters are keys where no text is typed, so that there are modes and counts.
    """

    def __init__(self, bindings: Iterable[Binding] = (), is_modal: bool = False) -> None:
        given = list(bindings)
        self.is_modal = is_modal
        self._bindings = [one for one in given if not one.is_heading]
        self._titles = {one.keys: one.title for one in sorted(given, key=_layer) if one.is_heading}
        self._tables: dict[tuple[tuple[str, ...], tuple[str, ...]], _Table] = {}
        self._by_command: dict[str, list[Binding]] | None = None
        #: The kinds of views that have keys of their own, and the modes that have.
        self.views = frozenset(one.view for one in self._bindings if one.view)
        self.modes = frozenset(one.mode for one in self._bindings if one.mode)
        self._firsts = frozenset(one.keys[0] for one in self._bindings if one.view)

    @property
    def clashes(self) -> list[Clash]:
        """Bindings that can never be used, each pair once."""
        return list(dict.fromkeys(clash for table in self._all_tables() for clash in table.clashes))

    def _all_tables(self) -> list[_Table]:
        """What is in force everywhere, and wherever bindings are for a mode or a view of their own."""
        places = dict.fromkeys([("", ""), *((one.view, one.mode) for one in self._bindings)])
        return [self._table((view,) if view else (), (mode,) if mode else ()) for view, mode in places]

    def _table(self, views: Iterable[str], modes: tuple[str, ...]) -> _Table:
        within = tuple(view for view in views if view in self.views)
        table = self._tables.get((within, modes))
        if table is None:
            fitting = (one for one in self._bindings if not one.view or one.view in within)
            table = _Table([one for one in fitting if not one.mode or one.mode in modes], within, modes)
            self._tables[within, modes] = table
        return table

    def __iter__(self) -> Iterator[Binding]:
        """Every binding that is in force somewhere, once."""
        yield from dict.fromkeys(one for table in self._all_tables() for one in table.bindings.values())

    def everything(self) -> Iterator[Binding]:
        """Every binding of every layer, those that lose included."""
        yield from self._bindings

    def has_views(self, keys: Keys) -> bool:
        """Whether any view may have a key of its own that begins as these do."""
        return keys[0] in self._firsts

    def look_up(self, keys: Keys, views: Iterable[str] = (), modes: tuple[str, ...] = ()) -> Match:
        """What the sequence typed so far means.

        Args:
            keys: The sequence.
            views: The kinds of views that have the focus, the innermost first.
            modes: The modes in force, the strongest first.
        """
        return self._table(views, modes).look_up(keys)

    def continuations(self, prefix: Keys, views: Iterable[str] = (), modes: tuple[str, ...] = ()) -> list[Binding]:
        """The bindings that begin with the prefix, in the order of their keys; the rest as in :meth:`look_up`."""
        length = len(prefix)
        bindings = self._table(views, modes).bindings
        found = [one for keys, one in bindings.items() if keys[:length] == prefix and len(keys) > length]
        return sorted(found, key=lambda one: tuple(map(str, one.keys)))

    def title_of(self, prefix: Keys) -> str:
        """What a prefix leads to, as its author calls it; empty when it has no title."""
        return self._titles.get(prefix, "")

    def keys_of(self, command: str) -> Keys | None:
        """The keys of a command: the strongest layer's, then those of the mode ``normal``, then the shortest."""
        if self._by_command is None:
            self._by_command = {}
            for one in self:
                self._by_command.setdefault(one.command, []).append(one)
        found = self._by_command.get(command)
        return min(found, key=_telling).keys if found else None


class _Table:
    """What is in force within some kinds of views and in some modes, the strongest of both first.

    Attributes:
        bindings: Keys → the binding that wins.
        clashes: What cannot be used here.
        prefixes: Beginnings of longer sequences.
    """

    def __init__(self, bindings: Iterable[Binding], views: tuple[str, ...], modes: tuple[str, ...]) -> None:
        self._views, self._modes = views, modes
        self.clashes: list[Clash] = []
        found: dict[Keys, Binding] = {}
        for binding in sorted(bindings, key=self._strength):
            before = found.get(binding.keys)
            if before and self._strength(before) == self._strength(binding) and before.command != binding.command:
                self.clashes.append(Clash("same", binding, before))
            found[binding.keys] = binding
        self.bindings = {keys: one for keys, one in found.items() if one.command}
        self._shadow()
        self.prefixes = {keys[:length] for keys in self.bindings for length in range(1, len(keys))}

    def _strength(self, binding: Binding) -> tuple[int, int, int]:
        """Of two bindings the stronger one wins: the stronger layer's, the inner view's, the stronger mode's."""
        return LAYERS.index(binding.layer), _rank(binding.view, self._views), _rank(binding.mode, self._modes)

    def _shadow(self) -> None:
        """Of a sequence and its prefix the stronger one stays, the shorter one if they are equal."""
        for keys, binding in list(self.bindings.items()):
            for length in range(1, len(keys)):
                shorter = self.bindings.get(keys[:length])
                if shorter is None or keys not in self.bindings:
                    continue
                is_stronger = self._strength(binding) > self._strength(shorter)
                winner, loser = (binding, shorter) if is_stronger else (shorter, binding)
                self.clashes.append(Clash("prefix", winner, loser))
                self.bindings.pop(loser.keys, None)

    def look_up(self, keys: Keys) -> Match:
        """See :meth:`Keymap.look_up`."""
        return Match(self.bindings.get(keys), keys in self.prefixes)


def _layer(binding: Binding) -> int:
    return LAYERS.index(binding.layer)


def _rank(name: str, names: tuple[str, ...]) -> int:
    """How strong a name of a few is, of which the first one is the strongest; 0 for none."""
    return len(names) - names.index(name) if name in names else 0


def _telling(binding: Binding) -> tuple[int, int, int]:
    """Of several keys of a command the first one by this is shown to people."""
    modes = {NORMAL: 0, "": 1}
    return -LAYERS.index(binding.layer), modes.get(binding.mode, 2), len(binding.keys)


class KeymapFile(NamedTuple):
    """What a keymap file holds: its bindings, and what it says of itself."""

    bindings: list[Binding]
    title: str = ""
    doc: str = ""
    is_modal: bool = False
    base: str = ""


def read_keymap(text: str, layer: str, file: str = "") -> list[Binding]:
    """The bindings of one keymap file; see :func:`read_file`."""
    return read_file(text, layer, file).bindings


def read_file(text: str, layer: str, file: str = "") -> KeymapFile:
    """One keymap file: ``[group]`` tables with a ``title`` and ``"key" = "command"`` lines.

    A table with ``view = "grid"`` holds keys that count while a view of that kind has the focus, one with
    ``mode = "normal"`` those of a mode. A key may be a table as well: ``{ command = "row.add", title = "Fresh row" }``,
    without a command it names what its keys lead to. The table ``[keymap]`` says ``title``, ``doc``, ``modal`` and
    ``base``, the keymap that this one adds to.

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
    head = groups.pop("keymap", {}) if layer == "built-in" else {}
    for name, group in groups.items():
        if not isinstance(group, dict):
            hint = 'keys stand in a table: [my-keys] and below it "Ctrl+J" = "row.add"'
            raise KeymapError(f"“{name}” stands in no table", where=places.where(file, (name,)), hint=hint)
        about = {word: str(group.get(word, "")) for word in ("title", "view", "mode")}
        for key in group:
            if key not in about:
                plain = Binding((), "", about["title"] or name, layer, places.where(file, (name, key)), about["view"],
                                about["mode"])  # fmt: skip
                bindings.append(_binding(key, group[key], plain))
    return KeymapFile(bindings, head.get("title", ""), head.get("doc", ""), bool(head.get("modal")),
                      head.get("base", ""))  # fmt: skip


#: What a key's own table may say.
_OWN = ("command", "title")


def _binding(key: str, value: object, plain: Binding) -> Binding:
    """The binding of one line; ``plain`` has all but keys, command and title."""
    own = value if isinstance(value, dict) else {"command": value}
    if wrong := next((word for word in own if word not in _OWN), ""):
        hint = 'write it like { command = "row.add", title = "Fresh row" }'
        raise KeymapError(f"“{wrong}” is nothing that a key has", where=plain.where, hint=hint)
    command, title = own.get("command", ""), own.get("title", "")
    if not isinstance(command, str) or not isinstance(title, str):
        hint = 'write it like "row.add"; "" frees the key'
        raise KeymapError(f"the command of {key} is no text", where=plain.where, hint=hint)
    try:
        return plain._replace(keys=parse_keys(key), command=command.strip(), title=title.strip())
    except KeyTextError as error:
        raise KeymapError(error.message, where=plain.where, hint=error.hint) from error
