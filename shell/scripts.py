"""Scripts of an app: ``run="desk.shipping:ship"`` → a function of a Python module that is a file of the app.

Modules are compiled from the app's verified bytes and live under names of their own in ``sys.modules``, so they
shadow nothing and nothing of another app. They import each other (absolute or relative) and what is installed.
"""

from __future__ import annotations

import builtins
import itertools
import sys
from collections.abc import Callable
from types import CodeType, ModuleType
from typing import Any

from kernel.error import EspalierError, Where

#: Folders of the app where modules are looked for, in this order.
ROOTS = ("scripts/", "")
_numbers = itertools.count(1)


class ScriptError(EspalierError):
    """A script that is not there, does not compile, or failed; names file and line of the app."""


class Scripts:
    """The script modules of one opened app.

    Args:
        app: The app's name, for error messages.
        read_file: Bytes of a file of the app by path, or None.
    """

    def __init__(self, app: str, read_file: Callable[[str], bytes | None]) -> None:
        self._app = app
        self._read_file = read_file
        # Another opening of the same app (a newer release) gets modules of its own.
        self._prefix = f"espalier_app_{next(_numbers)}_{''.join(c if c.isalnum() else '_' for c in app)}"
        self._modules: dict[str, ModuleType] = {}
        self._files: dict[str, tuple[str, bytes] | None] = {}

    def module(self, name: str) -> ModuleType | None:
        """The module of a dotted name, imported now if it was not before; None when the app has no such file.

        Raises:
            ScriptError: the module does not compile, or fails while it is imported.
        """
        return self._guarded(lambda: self._module(name)) if self._find(name) is not None else None

    def function(self, run: str) -> Callable[..., Any]:
        """The function that ``module:function`` names; the module is imported now if it was not before.

        Raises:
            ScriptError: there is no such module or function, or the module fails.
        """
        name, _, function_name = run.partition(":")
        if not function_name.isidentifier() or not all(part.isidentifier() for part in name.split(".")):
            hint = "write module:function, desk.shipping:ship"
            raise ScriptError(f"{run!r} names no function of a script", hint=hint)
        if self._find(name) is None:
            file = f"{name.replace('.', '/')}.py"
            hint = f"it is looked for as scripts/{file} and {file}"
            raise ScriptError(f"{self._app} has no script {name}", hint=hint)
        module = self._guarded(lambda: self._module(name))
        function = getattr(module, function_name, None)
        if not callable(function):
            from kernel.nearest import did_you_mean

            known = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
            hint = did_you_mean(function_name, known)
            raise ScriptError(f"there is no function {function_name}", where=Where(module.__file__ or ""), hint=hint)
        return function

    def call(self, run: str, app: Any, **arguments: Any) -> Any:
        """Call the function with the ``app`` object and the command's arguments.

        Raises:
            ScriptError: see :meth:`function`; also whatever the function raised, with its place in the app.
            EspalierError: as the function raised it (a refused commit, for instance).
        """
        function = self.function(run)
        return self._guarded(lambda: function(app, **arguments))

    def close(self) -> None:
        """Forget the modules."""
        for module in self._modules.values():
            sys.modules.pop(module.__name__, None)
        self._modules.clear()

    def _guarded(self, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except EspalierError:
            raise
        except (Exception, SystemExit) as error:  # sys.exit() in a script ends the script
            raise ScriptError(f"{type(error).__name__}: {error}", where=self._where(error)) from error

    def _where(self, error: BaseException) -> Where | None:
        """The innermost place of the app in the error's traceback."""
        ours = {file[0] for file in self._files.values() if file}
        found = None
        trace = error.__traceback__
        while trace is not None:
            code: CodeType = trace.tb_frame.f_code
            if code.co_filename.startswith(f"{self._app}/") and code.co_filename in ours:
                found = Where(code.co_filename, trace.tb_lineno or 0, 1)
            trace = trace.tb_next
        return found

    def _find(self, name: str) -> tuple[str, bytes] | None:
        """File name as errors show it and bytes of a module, a package's ``__init__.py`` (perhaps empty) included."""
        if name not in self._files:
            self._files[name] = self._look_up(name)
        return self._files[name]

    def _look_up(self, name: str) -> tuple[str, bytes] | None:
        path = name.replace(".", "/")
        for root in ROOTS:
            for file in (f"{root}{path}.py", f"{root}{path}/__init__.py"):
                content = self._read_file(file)
                if content is not None:
                    return f"{self._app}/{file}", content
        return None

    def _module(self, name: str) -> ModuleType:
        """The module of a dotted name within the app, its packages first."""
        if name in self._modules:
            return self._modules[name]
        package, _, leaf = name.rpartition(".")
        parent = self._module(package) if package else None
        found = self._find(name) if name else None
        is_package = found is None or found[0].endswith("/__init__.py")
        module = ModuleType(f"{self._prefix}.{name}".rstrip("."))
        module.__file__ = found[0] if found else f"{self._app}/{name.replace('.', '/')}"
        module.__package__ = module.__name__ if is_package else module.__name__.rpartition(".")[0]
        if is_package:
            module.__path__ = []
        module.__builtins__ = {**vars(builtins), "__import__": self._import}
        self._modules[name] = sys.modules[module.__name__] = module
        if found:
            self._run(name, module, found)
        if parent is not None:
            setattr(parent, leaf, module)
        return module

    def _run(self, name: str, module: ModuleType, found: tuple[str, bytes]) -> None:
        import linecache

        file, content = found
        text = content.decode("utf-8", "replace")
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        try:
            exec(compile(content, file, "exec", dont_inherit=True), vars(module))
        except SyntaxError as error:
            self._drop(name)
            where = Where(error.filename or file, error.lineno or 0, error.offset or 0)
            raise ScriptError(f"no Python: {error.msg}", where=where) from error
        except BaseException:
            self._drop(name)
            raise

    def _drop(self, name: str) -> None:
        sys.modules.pop(self._modules.pop(name).__name__, None)

    def _import(self, name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        """``__import__`` of the app's modules: its own files first where nothing standard or ours has the name."""
        if level:
            name = self._absolute(name, str((globals or {}).get("__package__") or ""), level)
        elif not self._is_of_app(name, fromlist):
            return builtins.__import__(name, globals, locals, fromlist or (), 0)
        if not self._exists(name) and not self._holds(name, fromlist):
            raise ModuleNotFoundError(f"the app has no module {name}", name=name)
        module = self._module(name)
        if not fromlist:
            return self._module(name.partition(".")[0])
        for item in fromlist:
            if item != "*" and not hasattr(module, item) and self._exists(f"{name}.{item}" if name else item):
                setattr(module, item, self._module(f"{name}.{item}" if name else item))
        return module

    def _absolute(self, name: str, package: str, level: int) -> str:
        parts = package.removeprefix(self._prefix).strip(".").split(".")
        parts = [part for part in parts if part]
        if level - 1 > len(parts):
            raise ImportError("a relative import leads out of the app")
        return ".".join([*parts[: len(parts) - (level - 1)], *([name] if name else [])])

    def _is_of_app(self, name: str, fromlist: Any) -> bool:
        top = name.partition(".")[0]
        if top in _RESERVED or top in sys.stdlib_module_names:
            return False
        return self._exists(top) or self._exists(name) or self._holds(name, fromlist)

    def _holds(self, name: str, fromlist: Any) -> bool:
        """Whether the name is a folder of the app with one of the modules."""
        return any(self._find(f"{name}.{item}") is not None for item in fromlist or () if item.isidentifier())

    def _exists(self, name: str) -> bool:
        """Whether the name is a module, or a folder above one that was already found by its whole name."""
        if not name:
            return True
        if self._find(name) is not None:
            return True
        return any(known.startswith(f"{name}.") and file for known, file in self._files.items())


#: Names that stay ours, whatever files an app has.
_RESERVED = frozenset(
    ("kernel", "layouts", "server", "widgets", "plugins", "shell", "resources", "benchmarks", "PySide6", "shiboken6")
)
