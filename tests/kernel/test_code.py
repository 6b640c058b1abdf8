"""Modules of an app as Python's import system sees them: packages, resources, sources, releases beside each other."""

from __future__ import annotations

import gc
import importlib
import importlib.resources
import inspect
import linecache
import pickle
import pkgutil
import runpy
import sys
import threading
import traceback
import weakref
from pathlib import Path
from types import ModuleType

import pytest

from kernel.code.app_code import AppCode
from kernel.code.compiled import CompiledCode
from kernel.code.module_map import ModuleMap
from kernel.code.tree import FolderTree, ListedTree, memory_tree
from tests.waiting import PATIENCE_S

FILES = {
    "app.toml": "name = 'desk'\n",
    "scripts/desk/__init__.py": '"""The desk."""\n',
    "scripts/desk/prices.py": "import desk.taxes\n\ndef price():\n    return 5 + desk.taxes.TAX\n",
    "scripts/desk/taxes.py": "TAX = 1\n\nclass Rate:\n    def __init__(self, value):\n        self.value = value\n",
    "scripts/desk/texts/hello.txt": "hällo",
    "scripts/desk/read.py": "from importlib.resources import files\nTEXT = (files(__package__) / 'texts/hello.txt')"
    ".read_text(encoding='utf-8')\n",
    "loose/part/leaf.py": "from ...top import NAME\nWHERE = __name__\n",
    "scripts/loose/other.py": "from .part import leaf\n",
    "top.py": "NAME = 'top'\n",
    "pictures/ship.png": "",
    "fails.py": "def fail():\n    number = 0\n    return 1 / number\n",
    "late.py": "def late():\n    from desk.prices import price\n    import top\n    return price(), top.NAME\n",
}
KEY = b"k" * 32


def tree(files: dict[str, str] | None = None) -> ListedTree:
    return memory_tree({path: text.encode() for path, text in (FILES if files is None else files).items()})


@pytest.fixture
def code():
    made = AppCode("desk", tree())
    yield made
    made.close()


def test_modules_import_each_other_and_know_their_packages(code: AppCode) -> None:
    prices = code.module("desk.prices")
    assert prices.price() == 6
    assert (prices.__package__, prices.__spec__.name) == (f"{code.prefix}.desk", f"{code.prefix}.desk.prices")
    assert code.module("desk").__doc__ == "The desk."
    assert code.module("desk").prices is prices


def test_folders_without_a_file_of_their_own_are_packages_of_all_roots(code: AppCode) -> None:
    assert code.module("loose.other").leaf.NAME == "top"
    package = code.module("loose")
    assert not hasattr(package, "__file__")
    assert [one.name for one in pkgutil.iter_modules(package.__path__)] == ["other"]
    assert not code.has("pictures")


def test_modules_of_a_package_are_listed(code: AppCode) -> None:
    found = pkgutil.iter_modules(code.module("desk").__path__, "desk.")
    assert [one.name for one in found] == ["desk.prices", "desk.read", "desk.taxes"]


def test_resources_are_files_of_the_release(code: AppCode) -> None:
    assert code.module("desk.read").TEXT == "hällo"
    files = importlib.resources.files(code.module("desk"))
    assert [one.name for one in files.iterdir()] == ["__init__.py", "prices.py", "read.py", "taxes.py", "texts"]
    assert [(files / name).is_dir() for name in ("texts", "prices.py", "nothing")] == [True, False, False]
    with importlib.resources.as_file(files / "texts" / "hello.txt") as path:
        assert path.read_text("utf-8") == "hällo"
    with pytest.raises(FileNotFoundError):
        (files / "nothing.txt").read_bytes()
    with pytest.raises(ValueError, match="leads out"):
        files / "../../app.toml"
    with pytest.raises(ValueError, match="only be read"):
        (files / "texts/hello.txt").open("w")


