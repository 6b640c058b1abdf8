"""``espalier serve DIR``: the source server, in this process."""

from __future__ import annotations

import argparse

from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Serve until SIGTERM or SIGINT; answers the exit code."""
    from server.main import serve

    config = session.config
    serve(
        arguments.directory,
        arguments.host or config["server.host"],
        config["server.port"] if arguments.port is None else arguments.port,
        init=arguments.init,
        data=arguments.data,
        log=config.path("log.file") or None,
    )
    return 0
