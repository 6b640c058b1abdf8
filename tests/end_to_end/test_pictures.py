"""The pictures of the documents can be made anew: they reach into the window, so a change there may break them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
#: Those that reach furthest into the window.
REACHING = ("palette", "form-errors", "update")


def test_scenes_render(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "docs.render_pictures", *REACHING, "--into", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr
    made = {path.name for path in tmp_path.glob("*.png")}
    assert made == {f"{scene}-{mode}.png" for scene in REACHING for mode in ("light", "dark")}
