"""The apps in the pages of the plugins are right: their sources and layouts pass the check."""

from __future__ import annotations

from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "docs" / "plugins"


@pytest.mark.parametrize("name", ["bluetooth", "garden-pages", "wifi"])
def test_the_example_of_a_plugin_is_right(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    from shell.main import main

    assert main(["espalier", "check", str(PAGES.parent / "examples" / name)]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("name", ["git", "wifi", "bluetooth"])
def test_the_app_of_a_plugins_page_is_right(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from shell.main import main

    guide = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    source, layout = guide.split("```toml\n")[1].split("```")[0], guide.split("```kdl\n")[1].split("```")[0]
    (tmp_path / "app.toml").write_text(f'name = "example"\ntitle = "Example"\nlayout = "main.kdl"\n\n{source}')
    (tmp_path / "main.kdl").write_text(layout)
    assert main(["espalier", "check", str(tmp_path)]) == 0, capsys.readouterr().out
