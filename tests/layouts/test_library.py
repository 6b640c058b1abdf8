"""Libraries of layouts: how a layout names their files, what it may not name, and where they are on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from layouts.known import Known
from layouts.library import names_in, path_at, path_of, place_of
from layouts.load import check_layout, load_layout
from layouts.node import Layout

FILES = {
    "libraries/forms/fields.kdl": b'use "parts/line.kdl"\ncomponent titled { param text; line text }\n',
    "libraries/forms/parts/line.kdl": b"component line { param text; label text }\n",
    "parts/own.kdl": b"component own\n",
}


def check(use: str, files: dict[str, bytes] = FILES) -> list[str]:
    files = {**files, "main.kdl": f"layout 1\n{use}\nwindow\n".encode()}
    known = Known(list_files=lambda: files)
    return [str(one) for one in check_layout("main.kdl", files.get, known=known)[1] if one.severity == "error"]


def test_a_component_of_a_library_is_used_as_an_own_one() -> None:
    main = b'layout 1\nuse "library:forms/fields.kdl"\nwindow { titled "Hello" }\n'
    layout: Layout = load_layout("main.kdl", {**FILES, "main.kdl": main}.get)
    assert layout.windows[0].children[0].get("text") == "Hello"
    assert layout.files == ("main.kdl", "libraries/forms/fields.kdl", "libraries/forms/parts/line.kdl")


@pytest.mark.parametrize(
    ("use", "told"),
    [
        ('use "library:forms/feilds.kdl"',
         "main.kdl:2:5: there is no file library:forms/feilds.kdl (did you mean library:forms/fields.kdl?)"),
        ('use "parts/onw.kdl"', "main.kdl:2:5: there is no file parts/onw.kdl (did you mean parts/own.kdl?)"),
        ('use "library:forms"',
         'main.kdl:2:5: library:forms names no file of a library (write: "library:forms/fields.kdl")'),
        ('use "library:../main.kdl"',
         'main.kdl:2:5: library:../main.kdl names no file of a library (write: "library:forms/fields.kdl")'),
        ('use "libraries/forms/fields.kdl"',
         'main.kdl:2:5: libraries/forms/fields.kdl is of a library (write: "library:forms/fields.kdl")'),
    ],
)  # fmt: skip
def test_a_wrong_path_is_told_with_the_right_one(use: str, told: str) -> None:
    assert told in check(use)


def test_a_library_takes_no_files_of_the_app() -> None:
    files = {**FILES, "libraries/forms/bad.kdl": b'use "../../parts/own.kdl"\n'}
    assert check('use "library:forms/bad.kdl"', files) == [
        "libraries/forms/bad.kdl:1:5: a library cannot take a file outside of it (another library's file is library:NAME/FILE)"
    ]


def test_names_are_read_of_values_and_not_of_comments() -> None:
    text = b'use "library:forms/a.kdl"\n// use "library:other/b.kdl"\nrow { image #"library:icons/c.png"#; label "library: x" }\n'
    assert names_in(text) == {"forms", "icons"}
    assert [path_of(one) for one in ("parts/a.kdl", "library:", "library:/a/b", "library:a/../../b/c")] == ["", "", "", ""]


def test_files_of_libraries_stand_beside_apps_and_own_ones_go_before(tmp_path: Path) -> None:
    app = tmp_path / "apps" / "desk"
    for path in (app, tmp_path / "libraries" / "forms"):
        path.mkdir(parents=True)
    shared = tmp_path / "libraries" / "forms" / "a.kdl"
    shared.write_text("")
    assert place_of(app, "libraries/forms/a.kdl") == shared
    assert path_at(app, shared) == "libraries/forms/a.kdl"
    own = app / "libraries" / "forms" / "a.kdl"
    own.parent.mkdir(parents=True)
    own.write_text("")
    assert place_of(app, "libraries/forms/a.kdl") == own
    assert path_at(app, tmp_path / "apps" / "other" / "a.kdl") == ""
