"""Scripts of an app: found, compiled from its bytes, kept apart, errors with their place."""

from __future__ import annotations

import gc
import sys
from typing import Any

import pytest

from kernel.code.tree import ListedTree, memory_tree
from kernel.error import EspalierError
from shell.scripts import ScriptError, Scripts

FILES = {
    "scripts/desk/shipping.py": "from desk.prices import price\nfrom . import prices\n\ndef ship(app, order=1):\n"
    "    return app, order, price(), prices.price()\n\ndef fail(app):\n    return 1 / 0\n\n"
    "def refuse(app):\n    from kernel.error import EspalierError\n    raise EspalierError('out of stock')\n",
    "scripts/desk/prices.py": "def price():\n    return 5\n",
    "scripts/broken.py": "x = 1\ndef f(:\n",
    "scripts/raising.py": "value = 1\nvalue.nothing\n",
    "scripts/importer.py": "import desk.prices\nimport json as text\nimport top\n\n"
    "def run(app):\n    return desk.prices.price(), text.dumps([1]), top.NAME\n",
    "scripts/json.py": "raise RuntimeError('shadows the standard library')\n",
    "scripts/kernel.py": "raise RuntimeError('shadows ours')\n",
    "scripts/uses_ours.py": "from kernel.error import EspalierError\nimport json\n\n"
    "def run(app):\n    return EspalierError, json\n",
    "top.py": "NAME = 'top'\n",
    "scripts/pack/__init__.py": "from .inner import deep\n",
    "scripts/pack/inner.py": "from ..top import NAME\n\ndef deep(app):\n    return NAME\n",
    "scripts/outside.py": "from ... import x\n",
    "scripts/needy.py": "import desk.nothing\n",
    "scripts/record.py": "from __future__ import annotations\nfrom dataclasses import dataclass\n\n"
    "@dataclass\nclass Item:\n    size: int\n\ndef run(app):\n    return Item(3)\n",
    "scripts/counter.py": "count = 0\n\ndef run(app):\n    global count\n    count += 1\n    return count\n",
}


def scripts(**more: str) -> Scripts:
    files = {**FILES, **more}
    return Scripts("desk", memory_tree({path: text.encode() for path, text in files.items()}))


#: run → answer.
ANSWERS: dict[str, Any] = {
    "desk.shipping:ship": ("app", 1, 5, 5),
    "importer:run": (5, "[1]", "top"),
    "pack:deep": "top",
    "pack.inner:deep": "top",
}


@pytest.mark.parametrize("run", ANSWERS)
def test_a_function_is_found_and_called(run: str) -> None:
    assert scripts().call(run, "app") == ANSWERS[run]


def test_arguments_go_to_the_function() -> None:
    assert scripts().call("desk.shipping:ship", "app", order=7)[1] == 7


def test_a_script_shadows_neither_the_standard_library_nor_ours() -> None:
    import json

    assert scripts().call("uses_ours:run", None) == (EspalierError, json)
    assert sys.modules["json"] is json


def test_modules_are_kept_apart_from_the_process_and_other_apps() -> None:
    one, other = scripts(), scripts()
    assert [one.call("counter:run", None) for _ in range(2)] == [1, 2]
    assert other.call("counter:run", None) == 1
    assert "counter" not in sys.modules
    assert "desk" not in sys.modules


def test_closing_forgets_the_modules() -> None:
    before = set(sys.modules)
    one = scripts()
    one.call("pack:deep", None)
    assert {name for name in set(sys.modules) - before if name.startswith("espalier_app_")}
    one.close()
    del one
    gc.collect()
    assert not {name for name in set(sys.modules) - before if name.startswith("espalier_app_")}


def test_dataclasses_with_late_annotations_work() -> None:
    assert scripts().call("record:run", None).size == 3


#: run → place and a piece of the message.
ERRORS = {
    "desk.shipping:fail": ("desk/scripts/desk/shipping.py:8:1", "ZeroDivisionError: division by zero"),
    "desk.shipping:shp": ("desk/scripts/desk/shipping.py", "no function shp (did you mean ship?)"),
    "broken:f": ("desk/scripts/broken.py:2:7", "no Python: invalid syntax"),
    "raising:f": ("desk/scripts/raising.py:2:1", "AttributeError"),
    "needy:f": ("desk/scripts/needy.py:1:1", "No module named"),
    "outside:f": ("desk/scripts/outside.py:1:1", "beyond top-level package"),
    "nothing:f": ("", "desk has no script nothing (it is looked for as scripts/nothing.py and nothing.py)"),
    "no-colon": ("", "names no function"),
    "a:b:c": ("", "names no function"),
    "../x:f": ("", "names no function"),
    "desk.shipping:__class__.x": ("", "names no function"),
}


@pytest.mark.parametrize("run", ERRORS)
def test_an_error_names_its_place_in_the_app(run: str) -> None:
    place, message = ERRORS[run]
    with pytest.raises(ScriptError) as caught:
        scripts().call(run, None)
    assert str(caught.value.where or "") == place
    assert message in str(caught.value)


def test_our_own_errors_go_through_as_they_are() -> None:
    with pytest.raises(EspalierError, match="^out of stock$"):
        scripts().call("desk.shipping:refuse", None)


def test_a_module_that_failed_is_tried_again() -> None:
    files = {"late.py": "1 / 0"}
    loader = Scripts("desk", ListedTree(files, lambda path: files[path].encode()))
    with pytest.raises(ScriptError, match="ZeroDivisionError"):
        loader.function("late:f")
    with pytest.raises(ScriptError, match="ZeroDivisionError"):
        loader.function("late:f")


def test_code_that_a_function_imports_is_kept_too(tmp_path: Any, monkeypatch: Any) -> None:
    from kernel.code.compiled import CompiledCode

    files = {"late.py": "def run(app):\n    import other\n    return other.VALUE\n", "other.py": "VALUE = 7\n"}
    for expected in (True, False):
        kept = CompiledCode(tmp_path / "desk.code", lambda: b"k" * 32)
        compiled: list[bytes] = []
        monkeypatch.setattr(kept, "put", lambda *given, put=kept.put, to=compiled: (to.append(given[0]), put(*given)))
        one = Scripts("desk", memory_tree({path: text.encode() for path, text in files.items()}), kept)
        assert one.call("late:run", None) == 7
        one.close()
        assert bool(compiled) is expected


def test_what_a_folder_brings_is_looked_through_again_when_it_changed(tmp_path: Any, monkeypatch: Any) -> None:
    import layouts.app_brought
    from shell.app_local import LocalApp
    from tests.wheels import wheel

    looked: list[int] = []
    look_through = layouts.app_brought.look_through
    monkeypatch.setattr(layouts.app_brought, "look_through", lambda *given: looked.append(1) or look_through(*given))
    (tmp_path / "wheels").mkdir()
    (tmp_path / "app.toml").write_text('name = "desk"\nrequires.wheels = ["paint==1"]\n')
    name, data = wheel("paint", "1", {"paint.py": ""})
    (tmp_path / "wheels" / name).write_bytes(data)
    app = LocalApp(tmp_path)
    assert list(app.brought().wheels) == list(app.brought().wheels) == ["paint"]
    assert len(looked) == 1
    name, data = wheel("brush", "1", {"brush.py": ""})
    (tmp_path / "wheels" / name).write_bytes(data)
    with pytest.raises(EspalierError, match="does not require brush"):
        app.brought()
