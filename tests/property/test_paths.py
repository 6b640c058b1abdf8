"""The quick look at a release's paths passes nothing that the careful one refuses."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from kernel.delivery.path import MAX_PATH, _check_files, check_path
from kernel.delivery.plain_path import are_plain
from kernel.release import File, Manifest, ReleaseError

PARTS = st.sampled_from(
    ["a", "A", "b.txt", "B.TXT", "con", "CON.x", "Nul", "com1", "com¹", "lpt9.txt", "content", "auxiliary", "..", ".",
     "",
     ".git", ".Git", ".gitignore", "a ", "a.", "a b", "a\\b", "a:b", "a\nb", "ä", "é", "e\u0301", "ß", "SS", "x" * 1020]
)  # fmt: skip
PATHS = st.lists(st.lists(PARTS, min_size=1, max_size=4).map("/".join), max_size=6, unique=True)


@given(PATHS)
def test_the_quick_look_passes_nothing_that_is_refused(paths: list[str]) -> None:
    files = {path: File("0" * 64, 1) for path in paths}
    manifest = Manifest("app", "", "", 1, "", (), files)
    is_refused = False
    with contextlib.suppress(UnicodeEncodeError):
        try:
            _check_files(manifest)
        except ReleaseError:
            is_refused = True
    assert not (is_refused and are_plain(files, MAX_PATH))


@given(st.lists(st.text("abcXYZ09_-", min_size=4, max_size=8), max_size=8, unique_by=str.lower))
def test_ordinary_paths_pass_at_once(names: list[str]) -> None:
    paths = [f"folder/{name}.kdl" for name in names]
    assert are_plain(paths, MAX_PATH) and not any(map(check_path, paths))
