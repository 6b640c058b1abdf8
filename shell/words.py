"""The shell in other languages: its catalogue is taken when a window speaks one, and left out for English.

What is said is looked up by ``kernel.words``; texts of Qt's own parts (menus of editors, file dialogs) come from Qt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kernel.error import EspalierError
from kernel.words import add_words, say, use_words, words_in_force
from layouts.texts.language import catalogue_of
from shell.command import Command

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

#: The folder with ``locale/``.
RESOURCES = Path(__file__).parent.parent / "resources"
#: The language in force, and the plugins whose catalogues of it were taken.
_language, _taken = "", set[Path]()


def take_words(language: str) -> bool:
    """Say the shell's texts in this language from now on; answers whether there is a catalogue of it."""
    global _language
    _language = language
    _taken.clear()
    found = catalogue_of(language, _read_file)
    if found is None:
        use_words({})
        return False
    from kernel.shipped import read_shipped

    catalogue = read_shipped(RESOURCES / found[0], parse_catalogue)
    use_words(catalogue["texts"], form_of(catalogue["plural"]))
    return True


def take_plugin_words(folders: Iterable[Path]) -> None:
    """Say texts of plugins in the language in force too: each may have ``locale/LANGUAGE.po`` beside its plugin.toml.

    What is wrong with such a catalogue leaves its plugin in English; ``espalier plugin check`` tells of it.
    """
    if _language.partition("_")[0] in ("", "en"):
        return
    for folder in folders:
        if folder in _taken:
            continue
        _taken.add(folder)
        found = catalogue_of(_language, lambda path, folder=folder: _read_below(folder, path))
        if found is not None:
            with suppress(EspalierError):
                add_words(parse_catalogue(found[1], str(folder / found[0]))["texts"])


def parse_catalogue(content: bytes, path: str) -> dict[str, Any]:
    """A .po file as plain data: ``plural``, the rule of its header, and ``texts``, text → forms."""
    from layouts.texts.catalogue import read_catalogue

    catalogue = read_catalogue(content, path)
    return {"plural": catalogue.plural, "texts": catalogue.texts}


def form_of(plural: str) -> Callable[[int], int]:
    """A function from a count to the form that it takes by a catalogue's rule; the rule is read at its first use."""
    conditions: list[Any] = []

    def form(count: int) -> int:
        if not conditions:
            from kernel.expression import parse
            from layouts.texts.plural import Rule

            rule = Rule(plural)
            conditions.extend(parse(rule.condition(index, "n")) for index in range(rule.forms))
        return next((at for at, one in enumerate(conditions) if one.evaluate(lambda _name: count)), 0)

    return form


def worded_commands(commands: Iterable[Command]) -> list[Command]:
    """Commands of the shell with title, sentence and section in the language in force; kept for the next window."""
    global _worded
    commands = tuple(commands)
    if _worded is None or _worded[0] != commands or _worded[1] is not words_in_force():
        worded = [
            one._replace(title=_title(one.title), doc=say(one.doc) if one.doc else "", section=say(one.section))
            for one in commands
        ]
        _worded = commands, words_in_force(), worded
    return list(_worded[2])


#: The commands that were worded last, by which catalogue, and what became of them.
_worded: tuple[tuple[Command, ...], Any, list[Command]] | None = None


def _title(title: Any) -> Any:
    if isinstance(title, str):
        return say(title)
    from kernel.expression import parse_template
    from layouts.node import Formula, Template
    from layouts.texts.walk import source_of

    source = source_of(title)
    said = say(source)
    if said == source:
        return title
    parts = (part if isinstance(part, str) else Formula(part.text.strip(), part.names) for part in parse_template(said))
    return Template(tuple(parts))


def translate_qt(application: QApplication, language: str) -> None:
    """Have Qt's own texts in the language, where Qt has them."""
    before = application.property("translator")
    if before is not None:
        application.removeTranslator(before)
        application.setProperty("translator", None)
    if not language or language.partition("_")[0] == "en":
        return
    from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale(language), "qtbase", "_", folder):
        application.installTranslator(translator)
        application.setProperty("translator", translator)


def _read_file(path: str) -> bytes | None:
    return _read_below(RESOURCES, path)


def _read_below(folder: Path, path: str) -> bytes | None:
    place = folder / path
    return place.read_bytes() if place.is_file() else None