def test_tracebacks_and_inspect_show_the_lines(code: AppCode) -> None:
    fail = code.module("fails").fail
    with pytest.raises(ZeroDivisionError) as caught:
        fail()
    lines = traceback.format_exception(caught.value)
    assert any("fails.py\", line 3, in fail\n    return 1 / number" in line for line in lines), lines
    assert inspect.getsource(fail) == FILES["fails.py"]
    assert code.shown(fail.__code__.co_filename) == "desk/fails.py"


def test_objects_of_the_app_can_be_pickled(code: AppCode) -> None:
    rate = code.module("desk.taxes").Rate(3)
    assert pickle.loads(pickle.dumps(rate)).value == 3


def test_modules_can_be_reloaded_as_any_other(code: AppCode) -> None:
    taxes = code.module("desk.taxes")
    taxes.TAX = 7
    assert importlib.reload(taxes) is taxes and taxes.TAX == 1


def test_nothing_of_an_app_is_found_by_its_bare_name(code: AppCode) -> None:
    code.module("top")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("top")


def test_a_folder_is_read_as_a_release_is(tmp_path: Path) -> None:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    code = AppCode("desk", FolderTree(tmp_path, lambda path: (tmp_path / path).read_bytes()))
    assert code.module("desk.prices").price() == 6
    assert code.module("loose.other").leaf.NAME == "top"
    code.close()


# Releases beside each other


def real_modules(prefix: str) -> list[str]:
    """The names of modules in Python's list, without what stands in for those of releases that were replaced."""
    names = [name for name in sys.modules if name.partition(".")[0] == prefix]
    return [name for name in names if type(sys.modules[name]) is ModuleType]


def test_two_releases_are_there_at_once() -> None:
    old, new = AppCode("desk", tree()), AppCode("desk", tree({**FILES, "top.py": "NAME = 'new'\n"}))
    assert [code.module("late").late() for code in (old, new)] == [(6, "top"), (6, "new")]
    old.close(), new.close()


def test_what_runs_on_imports_from_its_own_release() -> None:
    old = AppCode("desk", tree())
    late = old.module("late").late
    old.close()
    new = AppCode("desk", tree({**FILES, "top.py": "NAME = 'new'\n"}))
    assert late() == (6, "top")
    assert real_modules(old.prefix) == []
    assert new.module("late").late() == (6, "new")
    new.close()


CLASSES = """
from __future__ import annotations
import dataclasses
import typing

@dataclasses.dataclass
class Rate:
    value: int
    other: Rate | None = None

def late():
    @dataclasses.dataclass
    class Late:
        rate: Rate
    return Late(Rate(1)), typing.get_type_hints(Rate)["value"]
"""


def test_what_runs_on_of_a_replaced_release_pickles_and_makes_classes() -> None:
    """``pickle``, ``dataclasses`` and ``typing`` look for a class's module in Python's list."""
    code = AppCode("desk", tree({"scripts/rates.py": CLASSES}))
    rates = code.module("rates")
    code.close()
    assert pickle.loads(pickle.dumps(rates.Rate(2, rates.Rate(3)))) == rates.Rate(2, rates.Rate(3))
    made, hint = rates.late()
    assert (made.rate, hint) == (rates.Rate(1), int)
    prefix = code.prefix
    del code, rates, made
    gc.collect()
    assert [name for name in sys.modules if name.startswith(prefix)] == []


def test_modules_import_each_other_in_circles() -> None:
    files = {
        "scripts/one.py": "import two\nONE = 1\ndef both(): return ONE + two.TWO\n",
        "scripts/two.py": "import one\nTWO = 2\ndef both(): return one.ONE + TWO\n",
    }
    code = AppCode("desk", tree(files))
    assert code.module("one").both() == code.module("two").both() == 3
    code.close()


def test_a_package_runs_as_a_program_as_python_m_does() -> None:
    files = {"scripts/tool/__init__.py": "", "scripts/tool/__main__.py": "from .part import N\nGOT = N, __name__\n",
             "scripts/tool/part.py": "N = 5\n"}  # fmt: skip
    code = AppCode("desk", tree(files))
    assert runpy.run_module(f"{code.prefix}.tool", run_name="__main__")["GOT"] == (5, "__main__")
    code.close()


