"""Native libraries and extension modules for tests, compiled by gcc; no headers of Python are needed."""

from __future__ import annotations

import functools
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.waiting import PATIENCE_S

#: Put on tests that compile.
needs_gcc = pytest.mark.skipif(
    shutil.which("gcc") is None or platform.system() != "Linux", reason="gcc on Linux compiles what is tested"
)
#: What wheels with machine code for this machine have in their names.
WHEEL_TAG = f"cp311-abi3-manylinux_2_17_{platform.machine()}"

#: An extension module by Python's stable binary interface, written without its headers.
_MODULE = """
typedef struct {{ long count; void *type; void *init; long index; void *copy; const char *name; const char *doc;
    long size; void *methods; void *slots; void *traverse; void *clear; void *free; }} Module;
typedef struct {{ const char *name; void *(*call)(void *, void *); int flags; const char *doc; }} Method;
extern void *PyLong_FromLong(long); extern void *PyModule_Create2(Module *, int);
{before}
static void *answer(void *self, void *none) {{ return PyLong_FromLong({value}); }}
static Method methods[] = {{ {{"answer", answer, 4, 0}}, {{0, 0, 0, 0}} }};
static Module module = {{ 1, 0, 0, 0, 0, "{name}", 0, -1, methods, 0, 0, 0, 0 }};
void *PyInit_{name}(void) {{ return PyModule_Create2(&module, 3); }}
"""


@functools.cache
def library(soname: str, code: str, options: tuple[str, ...] = (), needs: tuple[tuple[str, bytes], ...] = ()) -> bytes:
    """A shared library.

    Args:
        soname: Its name; empty for none.
        code: In C.
        options: More of gcc's.
        needs: Libraries that it is linked with: (file name, content).
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "code.c").write_text(code)
        for name, content in needs:
            (place / name).write_bytes(content)
        named = [f"-Wl,-soname,{soname}"] if soname else []
        linked = [f"-l:{name}" for name, _ in needs]
        command = ["gcc", "-shared", "-fPIC", "-O1", "-w", *named, *options, "-o", "out.so", "code.c", "-L.", *linked]
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=PATIENCE_S)
        assert done.returncode == 0, done.stderr
        return (place / "out.so").read_bytes()


def extension(
    name: str, value: str, before: str = "", options: tuple[str, ...] = (), needs: tuple[tuple[str, bytes], ...] = ()
) -> bytes:
    """An extension module with a function ``answer``.

    Args:
        name: Of the module.
        value: What it answers, in C.
        before: Declarations.
        options, needs: As in :func:`library`.
    """
    return library("", _MODULE.format(name=name, value=value, before=before), options, needs)
