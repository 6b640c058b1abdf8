"""The door of plugins is stable: every name documented, none taken away, older ones told once."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
from types import ModuleType

import pytest

from plugins import api, deprecation
from plugins.deprecation import Old, PluginDeprecationWarning, deprecated
from shell import plugin_api_page


def test_every_name_of_the_door_is_in_the_reference_with_a_text() -> None:
    written = plugin_api_page.PAGE_PATH.read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", written, re.S | re.M))
    assert set(sections) == set(api.__all__), "run: make reference"
    assert [name for name, text in sections.items() if not re.sub(r"```.*?```", "", text, flags=re.S).strip()] == []


def test_no_name_was_taken_away() -> None:
    known = set(plugin_api_page.known_names())
    assert known >= set(api.__all__), "run: make reference"
    assert known - set(api.__all__) - set(deprecation.RENAMED) == set()
    assert sorted(api.__all__) == sorted(set(api.__all__)) and all(hasattr(api, name) for name in api.__all__)


def test_type_checkers_see_every_name_of_the_door() -> None:
    written = plugin_api_page.STUB_PATH.read_text(encoding="utf-8")
    assert written == plugin_api_page.stub(), "run: make reference"
    assert {"VERSION", *re.findall(r" as (\w+)$", written, re.M)} == set(api.__all__)


def test_a_name_is_imported_when_it_is_taken() -> None:
    code = (
        "import sys, plugins.api\n"
        "from plugins.api import Sort\n"
        "print(*(name for name in ('kernel.tables.query', 'widgets', 'PySide6', 'layouts') if name in sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "kernel.tables.query"


def test_the_version_of_the_door_is_that_of_manifests() -> None:
    from layouts.plugin_manifest import API_VERSION

    assert api.VERSION == API_VERSION


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module that uses the door."""
    monkeypatch.setattr(deprecation, "_told", set())
    return ModuleType("toyuser")


def told(toy: ModuleType, code: str) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exec(code, vars(toy))
    return [str(one.message) for one in caught if issubclass(one.category, PluginDeprecationWarning)]


def test_an_older_name_works_and_is_told_once(toy: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(deprecation.RENAMED, "text_out_of", Old("text_of", 2))
    said = told(toy, "from plugins.api import text_out_of\nfrom plugins.api import text_out_of as again")
    assert said == ["toyuser uses text_out_of, which plugins.api 2 has no more: use text_of"]
    assert toy.text_out_of is api.text_of
    assert told(toy, "import plugins.api\nplugins.api.text_out_of") == []


def test_an_older_function_works_and_is_told_once(toy: ModuleType) -> None:
    @deprecated("text_of", 2)
    def older(value: int) -> int:
        return value + 1

    toy.older = older
    assert told(toy, "results = [older(1), older(2)]") == [
        "toyuser uses older, which plugins.api 2 has no more: use text_of"
    ]
    assert toy.results == [2, 3]


def test_a_name_that_never_was_is_told_with_the_near_miss() -> None:
    with pytest.raises(ImportError, match="cannot import name 'text_off'"):
        exec("from plugins.api import text_off")
    with pytest.raises(AttributeError, match=r"plugins.api has no text_off \(did you mean text_of\?\)"):
        _ = api.text_off
