"""``python -m shell.texts``: the shell's own texts into ``resources/locale/shell.pot``, and its catalogues up to them.

Texts are found in calls of :mod:`kernel.words` and in the tables of commands and tools. No file is imported for it but
those tables.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from layouts.construct import CONSTRUCTS
from layouts.kinds.common import COMMON
from layouts.kinds.grid_tool import TOOLS
from layouts.kinds.kind import PROPERTY_TYPES
from layouts.kinds.table import BUILT_IN as KINDS
from layouts.texts.catalogue import split_context, with_context
from layouts.texts.walk import source_of
from plugins.registry import find_plugins
from shell.builtin import BUILT_IN
from shell.keys import built_in_file, built_in_names
from shell.plugin_texts import KEYS, renew_catalogues
from shell.words import RESOURCES

ROOT = Path(__file__).parent.parent
#: Rooms whose files say something.
ROOMS = ("shell", "widgets", "plugins", "kernel", "layouts")
#: Functions of ``kernel.words`` → how many texts they get.
SAYING = {"say": 1, "mark": 1, "say_count": 2}


class Said(NamedTuple):
    """A text, its plural form (empty for none), and the file where it stands."""

    text: str
    many: str
    file: str


@cache
def gather() -> list[Said]:
    """All texts once, files in their order; those of the tables first."""
    found: dict[str, Said] = {}
    for said in (*_of_tables(), *_of_code()):
        known = found.setdefault(said.text, said)
        if said.many and not known.many:
            found[said.text] = known._replace(many=said.many)
    return list(found.values())


def _of_tables() -> Iterator[Said]:
    for command in BUILT_IN:
        title = command.title if isinstance(command.title, str) else source_of(command.title)
        for text in (title, command.doc, command.section):
            if text:
                yield Said(text, "", "shell/builtin.py")
    for name in built_in_names():
        for binding in built_in_file(name).bindings:
            yield Said(binding.title or binding.group, "", "resources/keymaps")
    for tool in TOOLS:
        yield Said(tool.title, "", "layouts/kinds/grid_tool.py")
        yield Said(tool.doc, "", "layouts/kinds/grid_tool.py")
    yield from _of_kinds()
    from plugins.scintilla.modal.pending import CONTEXT
    from plugins.scintilla.modal.table import COMMANDS, MOTIONS, OBJECTS, OPERATORS

    for row in (*MOTIONS, *OPERATORS, *OBJECTS, *COMMANDS):
        yield Said(with_context(CONTEXT, row.title), "", "plugins/scintilla/modal/table.py")


def _of_kinds() -> Iterator[Said]:
    """What kinds and words of the language are, their parts, and the keys of views: editors are told by the server."""
    for kind in (*KINDS.values(), *CONSTRUCTS.values()):
        for text in (kind.doc, *(part.doc for part in (*kind.properties, *kind.events))):
            yield Said(text, "", "layouts/kinds")
        for _, doc in kind.keys:
            yield Said(with_context(KEYS, doc), "", "layouts/kinds")
    for row in COMMON:
        yield Said(row.doc, "", "layouts/kinds")
    for doc in PROPERTY_TYPES.values():
        yield Said(doc.partition(" →")[0], "", "layouts/kinds")


def _of_code() -> Iterator[Said]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            content = path.read_text(encoding="utf-8")
            if any(f"{name}(" in content for name in SAYING):
                yield from texts_in(content, path.relative_to(ROOT).as_posix())


def texts_in(content: str, file: str) -> Iterator[Said]:
    """The texts that one file's calls hold, in their order.

    Raises:
        SyntaxError: it is no Python.
    """
    calls = (node for node in ast.walk(ast.parse(content)) if isinstance(node, ast.Call))
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        most = SAYING.get(name, 0)
        texts = [text for one in call.args[:most] if (text := _text_of(one, name)) is not None]
        if most and len(texts) == most and texts[0]:
            yield Said(texts[0], texts[1] if most > 1 else "", file)


def _text_of(argument: ast.expr, function: str) -> str | None:
    """The text that stands there; a marked f-string has its values by names made of their expressions."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    if not isinstance(argument, ast.JoinedStr) or function != "mark":
        return None
    parts: list[str] = []
    names: set[str] = set()
    for part in argument.values:
        if isinstance(part, ast.Constant):
            parts.append(part.value.replace("{", "{{").replace("}", "}}"))
            continue
        value = part.value  # type: ignore[attr-defined]
        called = getattr(value, "id", "") or getattr(value, "attr", "") or "value"
        called = called.lower().strip("_")
        name = called if called not in names else f"{called}{len(names)}"
        names.add(name)
        parts.append(f"{{{name}}}")
    return "".join(parts)


def template(texts: list[Said]) -> Any:
    """They as a .pot file of polib's."""
    import polib

    made = polib.POFile(wrapwidth=100)
    made.metadata = {"MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8",
                     "Content-Transfer-Encoding": "8bit"}  # fmt: skip
    for said in texts:
        plural = {"msgid_plural": said.many, "msgstr_plural": {0: "", 1: ""}} if said.many else {}
        context, text = split_context(said.text)
        flags = ["python-brace-format"] if "{" in text and not context else []
        where = {"msgctxt": context} if context else {}
        made.append(polib.POEntry(msgid=text, occurrences=[(said.file, "")], flags=flags, **plural, **where))
    return made


def main() -> None:
    """Write the template and bring the catalogues up to it; tells what is left to translate."""
    import polib

    made = template(gather())
    folder = RESOURCES / "locale"
    folder.mkdir(exist_ok=True)
    (folder / "shell.pot").write_text(f"{made}\n", encoding="utf-8")
    for path in sorted(folder.glob("*.po")):
        catalogue = polib.pofile(str(path), wrapwidth=100)
        catalogue.merge(made)
        path.write_text(f"{catalogue}\n", encoding="utf-8")
        left = len(catalogue.untranslated_entries()) + len(catalogue.fuzzy_entries())
        print(f"{path}: {left} to translate" if left else f"{path}: complete")
    for plugin in find_plugins():
        for path, left in renew_catalogues(plugin.directory, plugin.manifest):
            print(f"{path}: {left} to translate" if left else f"{path}: complete")


if __name__ == "__main__":
    main()
