"""Runs both in processes of their own, in turn."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.imports.source import COUNT, modules
from benchmarks.result import Result, interleave
from kernel.cache import Cache
from kernel.digest import sha256_of
from kernel.release import File, Manifest

_ROOT = Path(__file__).parents[2]
_ROUNDS = 15
_PEER = (
    "import sys, time; sys.path.insert(0, sys.argv[1]); began = time.perf_counter(); import bench.all;"
    "print((time.perf_counter() - began) * 1000)"
)


def measure() -> list[Result]:
    """One figure: importing all of them."""
    files = modules()
    assert len(files) == COUNT
    with tempfile.TemporaryDirectory() as folder:
        plain, cache = Path(folder) / "plain", Path(folder) / "cache"
        _write_plain(files, plain)
        _write_cache(files, cache)
        environ = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONPYCACHEPREFIX": f"{folder}/compiled"}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)  # Espalier's own modules are compiled as well
        _compile_plain(plain, environ)
        ours = [sys.executable, "-m", "benchmarks.imports.ours", str(cache)]
        peer = [sys.executable, "-c", _PEER, str(plain)]
        _run(ours, environ)  # which compiles them, as the first opening does
        measures = {"ours": lambda: _run(ours, environ), "peer": lambda: _run(peer, environ)}
        found = interleave(_ROUNDS, measures)
    return [Result("imports", "ms", found["ours"], found["peer"], 1.0, True, "files with .pyc")]


def _write_plain(files: dict[str, str], folder: Path) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def _compile_plain(folder: Path, environ: dict[str, str]) -> None:
    command = [sys.executable, "-m", "compileall", "-q", str(folder)]
    subprocess.run(command, env=environ, check=True)


def _write_cache(files: dict[str, str], folder: Path) -> None:
    cache = Cache(folder)
    blobs = [text.encode() for text in files.values()]
    cache.put_many(blobs)
    described = {path: File(sha256_of(blob).hex(), len(blob)) for path, blob in zip(files, blobs, strict=True)}
    cache.write_record("manifest", Manifest("bench", "Bench", "1", 1, "", (), described).encode())


def _run(command: list[str], environ: dict[str, str]) -> float:
    return float(subprocess.run(command, cwd=_ROOT, env=environ, capture_output=True, text=True, check=True).stdout)
