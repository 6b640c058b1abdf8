"""What can go wrong between two ends of a connection."""

from __future__ import annotations

from typing import Any

from kernel.error import EspalierError
from kernel.tables.error import UnavailableError as UnavailableError  # the one name for "the server is away"
from kernel.words import mark

#: The hint of an UnavailableError about a request that was sent before the connection was lost.
UNKNOWN_OUTCOME = mark("whether it was carried out is not known")


#: What to do about an answer that did not come in time.
TRY_AGAIN = mark("the server may be busy: try again in a moment")


class WireError(EspalierError):
    """Anything wrong with the connection or what came over it."""


class FrameError(WireError):
    """Bytes that are no frame: wrong magic, version, kind, length or body. The connection ends."""


class AddressError(WireError):
    """A text that is no address."""


class UntrustedServerError(UnavailableError):
    """Whoever answers at the address is not the server that is meant; nothing was sent."""


class RemoteError(WireError):
    """The other end answered with a code other than ok.

    Attributes:
        code: The code's name, as in :data:`kernel.wire.code.CODES`.
        error: The message, one sentence.
        detail: What the code carries: column and index of a constraint, the current rows of a conflict.
    """

    def __init__(self, code: str, error: str, detail: dict[str, Any] | None = None) -> None:
        self.code = code
        self.error = error
        self.detail = detail or {}
        super().__init__(error, hint=str(self.detail.get("hint", "")))


def too_late(address: object, timeout_s: float) -> RemoteError:
    """The error of a call that ``address`` did not answer within its ``timeout_s`` seconds."""
    said = mark("{address} did not answer within {seconds} s").format(address=address, seconds=f"{timeout_s:g}")
    return RemoteError("deadline", said, {"hint": TRY_AGAIN})
