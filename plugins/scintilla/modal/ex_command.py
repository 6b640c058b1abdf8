"""The table of ex commands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from plugins.api import say
from plugins.scintilla.modal import ex_files as files
from plugins.scintilla.modal import search as searching
from plugins.scintilla.modal import substitute as substituting
from plugins.scintilla.modal.ex_range import Range, read_range
from plugins.scintilla.modal.motion_search import split_offset
from plugins.scintilla.modal.operator import join_lines, shift_line
from plugins.scintilla.modal.register import READABLE, Kept
from plugins.scintilla.modal.row import LINE, Refused
from plugins.scintilla.modal.text import Place

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine
    from plugins.scintilla.modal.ex import Line


class ExCommand(NamedTuple):
    """A row: full name, its shortest form, what it does, ``run(engine, line)``."""

    name: str
    short: str
    title: str
    run: Callable[..., Any]


def go(engine: Engine, line: Line) -> None:
    """``:5``: go there."""
    if line.where.count:
        engine.marks.jump(engine.caret)
        engine.caret = engine.first_letter(max(line.where.last, 0))


def _lines(engine: Engine, line: Line) -> tuple[int, int, str | None]:
    """The lines of a command with register and count behind it: ``:d x 3``."""
    match = re.match(r"\s*([A-Za-z\"\-_+*0-9](?![\w]))?\s*(\d*)\s*$", line.argument)
    if match is None:
        raise Refused(say("“{name}” is too much here", name=line.argument.strip()))
    register, count = match[1], match[2]
    if register is not None and register.isdigit() and not count:
        register, count = None, register
    first, last = line.where.first, line.where.last
    if count:
        first, last = last, last + int(count) - 1
    return max(first, 0), min(last, engine.text.line_count - 1), register


def delete(engine: Engine, line: Line) -> None:
    """``:d``."""
    first, last, register = _lines(engine, line)
    kept = _kept(engine, first, last)
    engine.registers.delete(register, kept, is_small=False)
    engine.remove_lines(first, last)
    engine.caret = engine.first_letter(min(first, engine.text.line_count - 1))


def _kept(engine: Engine, first: int, last: int) -> Kept:
    end = Place(last, len(engine.text.line(last)))
    return Kept(engine.text.get(Place(first, 0), end) + "\n", LINE)


def yank(engine: Engine, line: Line) -> None:
    """``:y``."""
    first, last, register = _lines(engine, line)
    engine.registers.yank(register, _kept(engine, first, last))


def put(engine: Engine, line: Line) -> None:
    """``:pu``: lines of a register below, above with ``!``."""
    name = line.argument.strip()[:1] or None
    if name is not None and name not in READABLE:
        raise Refused(say("there is no register “{name}”", name=name))
    text = engine.registers.get(name).text.removesuffix("\n")
    number = line.where.last + (not line.has_sign)
    _insert(engine, number, text)
    engine.caret = engine.first_letter(number + text.count("\n"))


def _insert(engine: Engine, number: int, text: str) -> None:
    """Whole lines before the line of that number."""
    if number >= engine.text.line_count:
        end = engine.end_of_text()
        engine.replace(end, end, "\n" + text)
    else:
        engine.replace(Place(number, 0), Place(number, 0), text + "\n")


def _target(engine: Engine, line: Line) -> int:
    where, rest = read_range(engine, line.argument)
    if not where.count or rest.strip():
        raise Refused(say("say behind which line"))
    return where.last


def copy(engine: Engine, line: Line) -> None:
    """``:t``: the lines behind another one."""
    target = _target(engine, line)
    text = _kept(engine, line.where.first, line.where.last).text.removesuffix("\n")
    _insert(engine, target + 1, text)
    engine.caret = engine.first_letter(target + 1 + line.where.last - line.where.first)


def move(engine: Engine, line: Line) -> None:
    """``:m``: take the lines behind another one."""
    target, (first, last, _) = _target(engine, line), line.where
    if first <= target < last:
        raise Refused(say("lines cannot go into themselves"))
    if target in (last, first - 1):
        engine.caret = engine.first_letter(last)
        return
    text = _kept(engine, first, last).text.removesuffix("\n")
    if target > last:
        _insert(engine, target + 1, text)
        engine.remove_lines(first, last)
        engine.caret = engine.first_letter(target)
    else:
        engine.remove_lines(first, last)
        _insert(engine, target + 1, text)
        engine.caret = engine.first_letter(target + 1 + last - first)


def join(engine: Engine, line: Line) -> None:
    """``:j``."""
    first, last, _ = _lines(engine, line)
    last = max(last, first + 1) if line.where.count < 2 else last
    if last == first:
        last = first + 1
    if last >= engine.text.line_count:
        raise Refused
    join_lines(engine, first, last, not line.has_sign)
    engine.caret = engine.first_letter(first)


def shift(step: int):
    """``:>`` and ``:<``, as often as the sign is typed."""

    def run(engine: Engine, line: Line) -> None:
        sign = ">" if step > 0 else "<"
        rest = line.argument
        times = 1 + len(rest) - len(rest.lstrip(sign))
        first, last, _ = _lines(engine, line._replace(argument=rest.lstrip(sign)))
        for number in range(first, last + 1):
            shift_line(engine, number, step * times)
        engine.caret = engine.first_letter(last)

    return run


def substitute(engine: Engine, line: Line) -> Iterator[None]:
    """``:s``."""
    made, count = substituting.read(engine, line.argument)
    where = line.where
    if count:
        where = Range(where.last, min(where.last + int(count) - 1, engine.text.line_count - 1), 2)
    yield from substituting.substitute(engine, where, made)


def globally(is_without: bool):
    """``:g`` and ``:v``: a command at each line where an expression fits, or does not."""

    def run(engine: Engine, line: Line) -> None:
        from plugins.scintilla.modal.ex import run_line

        argument = line.argument.lstrip()
        if not argument:
            raise Refused(say("say what to look for"))
        text, rest = split_offset(argument[1:], argument[0])
        engine.search.last = text or engine.search.last
        pattern = searching.pattern_of(engine, engine.search.last)
        wants = not (is_without or line.has_sign)
        where = line.where if line.where.count else Range(0, engine.text.line_count - 1)
        found = [one for one in range(where.first, where.last + 1)
                 if (pattern.search(engine.text.line(one)) is not None) == wants]  # fmt: skip
        if not found:
            raise Refused(say("“{name}” is not found", name=engine.search.last))
        names = [f"\0{number}" for number in range(len(found))]
        engine.marks.named |= {name: Place(number, 0) for name, number in zip(names, found, strict=True)}
        _run_at(engine, names, rest.strip() or "p", run_line)

    return run


def _run_at(engine: Engine, names: list[str], command: str, run_line: Callable[..., None]) -> None:
    """Run a command at marked lines; a line that is gone is left out."""
    try:
        for name in names:
            place = engine.marks.named.pop(name, None)
            if place is None or place.column < 0:
                continue
            engine.caret = place
            try:
                run_line(engine, command)
            except Refused as refused:
                engine.message = str(refused)
                if type(refused) is not Refused:
                    raise
    finally:
        for name in names:
            engine.marks.named.pop(name, None)


def normal(engine: Engine, line: Line) -> None:
    """``:norm``: keys, at each line of a range."""
    keys = line.argument.removeprefix(" ")
    if not line.where.count:
        engine.replay(keys)
        return
    size = engine.text.line_count
    for number in range(line.where.first, line.where.last + 1):
        if number >= engine.text.line_count or engine.text.line_count < size and number > line.where.last:
            break
        engine.caret = Place(number, 0)
        try:
            engine.replay(keys)
        except Refused as refused:
            engine.message = str(refused)


def sort(engine: Engine, line: Line) -> None:
    """``:sort``: flags ``i`` capitals alike, ``n`` by numbers, ``u`` equal lines once, ``!`` downwards, ``/x/``."""
    match = re.match(r"\s*([inuxr]*)\s*(?:/((?:[^/\\]|\\.)*)/\s*([inuxr]*))?\s*$", line.argument)
    if match is None:
        raise Refused(say("“{name}” are no flags of :sort", name=line.argument.strip()))
    flags = match[1] + (match[3] or "")
    pattern = searching.pattern_of(engine, match[2]) if match[2] else None
    where = line.where if line.where.count > 1 else Range(0, engine.text.line_count - 1)
    end = Place(where.last, len(engine.text.line(where.last)))
    rows = engine.text.get(Place(where.first, 0), end).split("\n")

    def part(row: str) -> str:
        found = pattern.search(row) if pattern is not None else None
        if found is not None:
            row = found[0] if "r" in flags else row[found.end() :]
        elif pattern is not None and "r" in flags:
            row = ""
        return row.casefold() if "i" in flags else row

    def key(row: str) -> Any:
        if "n" not in flags and "x" not in flags:
            return part(row)
        number = re.search(r"-?\d+" if "n" in flags else r"-?(?:0x)?[0-9A-Fa-f]+", part(row))
        return (number is not None, int(number[0], 10 if "n" in flags else 16) if number else 0)

    made = sorted(rows, key=key, reverse=line.has_sign)
    if "u" in flags:
        seen, kept = None, []
        for row in made:
            if not kept or key(row) != seen:
                kept.append(row)
            seen = key(row)
        made = kept
    if made != rows:
        engine.replace(Place(where.first, 0), end, "\n".join(made))
    engine.caret = Place(where.first, 0)


def set_options(engine: Engine, line: Line) -> None:
    """``:set``."""
    said = []
    for word in line.argument.split():
        option, value = engine.options.take(word)
        if word.endswith("?") or (word in (option.name, option.short) and not isinstance(option.default, bool)):
            is_on = isinstance(value, bool)
            said.append(f"{'' if value else 'no'}{option.name}" if is_on else f"{option.name}={value}")
        elif option.is_look:
            _look(engine, option.name, value)
    engine.message = "  ".join(said)


def _look(engine: Engine, name: str, value: Any) -> None:
    if name == "tabstop":
        engine.text.tab_width = max(value, 1)
    elif name == "expandtab":
        engine.text.uses_tabs = not value
    engine.surroundings.set_option(name, value)


def no_marks(engine: Engine, line: Line) -> None:
    """``:noh``: what was searched for is marked no more."""
    engine.search.is_shown = False
    engine.surroundings.mark_found(None)


def registers(engine: Engine, line: Line) -> None:
    """``:reg``: what the registers hold."""
    wanted = line.argument.replace(" ", "")
    rows = [(name, kept.text) for name, kept in engine.registers.rows() if not wanted or name in wanted]
    engine.message = "\n".join(f'"{name}  {text[:200]!r}'.replace("'", "") for name, text in rows)


def marks(engine: Engine, line: Line) -> None:
    """``:marks``."""
    rows = sorted((name, place) for name, place in engine.marks.named.items() if len(name) == 1)
    engine.message = "\n".join(f"{name}  {place.line + 1}:{place.column + 1}" for name, place in rows)


def jumps(engine: Engine, line: Line) -> None:
    """``:ju``: the list of jumps."""
    engine.message = "\n".join(f"{place.line + 1}:{place.column + 1}" for place in engine.marks.jumps)


def set_mark(engine: Engine, line: Line) -> None:
    """``:k`` and ``:mark``."""
    name = line.argument.strip()
    if len(name) != 1 or not name.isalpha():
        raise Refused(say("a mark is one letter"))
    engine.marks.named[name] = Place(line.where.last, 0)


def undo(engine: Engine, line: Line) -> None:
    """``:u``."""
    from plugins.scintilla.modal.travel import undo as run

    run(engine, None)


def redo(engine: Engine, line: Line) -> None:
    """``:red``."""
    from plugins.scintilla.modal.travel import redo as run

    run(engine, None)


def play(engine: Engine, line: Line) -> None:
    """``:@``: the last ex command again."""
    from plugins.scintilla.modal.ex import run_line

    if line.argument.strip() in (":", "", "@"):
        run_line(engine, engine.last_line)


def again(engine: Engine, line: Line) -> Iterator[None]:
    """``:&`` and ``:&&``."""
    rest = line.argument
    last = engine.last_substitute
    if last is None:
        raise Refused(say("nothing was replaced yet"))
    keeps = rest.startswith("&")
    flags = (last.flags if keeps else "") + rest.removeprefix("&").strip()
    yield from substituting.substitute(engine, line.where, last._replace(flags=flags))


def show(engine: Engine, line: Line) -> None:
    """``:p``: tell a line, and go there."""
    engine.caret = engine.first_letter(line.where.last)
    engine.message = engine.text.line(line.where.last)


def count_lines(engine: Engine, line: Line) -> None:
    """``:=``: the number of the last line, or of the range."""
    engine.message = str(line.where.last + 1 if line.where.count else engine.text.line_count)


def window(name: str):
    """A command of the window."""

    def run(engine: Engine, line: Line) -> None:
        if not engine.surroundings.run(name + ("!" if line.has_sign else ""), line.argument.strip()):
            raise Refused(say("that is not possible here"))

    return run


COMMANDS: tuple[ExCommand, ...] = (
    ExCommand("", "", "go to the line", go), ExCommand("delete", "d", "delete lines", delete),
    ExCommand("yank", "y", "yank lines", yank), ExCommand("put", "pu", "put a register as lines", put),
    ExCommand("copy", "co", "copy lines behind a line", copy), ExCommand("t", "t", "copy lines behind a line", copy),
    ExCommand("move", "m", "move lines behind a line", move), ExCommand("join", "j", "join lines", join),
    ExCommand(">", ">", "indent lines", shift(1)), ExCommand("<", "<", "outdent lines", shift(-1)),
    ExCommand("substitute", "s", "replace in lines", substitute), ExCommand("&", "&", ":s again", again),
    ExCommand("global", "g", "a command at lines that fit", globally(False)),
    ExCommand("vglobal", "v", "a command at lines that do not fit", globally(True)),
    ExCommand("normal", "norm", "keys at lines", normal), ExCommand("sort", "sor", "sort lines", sort),
    ExCommand("set", "se", "set options", set_options),
    ExCommand("nohlsearch", "noh", "mark what is found no more", no_marks),
    ExCommand("registers", "reg", "show registers", registers), ExCommand("display", "di", "show registers", registers),
    ExCommand("marks", "marks", "show marks", marks), ExCommand("jumps", "ju", "show jumps", jumps),
    ExCommand("mark", "ma", "set a mark", set_mark), ExCommand("k", "k", "set a mark", set_mark),
    ExCommand("undo", "u", "take back", undo), ExCommand("redo", "red", "do again", redo),
    ExCommand("@", "@", "the last ex command again", play), ExCommand("print", "p", "tell a line", show),
    ExCommand("=", "=", "tell the number of the line", count_lines),
    ExCommand("write", "w", "save", window("save")), ExCommand("wq", "wq", "save and close", window("save-close")),
    ExCommand("xit", "x", "save and close", window("save-close")),
    ExCommand("update", "up", "save", window("save")), ExCommand("quit", "q", "close", window("close")),
    ExCommand("edit", "e", "edit a file, or read this one again", window("edit")),
    ExCommand("fold", "fo", "fold", window("fold")), ExCommand("grep", "gr", "find in all files", files.find),
    ExCommand("vimgrep", "vim", "find in all files", files.find),
    ExCommand("cnext", "cn", "the next place in the files", files.window_line("search.next")),
    ExCommand("cprevious", "cp", "the place before in the files", files.window_line("search.previous")),
    ExCommand("copen", "cope", "list what was found in the files", files.window_line("search.files")),
    ExCommand("cclose", "ccl", "close the list of what was found", files.window_line("search.close")),
)  # fmt: skip
