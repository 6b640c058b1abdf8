"""The modules that are imported: 150 of them, each with functions, a class, constants and imports of others."""

from __future__ import annotations

COUNT = 150
#: Functions of each module; with the rest some 6 kB of source.
_FUNCTIONS = 24


def modules() -> dict[str, str]:
    """Path → text: fifteen packages of ten modules, and one that imports them all."""
    files: dict[str, str] = {}
    names = [f"bench.part{number // 10}.module{number}" for number in range(COUNT - 16)]
    for number, name in enumerate(names):
        above = f"from .module{number - 1} import VALUES\n" if number % 10 else "VALUES = (0,)\n"
        files[f"{name.replace('.', '/')}.py"] = above + _body(number)
    for number in range(14):
        files[f"bench/part{number}/__init__.py"] = f'"""Part {number}."""\n'
    files["bench/__init__.py"] = '"""All parts."""\n'
    files["bench/all.py"] = "".join(f"import {name}\n" for name in names) + "COUNT = len(dir())\n"
    return files


def _body(number: int) -> str:
    parts = [f"\n\nclass Item{number}:\n    def __init__(self, value=None):\n        self.value = value\n"]
    parts += [
        f"\n\ndef function{index}(first, second={index}, *rest, **named):\n"
        f"    '''What function {index} of module {number} does with its arguments.'''\n"
        f"    total = sum(one for one in rest if one is not None) + {index} * second\n"
        f"    return {{'first': first, 'total': total, 'names': sorted(named), 'kind': 'kind {number} {index}'}}\n"
        for index in range(_FUNCTIONS)
    ]
    return "".join(parts)
