"""Imports the modules from a release in the cache: ``python -m benchmarks.imports.ours CACHE``; prints milliseconds."""

from __future__ import annotations

import sys
import time

import msgspec

from kernel.cache import Cache
from kernel.release import Manifest


def main(directory: str) -> None:
    """Import them by the release that is noted in the cache's folder."""
    began = time.perf_counter()
    from kernel.code.app_code import AppCode
    from kernel.code.compiled import CompiledCode
    from kernel.code.tree import ListedTree

    cache = Cache(directory)
    manifest = msgspec.json.decode(cache.read_record("manifest"), type=Manifest)
    digests = {path: file.sha256 for path, file in manifest.files.items()}
    tree = ListedTree(digests, lambda path: cache.get(digests[path]), digests)
    code = AppCode("bench", tree, CompiledCode(f"{directory}/code/bench.code", lambda: b"k" * 32))
    code.module("bench.all")
    code.keep()
    print((time.perf_counter() - began) * 1000)


if __name__ == "__main__":
    main(sys.argv[1])
