"""Keys as text: chords (``Ctrl+Shift+P``) and sequences of them (``g g``, ``Ctrl+K Ctrl+T``).

The one parser of keys: keymaps, layouts, tips and the window's dispatcher all use it. No Qt here; the
codes of the table are Qt's (``Qt::Key``), so that an event's numbers can be named without importing it.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

from kernel.error import EspalierError

CTRL, ALT, SHIFT, META = 1, 2, 4, 8

#: Modifiers in the order in which they are written: (bit, name, Qt's bit, sign on macOS).
MODIFIERS: tuple[tuple[int, str, int, str], ...] = (
    (CTRL, "Ctrl", 0x04000000, "⌘"),
    (ALT, "Alt", 0x08000000, "⌥"),
    (SHIFT, "Shift", 0x02000000, "⇧"),
    (META, "Meta", 0x10000000, "⌃"),
)
_MODIFIER_ALIASES = {"control": "ctrl", "option": "alt", "super": "meta", "win": "meta", "cmd": "ctrl"}

#: Keys without a letter: (name, Qt's code, other spellings, sign shown to people; empty = the name).
SPECIAL: tuple[tuple[str, int, tuple[str, ...], str], ...] = (
    ("Escape", 0x01000000, ("esc",), "Esc"),
    ("Tab", 0x01000001, (), ""),
    ("Backspace", 0x01000003, (), ""),
    ("Return", 0x01000004, ("enter", "kpenter"), "Enter"),
    ("Insert", 0x01000006, ("ins",), "Ins"),
    ("Delete", 0x01000007, ("del",), "Del"),
    ("Pause", 0x01000008, (), ""),
    ("Print", 0x01000009, (), ""),
    ("Home", 0x01000010, (), ""),
    ("End", 0x01000011, (), ""),
    ("Left", 0x01000012, (), "←"),
    ("Up", 0x01000013, (), "↑"),
    ("Right", 0x01000014, (), "→"),
    ("Down", 0x01000015, (), "↓"),
    ("PageUp", 0x01000016, ("pgup",), "PgUp"),
    ("PageDown", 0x01000017, ("pgdown", "pgdn"), "PgDn"),
    ("Menu", 0x01000055, (), ""),
    ("Space", 0x20, (), ""),
    ("Plus", 0x2B, (), "+"),
)
_BACKTAB, _KEYPAD_ENTER = 0x01000002, 0x01000005
_F1, _F_COUNT = 0x01000030, 35

#: Signs that are typed without Shift on most keyboards: with Ctrl, Alt or Meta, Shift counts for them.
BARE_SIGNS = frozenset(".,;'/[]\\-=`")

_BY_NAME = {spelling.lower(): row[0] for row in SPECIAL for spelling in (row[0], *row[2], row[3]) if spelling}
_BY_CODE = {row[1]: row[0] for row in SPECIAL} | {_KEYPAD_ENTER: "Return"}
_SIGNS = {row[0]: row[3] or row[0] for row in SPECIAL}
_BITS_BY_SIGN = {sign: bit for bit, _, _, sign in MODIFIERS}


class KeyTextError(EspalierError):
    """A text that names no key."""


class Chord(NamedTuple):
    """One key with its modifiers; ``key`` is a lower-case letter, another character, or a name of the table."""

    key: str
    modifiers: int = 0

    def __str__(self) -> str:
        names = [name for bit, name, _, _ in MODIFIERS if self.modifiers & bit]
        return "+".join([*names, _upper(self.key) if names else self.key])

    @property
    def is_typed(self) -> bool:
        """Whether pressing it in a text editor types something."""
        return not self.modifiers & ~SHIFT and (len(self.key) == 1 or self.key in ("Space", "Plus"))

    @property
    def is_letter(self) -> bool:
        """Whether it types a letter, a digit or a sign; spaces press buttons and switch cells."""
        return self.is_typed and self.key != "Space"


Keys = tuple[Chord, ...]


def parse_keys(text: str) -> Keys:
    """The chords of a key text, separated by spaces.

    Raises:
        KeyTextError: empty, or a part of it names no key; the message quotes that part.
    """
    chords = tuple(parse_chord(part) for part in text.split())
    if not chords:
        raise KeyTextError("a key is missing here", hint="write it like Ctrl+Shift+P, F5 or g g")
    return chords


def split_count(keys: Keys) -> tuple[int, Keys]:
    """How often, and what, of keys that may begin with a count: ``1 0 j`` is 10 and ``j``; 0 without a count."""
    length = 0
    while length < len(keys) and is_digit(keys[length], is_first=not length):
        length += 1
    return int("".join(chord.key for chord in keys[:length]) or 0), keys[length:]


def is_digit(chord: Chord, *, is_first: bool) -> bool:
    """Whether a key is a part of a count, which does not begin with 0."""
    is_number = len(chord.key) == 1 and chord.key in "0123456789"
    return is_number and not chord.modifiers and not (is_first and chord.key == "0")


def parse_chord(text: str) -> Chord:
    """One chord, as it is written in files (``Ctrl+Shift+P``) or shown on any platform (``⌘⇧P``).

    Letters' case does not matter (``ctrl+p``), except alone: ``G`` is ``Shift+g``.

    Raises:
        KeyTextError: it names no key.
    """
    bits, rest = _signs_before(text)
    if rest.endswith("++"):
        rest = rest[:-1] + "Plus"
    *heads, tail = rest.split("+") if rest != "+" else ("Plus",)
    for head in heads:
        bits |= _modifier(head, text)
    if len(tail) == 1 and tail not in _BY_NAME:
        if not heads and rest == text and _lower(tail) != tail:
            bits |= SHIFT
        is_shifted = tail in BARE_SIGNS and bits & SHIFT and bits & ~SHIFT
        return Chord(tail, bits) if is_shifted else _normal(tail, bits)
    name = _BY_NAME.get(tail.lower(), "") or _function_key(tail)
    if not name:
        raise KeyTextError(f"“{text}” names no key", hint=_near(tail))
    return _normal(name, bits)


def chord_of(code: int, modifiers: int, text: str = "") -> Chord | None:
    """The chord of a key event: Qt's key code, Qt's modifier bits, the text that it types.

    None for a modifier alone and for keys that have no name.
    """
    bits = sum(bit for bit, _, qt_bit, _ in MODIFIERS if modifiers & qt_bit)
    if code == _BACKTAB:
        return Chord("Tab", bits | SHIFT)
    if code in _BY_CODE:
        return _normal(_BY_CODE[code], bits)
    if _F1 <= code < _F1 + _F_COUNT:
        return Chord(f"F{code - _F1 + 1}", bits)
    if 0x20 < code < 0x01000000:
        return _normal(chr(code), bits)
    if len(text) == 1 and text.isprintable():
        return _normal(text, bits)
    return None


#: Sign that a key types with Shift → the keys that it may be, by scan code (X11, Wayland: the kernel's and 8; Windows:
#: the kernel's) and what they type without it; 0 = where the code is not known. American, then British, German,
#: French, Spanish, Italian and Nordic keyboards, where those differ.
_SHIFTED: tuple[tuple[int, str, str], ...] = (
    (60, ".", ">:"), (59, ",", "<;"), (61, "/", "?"), (61, "-", "_"), (47, ";", ":"), (48, "'", '"@'),
    (34, "[", "{"), (35, "]", "}"), (51, "\\", "|"), (94, "\\", "|"), (20, "-", "_"), (21, "=", "+"),
    (49, "`", "~¬"), (59, ";", "."), (60, ":", "/"), (58, ",", "?"), (20, "'", "?"), (51, "'", "*"),
)  # fmt: skip
_DIGITS: tuple[str, ...] = ("!", '"@', "#§£·", "$€¤", "%", "^&", "&/", "*(", "()", ")=")


def bare_key(typed: str, scan_code: int, platform: str = sys.platform) -> str:
    """What the key of a sign that was typed with Shift types without it; empty where that is not known.

    Args:
        typed: The sign.
        scan_code: The event's native code; 0 where there is none.
        platform: Windows counts from the kernel's codes, X11 and Wayland from 8 on.
    """
    code = scan_code + 8 if platform == "win32" and scan_code else scan_code
    if 10 <= code <= 19:
        return str((code - 9) % 10) if typed in _DIGITS[code - 10] else ""
    fits = [bare for at, bare, signs in _SHIFTED if typed in signs and code in (0, at)]
    return fits[0] if fits else ""


#: The first scan code of each row of letters (X11, Wayland: the kernel's code and 8), and what it types in Latin.
_ROWS: tuple[tuple[int, str], ...] = ((24, "qwertyuiop"), (38, "asdfghjkl"), (52, "zxcvbnm"))
_LATIN = {first + at: letter for first, letters in _ROWS for at, letter in enumerate(letters)}


def latin_letter(scan_code: int, virtual_key: int, platform: str = sys.platform) -> str:
    """The Latin letter on a key that types a letter of another script; empty when there is none.

    Args:
        scan_code, virtual_key: The event's native codes.
        platform: Windows names letters by their virtual keys (A to Z), the others by the key's place.
    """
    if platform == "win32":
        return chr(virtual_key).lower() if 0x41 <= virtual_key <= 0x5A else ""
    return _LATIN.get(scan_code, "") if platform != "darwin" else ""


def format_keys(keys: Keys | str, platform: str = sys.platform) -> str:
    """Keys as people of the platform know them: ``Ctrl+Shift+P``, on macOS ``⌘⇧P``."""
    chords = parse_keys(keys) if isinstance(keys, str) else keys
    return " ".join(_format_chord(chord, platform) for chord in chords)


def _signs_before(text: str) -> tuple[int, str]:
    """The modifiers that macOS writes as signs before a key, and what follows them."""
    bits = 0
    while len(text) > 1 and text[0] in _BITS_BY_SIGN:
        bits, text = bits | _BITS_BY_SIGN[text[0]], text[1:]
    return bits, text


def _upper(key: str) -> str:
    """A letter as it stands on its key; what has no single capital stays (``ß``)."""
    upper = key.upper() if len(key) == 1 else key
    return upper if len(upper) == 1 and _lower(upper) == key else key


def _lower(key: str) -> str:
    """A letter in its small form, where that is one letter that leads back."""
    lower = key.lower() if len(key) == 1 else key
    return lower if len(lower) == 1 and lower.upper() == key else key


def _format_chord(chord: Chord, platform: str) -> str:
    key = _SIGNS.get(chord.key, _upper(chord.key) if chord.modifiers else chord.key)
    is_mac = platform == "darwin"
    names = [sign if is_mac else name for bit, name, _, sign in MODIFIERS if chord.modifiers & bit]
    return ("" if is_mac else "+").join([*names, key])


def _normal(key: str, bits: int) -> Chord:
    """Letters are lower-case; another character stands for itself however it is reached (``?`` is ``Shift+/``)."""
    key = _BY_NAME.get(key, key) if len(key) == 1 else key
    if len(key) == 1 and key.isalpha():
        return Chord(_lower(key), bits)
    is_sign = key == "Plus" or (len(key) == 1 and not key.isdigit())
    return Chord(key, bits & ~SHIFT if is_sign else bits)


def _modifier(name: str, whole: str) -> int:
    wanted = _MODIFIER_ALIASES.get(name.lower(), name.lower())
    for bit, known, _, _ in MODIFIERS:
        if known.lower() == wanted:
            return bit
    raise KeyTextError(f"“{name}” in “{whole}” is no modifier", hint="modifiers are Ctrl, Alt, Shift and Meta")


def _function_key(name: str) -> str:
    digits = name[1:]
    is_one = name[:1] in "fF" and digits.isdigit() and 1 <= int(digits) <= _F_COUNT
    return f"F{int(digits)}" if is_one else ""


def _near(name: str) -> str:
    import difflib

    near = difflib.get_close_matches(name.lower(), _BY_NAME, 1, 0.5)
    return f"did you mean {_BY_NAME[near[0]]}?" if near else "keys are letters, signs, F1 to F35 or names like PageUp"
