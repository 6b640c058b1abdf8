"""The trees that are fetched: apps of so many files and bytes, from a seed; seven of ten files are texts."""

from __future__ import annotations

import random
from typing import NamedTuple

SEED = 20261121
#: What one file of ten is: texts as code is written, and bytes that nothing compresses (pictures).
_TEXTS = 7


class Tree(NamedTuple):
    """One size of app."""

    name: str
    files: int
    size: int


SMALL = Tree("200 files", 200, 5_000_000)
LARGE = Tree("5,000 files", 5_000, 50_000_000)


def make(tree: Tree, app: str = "bench") -> dict[str, bytes]:
    """Path in the app → content."""
    chance = random.Random(SEED)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz_", k=chance.randrange(2, 12))) for _ in range(3_000)]
    files = {
        "app.toml": f'name = "{app}"\ntitle = "Bench"\n'.encode(),
        "main.kdl": b'layout 1 title="Bench"\nwindow { label "Bench" }\n',
    }
    left, average = tree.files - len(files), tree.size // tree.files
    for number in range(left):
        size = int(average * chance.uniform(0.3, 1.7))
        if number % 10 < _TEXTS:
            files[f"part{number % 40}/text_{number}.txt"] = _text(chance, words, size)
        else:
            files[f"part{number % 40}/picture_{number}.bin"] = chance.randbytes(size)
    return files


def _text(chance: random.Random, words: list[str], size: int) -> bytes:
    lines: list[str] = []
    length = 0
    while length < size:
        line = "    " * chance.randrange(4) + " ".join(chance.choices(words, k=chance.randrange(3, 12)))
        lines.append(line)
        length += len(line) + 1
    return "\n".join(lines).encode()[:size]


def changed(files: dict[str, bytes], number: int) -> dict[str, bytes]:
    """The same with a line more in the middle of one text, another one for every number."""
    texts = [path for path in files if path.endswith(".txt")]
    path = texts[number * 7 % len(texts)]
    lines = files[path].split(b"\n")
    lines.insert(len(lines) // 2, b"a line that was not there before, number %d" % number)
    return {**files, path: b"\n".join(lines)}
