"""Enums that are made quickly are those that ``enum`` makes: every class of Qt, and what is not plain."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
from enum import Enum, EnumType, Flag, FlagBoundary, IntEnum, IntFlag
from pathlib import Path
from types import MethodType

import pytest

from kernel.quick_enum import quick_enums

ROOT = Path(__file__).parent.parent.parent
KINDS = (Enum, IntEnum, Flag, IntFlag)
PLAIN = {
    "rising": [("One", 1), ("Two", 2), ("Four", 4)],
    "aliases": [("One", 1), ("Uno", 1), ("Two", 2), ("Due", 2), ("One2", 1)],
    "zero, masks and the sign": [("Zero", 0), ("Eight", 8), ("Mask", 15), ("All", -1), ("High", 1 << 31), ("Two", 2)],
    "falling": [("Four", 4), ("Two", 2), ("One", 1)],
    "names of methods": [("One", 1), ("name", 2), ("real", 4)],
    "one": [("One", 1)],
}
#: Attributes that an enum of its own has anew each time.
OWN = ("__dict__", "__weakref__", "__new_member__")


def facts(made: EnumType) -> dict[str, object]:
    """All that there is to an enum, without the enum itself."""
    told = {name: plain(value, made) for name, value in vars(made).items() if name not in OWN}
    return told | {
        "bases": made.__mro__[1:],
        "order": [member._name_ for member in made],
        "members": [(name, vars_of(member)) for name, member in made.__members__.items()],
        "texts": [(repr(member), str(member), format(member), hash(member)) for member in made],
        "found": [made(member._value_) is member and made[member._name_] is member for member in made],
    }


def vars_of(member: Enum) -> list[tuple[str, object]]:
    return [(name, value) for name, value in vars(member).items() if not isinstance(value, type)]


def plain(value: object, made: EnumType) -> object:
    if isinstance(value, made):
        return value._name_, value._value_
    if isinstance(value, dict):
        return [(key, plain(one, made)) for key, one in value.items()]
    if isinstance(value, staticmethod):
        return value.__func__  # ``__new__`` in a class's body becomes one, set later it does not: called it is the same
    if isinstance(value, MethodType):
        return value.__func__
    if type(value).__name__ == "property" and hasattr(value, "clsname"):
        return "redirect", value.name
    return value


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pairs", PLAIN.values(), ids=PLAIN)
def test_a_plain_enum_is_the_one_that_enum_makes(kind: type[Enum], pairs: list[tuple[str, int]]) -> None:
    ordinary = kind("Made", list(pairs), boundary=FlagBoundary.KEEP)
    with quick_enums():
        quick = kind("Made", list(pairs), boundary=FlagBoundary.KEEP)
    assert facts(quick) == facts(ordinary)


@pytest.mark.parametrize("kind", [Flag, IntFlag])
def test_flags_join_and_part_as_ever(kind: type[Flag]) -> None:
    pairs = PLAIN["zero, masks and the sign"]
    ordinary = kind("Made", pairs, boundary=FlagBoundary.KEEP)
    with quick_enums():
        quick = kind("Made", pairs, boundary=FlagBoundary.KEEP)
    for one in (2, 8, 10, 15, 0, 64):
        for other in (2, 8, 15, 1 << 31):
            found, expected = quick(one) | quick(other), ordinary(one) | ordinary(other)
            assert (found.value, found.name, repr(found)) == (expected.value, expected.name, repr(expected))
            assert ((quick(one) & quick(other)).value, (~quick(one)).value) == (
                (ordinary(one) & ordinary(other)).value,
                (~ordinary(one)).value,
            )
            assert (quick(other) in quick(one), len(quick(one))) == (
                ordinary(other) in ordinary(one),
                len(ordinary(one)),
            )


def test_what_is_not_plain_is_made_as_ever() -> None:
    with quick_enums():
        words = Enum("Words", "one two")
        texts = Enum("Texts", [("One", "1"), ("Two", "2")])
        begun = Enum("Begun", ["One", "Two"], start=5)
        mixed = Enum("Mixed", [("One", "1")], type=str)
        with pytest.raises(TypeError):
            Enum("Twice", [("One", 1), ("One", 2)])
        with pytest.raises(ValueError, match="mro"):
            Enum("Bad", [("mro", 1)])
    assert [member.value for member in words] == [1, 2]
    assert [member.value for member in texts] == ["1", "2"]
    assert [member.value for member in begun] == [5, 6]
    assert mixed.One == "1"


def test_a_quick_enum_can_be_pickled_and_its_members_stay() -> None:
    with quick_enums():
        made = IntEnum("Pickled", [("One", 1), ("Two", 2)])
    globals()["Pickled"] = made
    assert made.__module__ == __name__
    assert pickle.loads(pickle.dumps(made.Two)) is made.Two
    with pytest.raises(AttributeError, match="cannot reassign member"):
        made.One = 3


def test_nothing_is_left_behind() -> None:
    before = EnumType._create_
    with pytest.raises(KeyError), quick_enums():
        raise KeyError
    assert EnumType._create_ is before


def test_every_enum_of_qt_is_the_same() -> None:
    """Of the classes that starts look at; in two processes, as a class of Qt is set up once in each."""
    told = [told_of_qt(way) for way in ("quick", "ordinary")]
    assert len(told[0]) > 10_000
    assert told[0] == told[1]


def told_of_qt(way: str) -> str:
    code = (
        "import contextlib\n"
        "from tests.kernel.test_quick_enum import facts\n"
        "from kernel.quick_enum import quick_enums\n"
        f"with quick_enums() if {way!r} == 'quick' else contextlib.nullcontext():\n"
        "    from PySide6 import QtCore, QtGui, QtWidgets\n"
        "    found = [QtCore.Qt, QtCore.QEvent, QtGui.QPainter, QtGui.QFont, QtWidgets.QStyle]\n"
        "    found += [QtCore.QLocale, QtCore.QTimeZone, QtGui.QFontDatabase, QtWidgets.QLineEdit, QtCore]\n"
        "for one in found:\n"
        "    for name, value in sorted(vars(one).items()):\n"
        "        if isinstance(value, type) and hasattr(value, '__members__'):\n"
        "            print(one, name, value.__qualname__, value.__module__, sorted(facts(value).items(), key=str))\n"
    )
    environ = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    return re.sub(" at 0x[0-9a-f]+", "", done.stdout)


def test_a_start_makes_the_enums_of_qt_quickly() -> None:
    code = (
        "import enum\n"
        "made, ordinary = [], enum.EnumType.__new__\n"
        "def note(kind, name, *rest, **more):\n"
        "    made.append(name)\n"
        "    return ordinary(kind, name, *rest, **more)\n"
        "enum.EnumType.__new__ = note\n"
        "from shell.qt import import_qt\n"
        "import_qt()\n"
        "from PySide6.QtCore import Qt\n"
        "print(len(Qt.Key), *made)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    keys, *made = done.stdout.split()
    assert int(keys) > 400
    assert {"Key", "AlignmentFlag", "GlobalColor"} & set(made) == set()
    assert "Shape" in made
