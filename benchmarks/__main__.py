"""``python -m benchmarks [NAME…]``: each headline figure beside its peer; exit 1 if one is short."""

from __future__ import annotations

import argparse
import json
import os
import sys

from benchmarks.peer import install_peers
from benchmarks.result import Result
from benchmarks.table import BENCHMARKS, Benchmark


def main(arguments: list[str] | None = None) -> int:
    """Run the named benchmarks, or all; answers the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(row.name for row in BENCHMARKS))
    parser.add_argument("--list", action="store_true", help="name the benchmarks and end")
    parser.add_argument("--json", action="store_true", help="one JSON list instead of lines")
    parser.add_argument("--install-peers", action="store_true", help="fetch the peers from Debian and PyPI first")
    parser.add_argument("--rows", type=int, help="rows of the tables' data instead of 10,000,000, for a quick look")
    parser.add_argument("--data", metavar="FOLDER", help="where the tables' data is kept; default: the cache folder")
    options = parser.parse_args(arguments)
    for name, value in (("ROWS", options.rows), ("DATA", options.data)):
        if value:
            os.environ[f"ESPALIER_BENCHMARK_{name}"] = str(value)
    if options.list:
        for row in BENCHMARKS:
            print(f"{row.name:<8} {row.doc}")
        return 0
    known = {row.name: row for row in BENCHMARKS}
    unknown = [name for name in options.names if name not in known]
    if unknown:
        print(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    if options.install_peers and (code := install_peers()):
        return code
    if options.install_peers and not options.names:
        return 0
    results = _run([known[name] for name in options.names] or list(BENCHMARKS), is_quiet=options.json)
    if options.json:
        print(json.dumps([result.as_dict() for result in results], indent=2))
    return 0 if all(result.holds for result in results) else 1


def _run(rows: list[Benchmark], is_quiet: bool) -> list[Result]:
    results: list[Result] = []
    for row in rows:
        try:
            measured = row.run()
        except Exception as error:  # the other benchmarks are still wanted; this one is short and says why
            measured = [Result(row.name, "", None, None, 0, True, problem=f"{type(error).__name__}: {error}")]
        for result in measured:
            if not is_quiet:
                print(result.line(), flush=True)
        results += measured
    return results


if __name__ == "__main__":
    sys.exit(main())
