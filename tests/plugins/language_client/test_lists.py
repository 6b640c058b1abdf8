"""Lists of problems as tables: sorted, filtered and left by keys; what is told meanwhile comes in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import spin_until
from tests.plugins.editor_desk import press
from tests.plugins.language_client.conftest import LanguageDesk

FILES = {"notes.sql": "a\nb\n", "empty.txt": ""}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[LanguageDesk]:
    made = LanguageDesk(tmp_path_factory.mktemp("lists"), FILES, "empty.txt")
    yield made
    made.close()


def tell(desk: LanguageDesk, server: Any, *problems: tuple[int, int, str]) -> None:
    """Have the server tell of problems: line, severity, message."""
    import msgspec

    from plugins.scintilla.language_client.document import uri_of
    from plugins.scintilla.language_client.protocol import PublishedDiagnostics

    found = [{"range": {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 1}},
              "severity": severity, "message": message} for line, severity, message in problems]  # fmt: skip
    told = {"uri": uri_of(desk.folder / "notes.sql"), "diagnostics": found}
    server.diagnosed.emit(msgspec.convert(told, PublishedDiagnostics))


def cells(table: Any, column: str) -> list[Any]:
    """What stands in a column, from above, as it is shown."""
    keys = [table.row_key(number) for number in range(len(table.values))]
    return [table.values.get(key[0], {}).get(column) for key in keys if key is not None]


def test_problems_are_a_table(desk: LanguageDesk, rogue: Any) -> None:
    server = rogue("quiet")
    spin_until(lambda: server.state == "ready")
    tell(desk, server, (1, 2, "zeta"), (0, 2, "beta"), (1, 1, "alpha"))
    desk.pane.focus_code()
    press("Ctrl+F8")
    panel = desk.editor.list_panel()
    table = panel.table
    assert panel.title.text() == "3 problems" and table.hasFocus()
    spin_until(lambda: cells(table, "message") == ["alpha", "beta", "zeta"])
    assert cells(table, "severity") == ["error", "warning", "warning"] and cells(table, "line") == [2, 1, 2]
    table.sort_by(1, is_descending=True)
    spin_until(lambda: cells(table, "message") == ["zeta", "beta", "alpha"])
    spin_until(lambda: table.current.key is not None)
    table.go_to(next((key,) for key, row in table.values.items() if row["message"] == "beta"))
    tell(desk, server, (0, 2, "beta"), (1, 1, "gamma"))
    spin_until(lambda: cells(table, "message") == ["gamma", "beta"])
    assert table.values[table.current.key[0]]["message"] == "beta", "the row stays"
    assert panel.title.text() == "2 problems" and table.hasFocus()
    desk.pane.code.select(3, 3)
    press("Return")
    assert desk.pane.code.caret == 0 and desk.pane.code.host.view.hasFocus() and panel.isVisible()
    table.setFocus()
    press("Escape")
    assert not panel.isVisible() and desk.pane.code.host.view.hasFocus()
