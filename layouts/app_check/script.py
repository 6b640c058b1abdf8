"""An app's scripts: whether they are Python, and whether a name of theirs hides a module that is not theirs."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Collection, Iterator

from kernel.digest import sha256_of
from kernel.error import Where
from kernel.module_name import is_of_plugin
from layouts.problem import Problem, snippet

#: Bytes of one script; compiling takes time and memory in proportion.
MAX_SCRIPT = 2 << 20
#: Folders that are looked in for modules, besides the top.
ROOT = "scripts/"
#: Hashes of scripts that this process has found to be Python; most of what is published again is as it was.
_fine: set[bytes] = set()
_MOST_FINE = 20_000


def script_problems(
    paths: Collection[str], read_file: Callable[[str], bytes | None], packages: Collection[str]
) -> Iterator[Problem]:
    """What is wrong with the scripts among ``paths``.

    Args:
        paths: The app's files.
        read_file: A file's bytes.
        packages: Top-level modules that are the shell's.
    """
    told: set[str] = set()
    for path in sorted(path for path in paths if path.endswith(".py")):
        top = path.removeprefix(ROOT).partition("/")[0].removesuffix(".py")
        whose = "Python's own" if top in sys.stdlib_module_names else "the shell's" if top in packages else ""
        if whose and top not in told and not is_of_plugin(path):
            told.add(top)
            yield Problem(Where(path), f"the name {top} is {whose}", "give the module another name")
        yield from _syntax_problems(path, read_file(path) or b"")


def _syntax_problems(path: str, content: bytes) -> Iterator[Problem]:
    if len(content) > MAX_SCRIPT:
        message = f"this script has more than {MAX_SCRIPT >> 20} MiB"
        yield Problem(Where(path), message, "keep data in files of their own")
        return
    if (mark := sha256_of(content)) in _fine:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(content, path, "exec", dont_inherit=True)
        if len(_fine) >= _MOST_FINE:
            _fine.clear()
        _fine.add(mark)
    except SyntaxError as error:
        where = Where(path, error.lineno or 1, max(error.offset or 1, 1))
        yield Problem(where, f"no Python: {error.msg}", "", snippet(content.decode("utf-8", "replace"), where))
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        yield Problem(Where(path, 1, 1), f"no Python: {error or type(error).__name__}")
