"""The record of a command, and what its callable asks for. No Qt here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, NewType

from kernel.error import EspalierError
from layouts.node import Template

#: The type of an argument that takes all that is left of the line, spaces and quotes included: an expression.
Rest = NewType("Rest", str)
#: Parameter names that the registry fills in itself, never the person.
GIVEN: frozenset[str] = frozenset({"window"})


class Command(NamedTuple):
    """One action.

    Attributes:
        id: ``room.verb-noun`` (``palette.open``).
        title: What people read; a template of an app is kept up to date.
        run: A callable, or ``package.module:function``, imported at first use. A parameter called ``window``
            gets the window; the others are the command's arguments.
        doc: A sentence.
        icon: Icon name.
        when: Expression over the window's names; empty = always.
        section: Heading in the palette.
        confirm: A question that is asked first.
        arguments: Values given to ``run`` before those of the caller (``{"mode": "dark"}``).
        blocked: Answers why it cannot run now, empty when it can; for reasons that no expression tells.
        is_listed: Whether palette and menu show it.
    """

    id: str
    title: str | Template
    run: Callable[..., Any] | str
    doc: str = ""
    icon: str = ""
    when: str = ""
    section: str = ""
    confirm: str | Template = ""
    arguments: dict[str, Any] = {}
    blocked: Callable[[], str] | None = None
    is_listed: bool = True


class Later:
    """What a command's function answers when its answer is still on its way; told on the thread of the windows."""

    def __init__(self) -> None:
        self._answer: Any = None
        self._is_told = False
        self._listener: Callable[[Any], None] | None = None

    def tell(self, answer: Any) -> None:
        """Here it is."""
        self._answer, self._is_told = answer, True
        if self._listener is not None:
            self._listener(answer)

    def fail(self, error: Exception) -> None:
        """There is none; the exception says why."""
        self.tell(error)

    def then(self, listener: Callable[[Any], None]) -> None:
        """Tell the answer, or the exception, to one listener, now or when it comes."""
        self._listener = listener
        if self._is_told:
            listener(self._answer)


def plain_title(title: str | Template) -> str:
    """What a title says before anything is filled in."""
    if isinstance(title, str):
        return title
    return "".join(part for part in title.parts if isinstance(part, str)).strip()


class Listed(NamedTuple):
    """A column of a table of the page, whose values an argument may have; ``filter`` narrows its rows."""

    table: str
    column: str
    filter: str = ""


class Argument(NamedTuple):
    """One value that a command needs; its type is one of :data:`PARSERS`, which says how it is asked for as well.

    Attributes:
        listed: Whose values complete it besides; None for none.

    A parameter of a callable has the type of its annotation: ``str``, ``Rest`` (all that is left of the line), ``int``,
    ``float``, ``bool``, ``Literal``, or what ``Annotated[str, "table"]`` names.
    """

    name: str
    type: str = "text"
    default: Any = None
    is_required: bool = True
    choices: tuple[Any, ...] = ()
    listed: Listed | None = None

    @property
    def title(self) -> str:
        """The name as people read it: ``due_date`` → ``Due date``."""
        return self.name.replace("_", " ").capitalize()

    def parse(self, text: str) -> Any:
        """The value of what a person typed.

        Raises:
            ValueError: the text is no value of the type; the message says what is.
        """
        return PARSERS[self.type](self, text.strip())


def _parse_integer(_argument: Argument, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"“{text}” is no whole number") from None


def _parse_number(_argument: Argument, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"“{text}” is no number") from None


def _parse_boolean(_argument: Argument, text: str) -> bool:
    if text.lower() in ("yes", "true", "on", "1"):
        return True
    if text.lower() in ("no", "false", "off", "0"):
        return False
    raise ValueError("say yes or no")


def _parse_choice(argument: Argument, text: str) -> Any:
    for choice in argument.choices:
        if str(choice).lower() == text.lower():
            return choice
    raise ValueError(f"“{text}” is none of {', '.join(map(str, argument.choices))}")


def _parse_date(_argument: Argument, text: str) -> str:
    import datetime

    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f"“{text}” is no date like 2026-03-01") from None


def _parse_color(_argument: Argument, text: str) -> str:
    digits = text.removeprefix("#")
    if text.startswith("#") and (len(digits) not in (3, 6, 8) or digits.strip("0123456789abcdefABCDEF")):
        raise ValueError(f"“{text}” is no colour like #1e90ff")
    if not text:
        raise ValueError("say a colour like #1e90ff or red")
    return text


def _parse_name(argument: Argument, text: str) -> str:
    if not text:
        raise ValueError(f"{argument.title} is missing")
    return text


#: Types of names and paths, which are taken as they are; the palette completes them.
NAMED = ("table", "column", "row", "file", "folder", "app", "option", "value", "command", "plugin", "language",
         "workspace", "macro")  # fmt: skip

#: Argument type → how a typed text becomes a value.
PARSERS: dict[str, Callable[[Argument, str], Any]] = {
    "text": lambda _argument, text: text,
    "rest": lambda _argument, text: text,
    "integer": _parse_integer,
    "number": _parse_number,
    "boolean": _parse_boolean,
    "choice": _parse_choice,
    "date": _parse_date,
    "color": _parse_color,
    **dict.fromkeys(NAMED, _parse_name),
}

_TYPES = {"str": "text", "Rest": "rest", "int": "integer", "float": "number", "bool": "boolean"}


def resolve(run: Callable[..., Any] | str) -> Callable[..., Any]:
    """The callable behind ``package.module:function``.

    Raises:
        ImportError, AttributeError: there is none.
    """
    if callable(run):
        return run
    import importlib

    module, _, name = run.partition(":")
    return getattr(importlib.import_module(module), name)


def parameters(function: Callable[..., Any]) -> tuple[bool, list[Argument]]:
    """Whether the callable wants the window, and the arguments that it takes, in order."""
    import inspect

    found: list[Argument] = []
    takes_window = False
    try:
        signature = inspect.signature(function, eval_str=True)
    except NameError:  # an annotation that is imported for type checkers only
        signature = inspect.signature(function)
    for parameter in signature.parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if parameter.name in GIVEN:
            takes_window = True
            continue
        has_default = parameter.default is not parameter.empty
        type_, choices = _type_of(parameter.annotation)
        default = parameter.default if has_default else None
        listed = next((one for one in _said_of(parameter.annotation) if isinstance(one, Listed)), None)
        found.append(Argument(parameter.name, type_, default, not has_default, choices, listed))
    return takes_window, found


def _said_of(annotation: Any) -> tuple[Any, ...]:
    """What ``Annotated`` says besides the type."""
    return getattr(annotation, "__metadata__", ())


def _type_of(annotation: Any) -> tuple[str, tuple[Any, ...]]:
    import typing

    if typing.get_origin(annotation) is typing.Annotated:
        return next((one for one in annotation.__metadata__ if isinstance(one, str) and one in PARSERS), "text"), ()
    if typing.get_origin(annotation) is typing.Literal:
        return "choice", typing.get_args(annotation)
    if annotation is bool:
        return "boolean", (True, False)
    return _TYPES.get(getattr(annotation, "__name__", str(annotation)), "text"), ()


class LineError(EspalierError):
    """A line that cannot be understood: no such command, or arguments that it does not take."""

    exit_code = 2
