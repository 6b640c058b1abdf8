"""``espalier serve DIR``: the source server, in this process."""

from __future__ import annotations

import argparse

from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Serve until SIGTERM or SIGINT; answers the exit code."""
    from kernel.wire.frame import Limits
    from server.main import serve

    config = session.config
    serve(
        arguments.directory,
        arguments.host or config["server.host"],
        config["server.port"] if arguments.port is None else arguments.port,
        init=arguments.init,
        data=arguments.data,
        log=config.path("log.file") or None,
        log_level=config["log.level"],
        log_format=config["log.format"],
        limits=Limits(
            frame=config["network.frame_limit"],
            connections=config["server.connections"],
            requests=config["server.pending"],
        ),
        grace_s=config["server.stop_grace"] / 1000,
        keep=(config["server.audit_days"], config["server.audit_rows"]),
        commit_limit=config["server.commit_limit"],
        is_tls=arguments.tls,
        has_mirrors=config["tables.mirror"],
        plugins=config["plugins.folders"],
        keyring=config.paths.config / "keys",
        is_behind_nginx=arguments.nginx,
        web_port=arguments.web_port,
    )
    return 0
