"""Which lines are others: held against git, in one piece and in many, and put together again."""

from __future__ import annotations

import random
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import changed_lines as module
from kernel.changed_lines import Hunk, changed_lines, line_after, lines_of, merged, reversed_hunk

_LINES = st.lists(st.sampled_from([b"a\n", b"b\n", b"\n", b"c\r\n", b"}\n"]), max_size=12).map(b"".join)
_TEXTS = st.builds(lambda lines, rest: lines + rest, _LINES, st.sampled_from([b"", b"end", b"\r"]))
_HEAD = re.compile(rb"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


@given(_TEXTS, _TEXTS)
def test_all_changes_lead_to_the_new_text_and_back(old: bytes, new: bytes) -> None:
    hunks = changed_lines(old, new)
    assert merged(old, new, hunks) == new
    assert merged(new, old, [reversed_hunk(hunk) for hunk in hunks]) == old
    assert merged(old, new, ()) == old
    for one, other in zip(hunks, hunks[1:], strict=False):
        assert one.old_stop < other.old_start and one.new_stop < other.new_start
    before, after = lines_of(old), lines_of(new)
    for line, text in enumerate(before):
        if not any(hunk.old_start <= line < hunk.old_stop for hunk in hunks):
            assert after[line_after(line, hunks)] == text


@pytest.mark.parametrize("size", [40, 2_000])
def test_the_same_as_git_also_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(module, "PIECE", 8 << 10)
    chance = random.Random(size)
    lines = [chance.choice([b"}\n", b"\n", b"  if a:\n", b"line %d and more of it\n" % number])
             for number in range(size)]  # fmt: skip
    changed = list(lines)
    for _ in range(12):
        place = chance.randrange(len(changed))
        changed[place : place + chance.randrange(3)] = [b"new\n", b"}\n"][: chance.randrange(1, 3)]
    old, new = b"".join(lines), b"".join(changed)
    paused: list[int] = []
    found = changed_lines(old, new, lambda: paused.append(1))
    (tmp_path / "old").write_bytes(old)
    (tmp_path / "new").write_bytes(new)
    asked = ["git", "diff", "--no-index", "-U0", "--text", "old", "new"]
    told = subprocess.run(asked, cwd=tmp_path, capture_output=True, check=False).stdout
    assert found == tuple(map(_hunk, _HEAD.finditer(told)))
    assert len(paused) > 1 if size > 1_000 else len(paused) == 1


def _hunk(found: re.Match[bytes]) -> Hunk:
    old, old_count, new, new_count = (1 if one is None else int(one) for one in found.groups())
    first, then = old - 1 if old_count else old, new - 1 if new_count else new
    return Hunk(first, first + old_count, then, then + new_count)


def test_texts_that_have_nothing_or_all_in_common() -> None:
    old = b"".join(b"%d\n" % number for number in range(60_000))
    assert changed_lines(old, b"") == (Hunk(0, 60_000, 0, 0),)
    assert changed_lines(b"", old) == (Hunk(0, 0, 0, 60_000),)
    assert changed_lines(old, old) == ()
