"""Keys of other programs → keys as layouts write them, each of them given once."""

from __future__ import annotations

from layouts.lint import key_steps

_NAMES = {
    "del": "Delete", "ins": "Insert", "esc": "Escape", "enter": "Return", "pgup": "PageUp", "pgdown": "PageDown",
    "backtab": "Tab",
}  # fmt: skip


class Keys:
    """The keys of one layout."""

    def __init__(self) -> None:
        self._taken: list[tuple[str, ...]] = []

    def take(self, text: str) -> str:
        """The key, or empty when it or the beginning of it is taken or it is none."""
        key = " ".join(filter(None, (_step(step.strip()) for step in text.split(", "))))
        steps = key_steps(key) if key else ()
        if not steps or any(_is_shadow(steps, other) for other in self._taken):
            return ""
        self._taken.append(steps)
        return key


def _step(text: str) -> str:
    head, plus, key = text.rpartition("+") if not text.endswith("+") else (text[:-2], "+" if text[:-2] else "", "+")
    return f"{head}{plus}{_NAMES.get(key.lower(), key)}" if key and " " not in text else ""


def _is_shadow(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    length = min(len(one), len(other))
    return one[:length] == other[:length]
