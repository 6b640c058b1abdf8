"""What ``:set`` knows: a table of options with their short names."""

from __future__ import annotations

from typing import Any, NamedTuple

from plugins.api import say
from plugins.scintilla.modal.row import Refused


class Option(NamedTuple):
    """A row: name, short name, default, what it does; ``is_look`` = the widget shows it."""

    name: str
    short: str
    default: Any
    title: str
    is_look: bool = False


OPTIONS: tuple[Option, ...] = (
    Option("ignorecase", "ic", False, "capitals and small letters are the same to searches"),
    Option("smartcase", "scs", False, "but not where a capital is searched for"),
    Option("wrapscan", "ws", True, "searches go on at the other end of the text"),
    Option("hlsearch", "hls", True, "all that is found is marked"),
    Option("incsearch", "is", True, "what is found is shown while one types"),
    Option("gdefault", "gd", False, ":s changes all of a line without the flag g"),
    Option("textwidth", "tw", 0, "letters of a line that gq makes; 0 = 79"),
    Option("shiftround", "sr", False, "< and > go to whole steps of indentation"),
    Option("number", "nu", True, "lines have numbers", True),
    Option("relativenumber", "rnu", False, "numbers are counted from the caret's line", True),
    Option("wrap", "wrap", False, "long lines are broken at the edge", True),
    Option("list", "list", False, "spaces and line ends are shown", True),
    Option("expandtab", "et", True, "indentation is spaces", True),
    Option("tabstop", "ts", 4, "columns of a tab", True),
    Option("shiftwidth", "sw", 4, "columns of a step of indentation", True),
)
BY_NAME = {name: option for option in OPTIONS for name in (option.name, option.short)}


class Options:
    """The values of one text."""

    def __init__(self) -> None:
        self.values = {option.name: option.default for option in OPTIONS}

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def take(self, word: str) -> tuple[Option, Any]:
        """Set what a word of ``:set`` says: ``ic``, ``noic``, ``ic!``, ``ts=8``; answers option and value.

        Raises:
            Refused: there is no such option, or that is no value of it.
        """
        name, sign, value = word.partition("=")
        bare = name.rstrip("!?&")
        option = BY_NAME.get(bare) or BY_NAME.get(bare.removeprefix("no")) or BY_NAME.get(bare.removeprefix("inv"))
        if option is None:
            raise Refused(say("there is no option “{name}”", name=bare))
        if name.endswith("?"):
            return option, self.values[option.name]
        if name.endswith("&"):
            new = option.default
        elif isinstance(option.default, bool):
            if sign:
                raise Refused(say("“{name}” takes no value", name=option.name))
            turns = name.endswith("!") or (bare not in (option.name, option.short) and bare.startswith("inv"))
            new = not self.values[option.name] if turns else bare in (option.name, option.short)
        else:
            if not value.isdigit():
                raise Refused(say("“{name}” takes a number", name=option.name))
            new = int(value)
        self.values[option.name] = new
        return option, new
