"""``kill -9`` at random moments of publishing, serving and fetching: nothing half, nothing lost, nothing told twice."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.served import ROOT
from tests.waiting import PATIENCE_S

#: Kills, and the seed of their moments. More of them: ``python -m tests.attacks.kills --kills 1000``.
KILLS, SEED = 18, 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_servers_and_desktops_that_are_killed_at_any_moment() -> None:
    command = [sys.executable, "-m", "tests.attacks.kills", "--kills", str(KILLS), "--seed", str(SEED)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=5 * PATIENCE_S)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", done.stdout)}
    assert counts["serving"] >= KILLS // 3 and counts["releases"] >= 1
    assert counts["publishing"] + counts["serving"] + counts["fetching"] >= KILLS
