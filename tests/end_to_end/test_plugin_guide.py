"""The walk of docs/plugin-guide.md from nothing to a published plugin, as it stands there: its files, its commands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import PATIENCE_S

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "plugin-guide.md"
WALK = "## From nothing to a published plugin"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.S | re.M)
_FILE = re.compile(r"`([\w./-]+\.(?:toml|kdl|py))`:\s*\Z")
_SAYS = re.compile(r"\s+# says: (.*)$")


def steps() -> Iterator[tuple[str, str, str]]:
    """What the walk does, in order: (``sh``, "", commands) or (``file`` or ``add``, path, text)."""
    text = PAGE.read_text(encoding="utf-8").partition(WALK)[2].partition("\n## ")[0]
    end = 0
    for block in _BLOCK.finditer(text):
        before, end = text[end : block.start()].rstrip(), block.end()
        file = _FILE.search(before)
        if block[1] == "sh":
            yield "sh", "", block[2]
        elif file:
            sentence = before.rpartition("\n\n")[2]
            yield "add" if re.search(r"\b([Aa]dd|added|what it does)\b", sentence) else "file", file[1], block[2]


def environment(tmp_path: Path) -> dict[str, str]:
    """A person's own: ``espalier`` and ``python`` on the path, a home, a place where pip installs."""
    programs, site = tmp_path / "bin", tmp_path / "site"
    programs.mkdir()
    site.mkdir()
    (programs / "espalier").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m shell.main "$@"\n')
    (programs / "espalier").chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ESPALIER_")}
    return {
        **kept, "PATH": os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join([str(site), str(ROOT)]), "ESPALIER_BASEDIR": str(tmp_path / "home"),
        "ESPALIER_START_KEEP_READY": "false", "ESPALIER_SERVER_EMBEDDED_IDLE": "2000", "QT_QPA_PLATFORM": "offscreen",
        # What is installed lands in this test's place, without a network.
        "PIP_TARGET": str(site), "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="the commands are for a POSIX shell")
def test_the_walk_leads_to_a_published_plugin(tmp_path: Path) -> None:
    place, environ = tmp_path / "place", environment(tmp_path)
    place.mkdir()
    walked = list(steps())
    assert [kind for kind, _, _ in walked].count("sh") >= 4 and {"file", "add"} <= {kind for kind, _, _ in walked}
    for kind, path, text in walked:
        if kind == "sh":
            for line in text.splitlines():
                follow(line, place, environ)
            continue
        file = place / path
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.read_text() if kind == "add" else ""
        file.write_text(before + text)
    assert (place / "desk.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "site" / "espalier_dial" / "plugin.toml").is_file()


def follow(line: str, place: Path, environ: dict[str, str]) -> None:
    """Type one line; it must succeed, and say what the page says that it says."""
    says = _SAYS.search(line)
    command = line[: says.start()] if says else line
    done = subprocess.run(["sh", "-c", command], cwd=place, env=environ, capture_output=True, text=True,
                          timeout=2 * PATIENCE_S)  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    assert not says or says[1] in done.stdout, f"{command}\n{done.stdout}\n{done.stderr}"
