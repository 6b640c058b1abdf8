"""The record of a command, and what its callable asks for. No Qt here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from layouts.node import Template

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


class Argument(NamedTuple):
    """One value that a command needs: its type is ``text``, ``integer``, ``number``, ``boolean`` or ``choice``."""

    name: str
    type: str = "text"
    default: Any = None
    is_required: bool = True
    choices: tuple[Any, ...] = ()

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


#: Argument type → how a typed text becomes a value.
PARSERS: dict[str, Callable[[Argument, str], Any]] = {
    "text": lambda _argument, text: text,
    "integer": _parse_integer,
    "number": _parse_number,
    "boolean": _parse_boolean,
    "choice": _parse_choice,
}

_TYPES = {"str": "text", "int": "integer", "float": "number", "bool": "boolean"}


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
        found.append(Argument(parameter.name, type_, default, not has_default, choices))
    return takes_window, found


def _type_of(annotation: Any) -> tuple[str, tuple[Any, ...]]:
    import typing

    if typing.get_origin(annotation) is typing.Literal:
        return "choice", typing.get_args(annotation)
    if annotation is bool:
        return "boolean", (True, False)
    return _TYPES.get(getattr(annotation, "__name__", str(annotation)), "text"), ()


def split_line(line: str) -> tuple[str, list[str], dict[str, str]]:
    """A command with its arguments: ``theme.set dark`` → id, positional texts, ``name=value`` texts.

    Raises:
        ValueError: a quote is not closed.
    """
    if " " not in line.strip():
        return line.strip(), [], {}
    import shlex

    head, *parts = shlex.split(line)
    named = dict(part.split("=", 1) for part in parts if "=" in part)
    return head, [part for part in parts if "=" not in part], named
