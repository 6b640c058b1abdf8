"""Which language a person reads, and the catalogues that it may have: the exact one first, then the language's."""

from __future__ import annotations

from collections.abc import Callable, Mapping

#: Where a language is said, the strongest first; LANGUAGE may name several.
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
#: Languages that are written from right to left.
RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
)


def language_of(option: str, environ: Mapping[str, str]) -> str:
    """``de``, ``pt_BR``: what the option says, or for ``system`` the environment; empty when it says nothing."""
    if option != "system":
        return option.replace("-", "_")
    for name in _VARIABLES:
        found = environ.get(name, "").split(":")[0].partition(".")[0].partition("@")[0]
        if found:
            return "" if found in ("C", "POSIX") else found
    return ""


def catalogue_of(language: str, read_file: Callable[[str], bytes | None]) -> tuple[str, bytes] | None:
    """Path and bytes of the catalogue for a language; None when the app has none."""
    for name in dict.fromkeys((language, language.partition("_")[0])):
        path = f"locale/{name}.po"
        content = read_file(path) if name and "/" not in name else None
        if content is not None:
            return path, content
    return None


def is_right_to_left(language: str) -> bool:
    """Whether texts of this language run from the right."""
    return language.partition("_")[0] in RIGHT_TO_LEFT
