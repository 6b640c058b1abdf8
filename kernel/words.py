"""What the shell itself says to people, in their language: looked up in the catalogue in force as it is said.

English needs no catalogue: a text that none has is said as it is written. Who loads catalogues is the shell's
``shell/words.py``; ``python -m shell.texts`` gathers the texts that stand in calls of these functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

#: Text → its forms in the language in force; empty for English.
_texts: Mapping[str, tuple[str, ...]] = {}
#: Letters of its own that a text with values must have to be found again in a sentence.
_LEAST_LETTERS = 8
#: The texts that patterns were made of, and these.
_made: tuple[Mapping[str, tuple[str, ...]], list[tuple[Any, str]]] | None = None
#: A count → the form that it takes.
_form_of: Callable[[int], int] = int


def use_words(texts: Mapping[str, tuple[str, ...]], form_of: Callable[[int], int] = int) -> None:
    """Say what is said from now on by this catalogue; an empty one is English.

    Args:
        texts: Text → its forms, one where it does not depend on a count.
        form_of: A count → the index of the form that it takes.
    """
    global _texts, _form_of
    _texts, _form_of = texts, form_of


def add_words(texts: Mapping[str, tuple[str, ...]]) -> None:
    """Say these texts too, as long as the catalogue stays; those that it has itself go first."""
    global _texts
    if not texts.keys() <= _texts.keys():
        _texts = {**texts, **_texts}


def words_in_force() -> Mapping[str, tuple[str, ...]]:
    """The catalogue in force; the same object for as long as it is."""
    return _texts


def say(text: str, /, **values: Any) -> str:
    """The text in the person's language, with the values in their places: ``say("Values of {label}", label=…)``."""
    forms = _texts.get(text)
    shown = forms[0] if forms else text
    return shown.format(**values) if values else shown


def say_in(context: str, text: str) -> str:
    """A short text that means something of its own where it stands; catalogues have it with this ``msgctxt``."""
    forms = _texts.get(f"{context}\x04{text}")
    return forms[0] if forms else text


def say_count(one: str, many: str, count: int, /, **values: Any) -> str:
    """The text in the form for a count, which is ``{count}`` in it.

    Args:
        one: For one, in English; what catalogues call the text.
        many: For any other number.
    """
    found = _texts.get(one)
    forms = found or (one, many)
    at = _form_of(abs(count)) if found else int(count != 1)
    return forms[min(at, len(forms) - 1)].format(count=count, **values)


def say_again(text: str) -> str:
    """A finished English sentence in the person's language; as it is where no catalogue has a text that it is made of.

    Messages of tables and of servers are made in English, wherever their process runs. Here they are found again by the
    texts with ``{}`` that :func:`mark` has gathered: the one with the most letters of its own that fits.
    """
    if not _texts or not text:
        return text
    if text in _texts:
        return _texts[text][0]
    for pattern, template in _patterns():
        match = pattern.fullmatch(text)
        if match is not None:
            values = {name: say_again(value) for name, value in match.groupdict().items()}
            return _texts[template][0].format(**values)
    return text


def _patterns() -> list[tuple[Any, str]]:
    """Texts with values in them as patterns, those with the most letters of their own first; made when first wanted."""
    global _made
    if _made is None or _made[0] is not _texts:
        import re

        found = []
        for template, forms in _texts.items():
            parts = re.split(r"\{(\w+)\}", template)
            own = sum(len(part) for part in parts[::2])
            if len(parts) > 1 and own >= _LEAST_LETTERS and "{" not in "".join(parts[::2]) and forms[0]:
                names = set(parts[1::2])
                if len(names) == len(parts) // 2:
                    steps = (f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
                    found.append((own, re.compile("".join(steps), re.DOTALL), template))
        found.sort(key=lambda one: -one[0])
        _made = (_texts, [(pattern, template) for _, pattern, template in found])
    return _made[1]


def say_error(error: Exception) -> str:
    """An error's message, and its hint as a sentence behind it, in the person's language."""
    message, hint = say_again(str(getattr(error, "message", error))), say_again(getattr(error, "hint", ""))
    if " " in hint and not hint.startswith("espalier "):  # one word, or what is typed, stays as it is written
        hint = capital(hint)
    return f"{message}. {hint}" if hint else message


def capital(text: str) -> str:
    """A sentence with a capital at its beginning; a name of a file or column there stays as it is written."""
    first = text.partition(" ")[0].rstrip(".:,;")
    return text if not first.isalpha() and any(sign in first for sign in "._/\\") else text[:1].upper() + text[1:]


def mark(text: str) -> str:
    """The text as it is, gathered for catalogues; said later by :func:`say`, with values in it by :func:`say_again`.

    An f-string is gathered too: catalogues call its values by the last names of their expressions.
    """
    return text
