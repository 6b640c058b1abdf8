"""Our echo server in a process of its own; prints its port."""

from __future__ import annotations

import sys

import msgspec

from kernel.wire.server import Commands, Row, serve


class Echo(msgspec.Struct, forbid_unknown_fields=True):
    """What comes back."""

    payload: bytes


def main() -> None:
    """Serve until killed."""
    commands = Commands([Row("echo", "The payload.", Echo, lambda call, args: args.payload)])
    serve(commands, "127.0.0.1:0", on_ready=lambda address: print(address.port, file=sys.stdout, flush=True))


if __name__ == "__main__":
    main()
