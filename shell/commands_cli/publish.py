"""``espalier publish [DIR]``: release an app's folder on a server; every reason when that is not possible.

Exit codes: 0 = released, or nothing to release; 1 = refused, or the server is away; 2 = a wrong command line.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Check, send, release, tell; answers the exit code."""
    if arguments.shell:
        import tempfile

        from shell.publishing.program import make_program

        with tempfile.TemporaryDirectory(prefix="espalier-") as made:
            make_program(Path(arguments.folder).expanduser(), Path(made))
            return _publish(Path(made), arguments, session)
    return _publish(Path(arguments.folder).expanduser(), arguments, session)


def _publish(folder: Path, arguments: argparse.Namespace, session: Session) -> int:
    from layouts.app_check.check import errors_of, record_of
    from layouts.app_folder import app_paths
    from layouts.app_manifest import AppError, read_app
    from shell.commands_cli.check import check_folder
    from shell.commands_cli.layout_place import LayoutPlace, PathError, find_layouts
    from shell.publishing.client import Client, RefusedError

    if not (folder / "app.toml").is_file():
        raise PathError(f"{arguments.folder} holds no app", hint="espalier new NAME makes one")
    try:
        place = find_layouts(str(folder))
        problems = errors_of(check_folder(place, session))
    except AppError:
        problems = errors_of(check_folder(LayoutPlace(folder, (), True), session))
    if problems:
        return tell_refusal([record_of(problem) for problem in problems], folder, is_json=arguments.json)
    app = read_app(place.read_file)
    client = Client(link_of(arguments.server, session))
    facts = {"channel": arguments.channel, "message": arguments.message, "percent": arguments.percent}
    try:
        paths = app_paths(folder, app.sources)
        sent = client.publish(app.name, folder, paths, _progress if sys.stderr.isatty() else _quiet, **facts)
    except RefusedError as error:
        signed = _signed(session, arguments.server, app.name, folder, paths)
        if signed is None:
            return tell_refusal(error.problems, None, is_json=arguments.json)
        return tell_done("Published and signed", signed, is_json=arguments.json)
    finally:
        session.close()
    extra = {"files_sent": sent.files, "bytes_sent": sent.size}
    return tell_done("Published", {**sent.done, **extra}, is_json=arguments.json)


def _signed(session: Session, server: str, app: str, folder: Path, paths: list[str]) -> dict[str, Any] | None:
    """What the server waits with until this person has signed it, signed now; None when it does not."""
    from kernel.digest import sha256_of
    from shell.publishing.signature import sign_waiting

    files = {path: sha256_of((folder / path).read_bytes()).hex() for path in paths}
    manifest = sign_waiting(link_of(server, session), session.servers.person_key, app, files)
    if manifest is None:
        return None
    facts = {name: getattr(manifest, name) for name in ("app", "version", "serial", "channel")}
    return {**facts, "is_new": True}


def link_of(server: str, session: Session) -> Any:
    """The link to a server by name or address; the person's own one when the name is empty."""
    from shell.server_link import LOCAL

    name = server or LOCAL
    session.servers.checked_address(name)
    return session.servers.link(name)


def tell_done(verb: str, done: dict[str, Any], *, is_json: bool) -> int:
    """Say what was released; answers the exit code."""
    if is_json:
        _print_json({"ok": True, **done})
        return 0
    part = f"for {done['percent']:g} % of stable" if "percent" in done else f"on {done['channel']}"
    place = f"{done['app']} {done['version']} (release {done['serial']}) {part}"
    if not done["is_new"]:
        print(f"Nothing is new: {place} has this already")
        return 0
    sent = f": {_count(done['files_sent'], 'file')}, {_size(done['bytes_sent'])} sent" if done.get("files_sent") else ""
    print(f"{verb} {place}{sent}")
    if "percent" in done:
        print(f"espalier promote {done['app']} --from next gives it to everybody, with --percent to more of them")
    return 0


def tell_refusal(problems: list[dict[str, Any]], folder: Path | None, *, is_json: bool) -> int:
    """Say every reason; answers the exit code."""
    if is_json:
        _print_json({"ok": False, "problems": problems})
        return 1
    for problem in problems:
        where = str(problem.get("file") or "")
        where = str(folder / where) if folder is not None and where else where
        if where and problem.get("line"):
            where += f":{problem['line']}:{problem['column']}"
        hint = f" ({problem['hint']})" if problem.get("hint") else ""
        print(f"{where}: {problem['message']}{hint}" if where else f"{problem['message']}{hint}", file=sys.stderr)
    said = _count(len(problems), "reason")
    print(f"Nothing was published: {said} above", file=sys.stderr)
    return 1


def _print_json(value: Any) -> None:
    import json

    print(json.dumps(value, indent=2, ensure_ascii=False))


def _progress(sent: int, total: int) -> None:
    end = "\n" if sent == total else ""
    print(f"\rSending {_size(sent)} of {_size(total)}", end=end, file=sys.stderr, flush=True)


def _quiet(sent: int, total: int) -> None:
    """Nobody watches."""


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _size(size: int) -> str:
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