def test_a_release_goes_when_nothing_of_it_is_left() -> None:
    code = AppCode("desk", tree())
    module = code.module("fails")
    linecache.getlines(module.__file__, vars(module))
    gone, name = weakref.ref(module), module.__file__
    code.close()
    del module, code
    gc.collect()
    assert gone() is None
    assert name not in linecache.cache


def test_releases_alternate_while_their_code_runs() -> None:
    """Threads go on with old releases while newer ones come: none of them ever meets another one's modules."""
    wrong: list[object] = []

    def read(late, expected) -> None:
        try:
            for _ in range(20):
                if late() != expected:
                    wrong.append(late())
        except Exception as error:
            wrong.append(error)

    threads, prefixes = [], []
    for number in range(60):
        code = AppCode("desk", tree({**FILES, "top.py": f"NAME = {number}\n"}))
        thread = threading.Thread(target=read, args=(code.module("late").late, (6, number)))
        thread.start()
        threads.append(thread)
        prefixes.append(code.prefix)
        code.close()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert wrong == [] and not any(thread.is_alive() for thread in threads)
    assert [name for prefix in prefixes for name in real_modules(prefix)] == []
    del threads, thread, code
    gc.collect()
    assert [name for name in sys.modules if name.partition(".")[0] in prefixes] == [], "nothing stands in for them"


# Compiled code


def counted(files: dict[str, str]) -> tuple[ListedTree, list[str]]:
    """A tree that knows its hashes, and the paths that were read of it."""
    from kernel.digest import sha256_of

    read: list[str] = []
    digests = {path: sha256_of(text.encode()).hex() for path, text in files.items()}
    return ListedTree(files, lambda path: read.append(path) or files[path].encode(), digests), read


def imported(files: dict[str, str], path: Path, key: bytes = KEY) -> list[str]:
    """Import a module that imports others; answers the files that were read for it."""
    source, read = counted(files)
    code = AppCode("desk", source, CompiledCode(path, lambda: key))
    assert code.module("desk.prices").price() == 6
    assert code.shown(code.module("desk.prices").price.__code__.co_filename) == "desk/scripts/desk/prices.py"
    code.keep()
    code.close()
    return read


def test_compiled_code_is_kept_and_nothing_else_is_read(tmp_path: Path) -> None:
    path = tmp_path / "code" / "desk.code"
    assert len(imported(FILES, path)) == 3
    assert imported(FILES, path) == []
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700


def test_a_changed_file_is_compiled_again(tmp_path: Path) -> None:
    path = tmp_path / "desk.code"
    imported(FILES, path)
    changed = {**FILES, "scripts/desk/taxes.py": "TAX = 0 + 1\n"}
    assert imported(changed, path) == ["scripts/desk/taxes.py"]
    assert imported(changed, path) == []


def test_sources_are_there_for_tracebacks_of_kept_code(tmp_path: Path) -> None:
    for _ in range(2):
        code = AppCode("desk", counted(FILES)[0], CompiledCode(tmp_path / "desk.code", lambda: KEY))
        assert inspect.getsource(code.module("fails").fail) == FILES["fails.py"]
        code.keep()
        code.close()


def test_a_file_that_cannot_be_written_is_gone_on_without(tmp_path: Path) -> None:
    (tmp_path / "code").write_text("a file where the folder should be")
    assert len(imported(FILES, tmp_path / "code" / "desk.code")) == 3


def test_modules_are_looked_for_as_python_does() -> None:
    found = ModuleMap(memory_tree(dict.fromkeys(("a.py", "a/__init__.py", "b.py", "b/c.py", "d/e/f.py"), b"")))
    assert [found.find(name) and found.find(name).path for name in ("a", "b", "b.c", "d.e.f", "d", "x")] == [
        "a/__init__.py", "b.py", "b/c.py", "d/e/f.py", "", None,
    ]  # fmt: skip
    assert [found.holds(name) for name in ("a", "d", "x", "json")] == [True, True, False, False]
