"""Versions of the language: files of older ones go on, are rewritten on demand, and of newer ones it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from layouts.construct import LANGUAGE_VERSION
from layouts.dump import dump
from layouts.kinds.table import BUILT_IN
from layouts.load import check_layout, load_layout
from layouts.migration import MIGRATIONS
from layouts.migration.text import migrate_text
from layouts.problem import LayoutError
from tests.shell.test_command_line import espalier

OLD = """// Parts of parts.
layout 1 title="Parts" // the shop's
table parts

window {
    /- grid parts tree=gone
    grid parts tree=part_of /* by whom */ group=name id=list { show name /- tree=no; on current-changed "seen = 1" } // all
    label "grid parts tree=part_of"
    state seen 0
}
"""
NEW = """// Parts of parts.
layout 2 title="Parts"  // the shop's
table parts

window {
    /-grid parts tree=gone
    tree parts by=part_of /* by whom */ id=list { show name /-tree=no; on current-changed "seen = 1" }  // all
    label "grid parts tree=part_of"
    state seen 0
}
"""


def problems(text: str, **files: str) -> list[str]:
    contents = {f"{name}.kdl": content.encode() for name, content in {**files, "main": text}.items()}
    return [f"{one.severity} {one}" for one in check_layout("main.kdl", contents.get)[1]]


def test_an_older_file_is_the_same_tree_as_its_newer_text() -> None:
    old = load_layout("main.kdl", {"main.kdl": OLD.encode()}.get)
    new = load_layout("main.kdl", {"main.kdl": NEW.encode()}.get)
    assert dump(old, BUILT_IN) == dump(new, BUILT_IN)
    assert "tree parts id=list by=part_of" in dump(new, BUILT_IN)


def test_the_text_keeps_comments_and_what_is_taken_out() -> None:
    found = migrate_text(OLD, "main.kdl")
    assert found.text == NEW
    assert found.version == 1
    assert [(str(where), row) for where, row in found.changes] == [("main.kdl:7:16", MIGRATIONS[0])]
    assert migrate_text(NEW).text == NEW


def test_an_older_spelling_is_a_hint_in_an_old_file_and_an_error_in_a_new_one() -> None:
    told = "main.kdl:7:16: warning: older spelling: a grid with tree=COLUMN is written tree … by=COLUMN"
    assert problems(OLD)[0] == f"warning {told} (espalier migrate --write rewrites it)"
    assert any("grid has no property tree" in one for one in problems(OLD.replace("layout 1", "layout 2")))


def test_a_file_without_a_version_has_that_of_the_file_that_takes_it() -> None:
    part = "grid parts tree=part_of"
    main = 'layout {}\ntable parts\nwindow {{ include "part.kdl" }}\n'
    assert [one[:7] for one in problems(main.format(1), part=part)] == ["warning"]
    assert [one[:5] for one in problems(main.format(2), part=part)] == ["error"]
    assert [one[:7] for one in problems(main.format(2), part=f"layout 1\n{part}")] == ["warning"]
    assert migrate_text(part).text == "tree parts by=part_of\n"


def test_a_newer_version_is_told_and_never_rewritten() -> None:
    text = f"layout {LANGUAGE_VERSION + 1}\nwindow\n"
    told = f"this is a layout of version {LANGUAGE_VERSION + 1}; this Espalier knows versions up to {LANGUAGE_VERSION}"
    assert problems(text) == [f"error main.kdl:1:8: {told} (a newer Espalier is needed)"]
    with pytest.raises(LayoutError, match="a newer Espalier is needed"):
        migrate_text(text)
    assert problems("layout 0\nwindow\n") == [
        f"error main.kdl:1:8: versions of the language begin at 1 (the newest is {LANGUAGE_VERSION})"
    ]


def test_every_migration_leads_to_words_of_the_newest_version() -> None:
    assert max(row.version for row in MIGRATIONS) <= LANGUAGE_VERSION
    for row in MIGRATIONS:
        names = {one.name for one in BUILT_IN[row.new_kind or row.kind].properties}
        assert names >= set(filter(None, row.properties.values()))
        assert row.has not in {one.name for one in BUILT_IN[row.kind].properties}, "the older spelling is gone"


def test_the_command_tells_checks_and_writes_all_or_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (tmp_path / "app").mkdir()
    old, wrong = tmp_path / "app" / "main.kdl", tmp_path / "app" / "wrong.kdl"
    old.write_text(OLD)
    wrong.write_text("window {")
    done = espalier(home, "migrate", str(tmp_path / "app"), "--write")
    assert (done.returncode, old.read_text()) == (1, OLD)
    assert "nothing was written" in done.stderr
    wrong.unlink()
    done = espalier(home, "migrate", str(tmp_path / "app"), "--check")
    assert (done.returncode, old.read_text()) == (1, OLD)
    assert f"{old}:7:16: a grid with tree=COLUMN is written tree … by=COLUMN" in done.stdout
    assert espalier(home, "migrate", str(tmp_path / "app")).returncode == 0
    assert espalier(home, "migrate", str(tmp_path / "app"), "--write").returncode == 0
    assert old.read_text() == NEW
    done = espalier(home, "migrate", str(tmp_path / "app"), "--check")
    assert (done.returncode, done.stdout) == (0, "1 layout looked at, 0 older\n")


def test_rules_for_grids_of_an_older_file_are_for_their_trees_as_well() -> None:
    text = 'layout 1\nstyle grid id=parts ground=fill\ntable parts source=parts\nwindow { grid parts id=parts tree=part_of }\n'
    layout, _ = check_layout("main.kdl", {"main.kdl": text.encode()}.get)
    assert [rule.kinds for rule in layout.styles] == [("grid", "tree")]
    new = migrate_text(text).text
    assert "style grid tree id=parts ground=fill" in new
    again, told = check_layout("main.kdl", {"main.kdl": new.encode()}.get)
    assert [rule.kinds for rule in again.styles] == [("grid", "tree")]
    assert [str(one) for one in told if "style" in str(one)] == []
    assert migrate_text(new).text == new
    plain = "layout 1\nstyle grid ground=fill\nwindow { grid orders }\n"
    assert "style grid ground=fill" in migrate_text(plain).text
