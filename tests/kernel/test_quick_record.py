"""Named tuples that are made quickly are those that ``typing`` makes, but for their annotations, which stay texts."""

from __future__ import annotations

import collections
import inspect
import pickle
import re
import subprocess
import sys
import typing
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

from kernel.quick_record import quick_records

ROOT = Path(__file__).parent.parent.parent
HEAD = "from __future__ import annotations\nfrom typing import NamedTuple, Generic, TypeVar\nT = TypeVar('T')\n"
PLAIN = {
    "one field": "class Made(NamedTuple):\n    a: int\n",
    "defaults": "class Made(NamedTuple):\n    a: int\n    b: str | None = None\n    c: list[int] = [1]\n",
    "methods": (
        "class Made(NamedTuple):\n    'Doc.'\n    a: int\n    b: Unknown = 2\n    other = 5\n"
        "    def text(self): return f'{self.a}'\n    def __str__(self): return 'made'\n"
        "    @classmethod\n    def zero(cls): return cls(0)\n    @staticmethod\n    def one(): return 1\n"
        "    @property\n    def twice(self): return 2 * self.a\n"
    ),
    "most fields that are known": "class Made(NamedTuple):\n" + "".join(f"    f{n}: int\n" for n in range(10)),
    "more fields": "class Made(NamedTuple):\n" + "".join(f"    f{n}: int = {n}\n" for n in range(25)),
}
ODD = {
    "no annotation is a text": "class Made(NamedTuple):\n    a: 'int'\nMade.__annotations__\n",
    "generic": "class Made(NamedTuple, Generic[T]):\n    a: T\n",
    "equality of its own": "class Made(NamedTuple):\n    a: int\n    def __eq__(self, other): return True\n",
    "no fields": "class Made(NamedTuple):\n    pass\n",
}
WRONG = {
    "class Made(NamedTuple):\n    a: int = 1\n    b: int\n": TypeError,
    "class Made(NamedTuple):\n    a: int\n    def _replace(self): ...\n": AttributeError,
    "class Made(NamedTuple):\n    _a: int\n": ValueError,
    "class Made(NamedTuple):\n    a: int\n    def whose(self): return __class__\n": RuntimeError,
}


def made(text: str) -> Any:
    names: dict[str, Any] = {"__name__": __name__}
    exec(HEAD + text, names)
    return names["Made"]


def facts(value: object) -> object:
    """All that there is to a class, its functions taken apart."""
    if isinstance(value, type):
        told = {name: facts(one) for name, one in vars(value).items() if name != "__annotations__"}
        return told, value.__mro__[1:], value.__name__, value.__module__, value.__qualname__
    if isinstance(value, (classmethod, staticmethod)):
        return type(value), facts(value.__func__)
    if isinstance(value, property):
        return property, facts(value.fget)
    if isinstance(value, FunctionType):
        code = value.__code__
        shape = (code.co_code, code.co_varnames, code.co_argcount, code.co_names, code.co_filename, code.co_flags)
        cells = [facts(cell.cell_contents) for cell in value.__closure__ or ()]
        globals_ = value.__globals__["__name__"], sorted(value.__globals__)
        return shape, value.__defaults__, value.__name__, value.__qualname__, value.__doc__, cells, globals_
    return repr(value)


@pytest.mark.parametrize("text", [*PLAIN.values(), *ODD.values()], ids=[*PLAIN, *ODD])
def test_a_quick_record_is_the_one_that_typing_makes(text: str) -> None:
    ordinary = made(text)
    with quick_records():
        quick = made(text)
    assert facts(quick) == facts(ordinary)
    names = {"Unknown": int, "T": str}
    assert typing.get_type_hints(quick, names) == typing.get_type_hints(ordinary, names)


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="made as ever")
def test_annotations_stay_texts() -> None:
    with quick_records():
        quick = made(PLAIN["defaults"])
    assert quick.__annotations__ == {"a": "int", "b": "str | None", "c": "list[int]"}
    assert quick.__new__.__annotations__ == quick.__annotations__


def test_it_is_made_of_places_and_names() -> None:
    with quick_records():
        quick = made(PLAIN["methods"])
    assert quick(1) == quick(b=2, a=1) == (1, 2)
    assert (quick(3).twice, quick(3).text(), str(quick(3)), quick.zero().a) == (6, "3", "made", 0)
    assert list(inspect.signature(quick).parameters) == ["a", "b"]
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'a'"):
        quick()
    with pytest.raises(TypeError, match="unexpected keyword argument 'd'"):
        quick(1, d=2)
    globals()["Made"] = quick
    assert pickle.loads(pickle.dumps(quick(4))) == (4, 2)


@pytest.mark.parametrize("text", WRONG)
def test_what_is_refused_is_refused_as_ever(text: str) -> None:
    with pytest.raises(WRONG[text]) as ordinary:
        made(text)().whose()
    with quick_records(), pytest.raises(WRONG[text]) as quick:
        made(text)().whose()
    assert str(quick.value) == str(ordinary.value)


def test_nothing_is_left_behind() -> None:
    meta = type(typing._NamedTuple)
    before = meta.__new__
    with pytest.raises(KeyError), quick_records(), quick_records():
        raise KeyError
    assert meta.__new__ is before
    assert not hasattr(collections, "eval")


def test_every_record_of_a_start_is_the_same() -> None:
    """In two processes, as a module is imported once in each."""
    told = [told_of_start(way) for way in ("quick", "ordinary")]
    assert told[0].count("\n") > 20
    assert told[0] == told[1]


def told_of_start(way: str) -> str:
    code = (
        "import contextlib, sys\n"
        "from tests.kernel.test_quick_record import facts\n"
        "from kernel.quick_record import quick_records\n"
        f"with quick_records() if {way!r} == 'quick' else contextlib.nullcontext():\n"
        "    import shell.boot, shell.app_remote, kernel.delivery, layouts.kinds.table, plugins.registry\n"
        "    import shell.builtin, shell.keymap, kernel.config\n"
        "for name, module in sorted(sys.modules.items()):\n"
        "    if not name.startswith(('kernel.', 'layouts.', 'plugins.', 'shell.')):\n"
        "        continue\n"
        "    for one in list(vars(module).values()):\n"
        "        if isinstance(one, type) and issubclass(one, tuple) and one.__module__ == name:\n"
        "            print(name, one.__qualname__, facts(one))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return re.sub(" at 0x[0-9a-f]+", "", done.stdout)
