"""What the shell itself says to people, in their language: looked up in the catalogue in force as it is said.

English needs no catalogue: a text that none has is said as it is written. Who loads catalogues is the shell's
``shell/words.py``; ``python -m shell.texts`` gathers the texts that stand in calls of these functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

#: Text → its forms in the language in force; empty for English.
_texts: Mapping[str, tuple[str, ...]] = {}
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


def say(text: str, /, **values: Any) -> str:
    """The text in the person's language, with the values in their places: ``say("Values of {label}", label=…)``."""
    forms = _texts.get(text)
    shown = forms[0] if forms else text
    return shown.format(**values) if values else shown


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


def mark(text: str) -> str:
    """The text as it is, gathered for catalogues; for tables whose texts are said later by :func:`say`."""
    return text
