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
    from shell.publishing.client import RefusedError
    from shell.publishing.release import release

    facts = {"channel": arguments.channel, "message": arguments.message, "percent": arguments.percent}
    progress = _progress if sys.stderr.isatty() else _quiet
    try:
        done = release(folder, session, arguments.server, progress, **facts)
    except RefusedError as error:
        return tell_refusal(error.problems, folder if error.is_ours else None, is_json=arguments.json)
    finally:
        session.close()
    verb = "Published and signed" if done.pop("is_signed", False) else "Published"
    return tell_done(verb, done, is_json=arguments.json)


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
