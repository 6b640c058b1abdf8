"""``espalier log|rollback|promote|unpublish``: the releases of an app on a server, and changing what its channels have.

Exit codes: as of :mod:`shell.commands_cli.publish`.
"""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Callable
from typing import Any

from shell.commands_cli.publish import _print_json, tell_done, tell_refusal
from shell.publishing.client import Client, RefusedError
from shell.publishing.release import link_of
from shell.session import Session


def run_log(arguments: argparse.Namespace, session: Session) -> int:
    """Print what happened to an app, the newest first; answers the exit code."""
    try:
        found = Client(link_of(arguments.server, session)).log(arguments.app, arguments.most)
    finally:
        session.close()
    lines = [one for one in found["log"] if not arguments.channel or one["channel"] == arguments.channel]
    if arguments.json:
        _print_json({**found, "log": lines})
        return 0
    for channel, one in sorted(found["channels"].items(), key=lambda item: (item[0] != "stable", item)):
        part = f" for {found['percent']:g} % of stable" if channel == "next" else ""
        print(f"{channel} has {one['version']} (release {one['serial']}){part}")
    if not found["channels"]:
        print(f"{arguments.app} is on no channel now")
    for line in lines:
        print(_line(line))
        for problem in line.get("problems", ()):
            print("    " + problem.replace("\n", "\n    "))
    return 0


def run_rollback(arguments: argparse.Namespace, session: Session) -> int:
    """Release old content anew; answers the exit code."""
    asked = {"app": arguments.app, "to": arguments.to, "channel": arguments.channel, "message": arguments.message}
    return _done("Rolled back to", arguments, session, lambda client: client.run("publish.rollback", asked))


def run_promote(arguments: argparse.Namespace, session: Session) -> int:
    """Give a channel what another one has; answers the exit code."""
    asked = {"app": arguments.app, "source": arguments.source, "channel": arguments.to,
             "message": arguments.message, "percent": arguments.percent}  # fmt: skip
    return _done("Promoted", arguments, session, lambda client: client.run("publish.promote", asked))


def run_unpublish(arguments: argparse.Namespace, session: Session) -> int:
    """Take an app off a channel; answers the exit code."""
    try:
        client = Client(link_of(arguments.server, session))
        client.unpublish(arguments.app, arguments.channel, arguments.message)
    finally:
        session.close()
    channel = arguments.channel or "stable"
    if arguments.json:
        _print_json({"ok": True, "app": arguments.app, "channel": channel})
    else:
        print(f"Took {arguments.app} off {channel}; who has it keeps it")
    return 0


def _done(verb: str, arguments: argparse.Namespace, session: Session, work: Callable[[Client], dict[str, Any]]) -> int:
    try:
        done = work(Client(link_of(arguments.server, session)))
    except RefusedError as error:
        return tell_refusal(error.problems, None, is_json=arguments.json)
    finally:
        session.close()
    return tell_done(verb, done, is_json=arguments.json)


def _line(line: dict[str, Any]) -> str:
    at = datetime.datetime.fromtimestamp(line["at"]).strftime("%Y-%m-%d %H:%M")
    who = (line.get("person") or "somebody") + ("" if line.get("is_verified") else "?")
    said = (line.get("message") or "").partition("\n")[0]
    what = f"{line.get('serial') or '':>5}  {line.get('version', ''):<10}"
    part = f" {line['percent']:g} %" if line.get("percent") else ""
    return f"{at}  {what}  {line['channel'] + part:<11}  {line['action']:<10}  {who:<12}  {said}".rstrip()
