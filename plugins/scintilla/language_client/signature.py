"""How something is called: the signature with the parameter that is typed now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from plugins.api import CallTip, say
from plugins.scintilla.language_client.change import byte_in
from plugins.scintilla.language_client.protocol import Parameter, Signature, SignatureHelp, text_of

if TYPE_CHECKING:
    from plugins.scintilla.language_client.served import ServedText

#: Letters of the documentation that stand below.
_DOC = 300


def ask_signature(served: ServedText, done: Callable[[CallTip | None], Any]) -> None:
    """Ask the first server that knows."""
    server = served.able("signatureHelpProvider")
    if server is None:
        done(None)
        return
    served.ask(
        "signature", server, "textDocument/signatureHelp", {"position": served.position(server)}, SignatureHelp | None,
        lambda found: done(tip_of(found)), lambda _why: done(None),
    )  # fmt: skip


def tip_of(found: SignatureHelp | None) -> CallTip | None:
    """The tip of an answer."""
    if found is None or not found.signatures:
        return None
    count = len(found.signatures)
    number = min(max(found.active_signature or 0, 0), count - 1)
    one = found.signatures[number]
    before = say("{number} of {count}: ", number=number + 1, count=count) if count > 1 else ""
    active = one.active_parameter if one.active_parameter is not None else found.active_parameter
    start, stop = _part(one, active)
    doc = text_of(one.documentation).strip().split("\n\n")[0].replace("\\", "")[:_DOC]
    text = before + one.label + (f"\n{doc}" if doc else "")
    return CallTip(text, len(before) + start, len(before) + stop) if stop > start else CallTip(text)


def _part(one: Signature, active: int | None) -> tuple[int, int]:
    """Where the parameter that is typed now stands in the label, in letters."""
    parameters = one.parameters or []
    if active is None or not 0 <= active < len(parameters):
        return 0, 0
    label = parameters[active].label
    if isinstance(label, list):
        data = one.label.encode()
        return tuple(len(data[: byte_in(data, at, "utf-16")].decode()) for at in (*label, 0, 0)[:2])  # type: ignore
    place = 0
    for parameter in parameters[: active + 1]:
        place = max(_found(one.label, parameter, place), 0)
    return place, place + len(label)


def _found(label: str, parameter: Parameter, after: int) -> int:
    return label.find(parameter.label, after) if isinstance(parameter.label, str) else after
