"""Scripts of an app: ``run="desk.shipping:ship"`` → a function of a Python module that is a file of the app.

The modules come straight from the app's verified files (:mod:`kernel.code`): they shadow nothing, import each other
(absolute or relative) and what is installed. Here their functions are found and called, and their failures get a place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from kernel.code.app_code import AppCode
from kernel.code.compiled import CompiledCode
from kernel.code.tree import FileTree
from kernel.digest import sha256_of
from kernel.error import EspalierError, Where
from kernel.module_name import ROOTS, is_reserved
from kernel.trust.seal import SIZE

if TYPE_CHECKING:
    from kernel.wheel.mount import Mounted
    from layouts.app_brought import Brought
    from shell.app import OpenedApp
    from shell.server_link import Servers


class ScriptError(EspalierError):
    """A script that is not there, does not compile, or failed; names file and line of the app."""


class Scripts:
    """The scripts of one opened app, as one release of it has them.

    Args:
        app: The app's name.
        tree: Its files.
        compiled: Where compiled code is kept; None = nowhere.
        wheels: The wheels that they import from.
        permissions: What the app asks for, to which its code is held; None where it is its person's own.
    """

    def __init__(
        self,
        app: str,
        tree: FileTree,
        compiled: CompiledCode | None = None,
        wheels: Mounted | None = None,
        permissions: Collection[str] | None = None,
    ) -> None:
        self._app = app
        self._wheels = wheels
        # Another opening of the same app (a newer release) gets modules of its own.
        self._code = AppCode(app, tree, compiled)
        if permissions is not None and not {"net", "run"} <= set(permissions):
            from kernel.code.permission import hold

            hold(self._code.file_name(""), app, permissions)

    def module(self, name: str) -> ModuleType | None:
        """The module of a dotted name, imported now if it was not before; None when the app has no such file.

        Raises:
            ScriptError: the module does not compile, or fails while it is imported.
        """
        return self._imported(name) if self._code.has(name) else None

    def function(self, run: str) -> Callable[..., Any]:
        """The function that ``module:function`` names; the module is imported now if it was not before.

        Raises:
            ScriptError: there is no such module or function, or the module fails.
        """
        name, _, function_name = run.partition(":")
        if not function_name.isidentifier() or not all(part.isidentifier() for part in name.split(".")):
            hint = "write module:function, desk.shipping:ship"
            raise ScriptError(f"{run!r} names no function of a script", hint=hint)
        if not self._code.has(name):
            raise ScriptError(f"{self._app} has no script {name}", hint=_where_looked(name))
        module = self._imported(name)
        function = getattr(module, function_name, None)
        if not callable(function):
            from kernel.nearest import did_you_mean

            known = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
            hint = did_you_mean(function_name, known)
            where = Where(self._code.shown(getattr(module, "__file__", "")))
            raise ScriptError(f"there is no function {function_name}", where=where, hint=hint)
        return function

    def call(self, run: str, app: Any, **arguments: Any) -> Any:
        """Call the function with the ``app`` object and the command's arguments.

        Raises:
            ScriptError: see :meth:`function`; also whatever the function raised, with its place in the app.
            EspalierError: as the function raised it (a refused commit, for instance).
        """
        function = self.function(run)
        try:
            return self._guarded(lambda: function(app, **arguments))
        finally:
            self._keep()  # what it has imported by itself

    def close(self) -> None:
        """Forget the modules; scripts that run go on with them."""
        self._code.close()

    def _imported(self, name: str) -> ModuleType:
        try:
            return self._guarded(lambda: self._code.module(name))
        finally:
            self._keep()

    def _keep(self) -> None:
        """Write what was compiled."""
        self._code.keep()
        if self._wheels is not None:
            self._wheels.keep()

    def _guarded(self, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except EspalierError:
            raise
        except SyntaxError as error:
            if file := self._code.shown(error.filename or ""):
                where = Where(file, error.lineno or 0, error.offset or 0)
                raise ScriptError(f"no Python: {error.msg}", where=where) from error
            raise self._failure(error) from error
        except (Exception, SystemExit) as error:  # sys.exit() in a script ends the script
            raise self._failure(error) from error

    def _failure(self, error: BaseException) -> ScriptError:
        text = str(error).replace(f"{self._code.prefix}.", "")
        return ScriptError(f"{type(error).__name__}: {text}", where=self._where(error))

    def _where(self, error: BaseException) -> Where | None:
        """The innermost place of the app in the error's traceback."""
        found = None
        trace = error.__traceback__
        while trace is not None:
            if file := self._code.shown(trace.tb_frame.f_code.co_filename):
                found = Where(file, trace.tb_lineno or 0, 1)
            trace = trace.tb_next
        return found


def open_scripts(app: OpenedApp, brought: Brought, servers: Servers) -> Scripts:
    """The scripts of an app as it is now, with its native libraries loaded and its wheels importable.

    Args:
        app: The app.
        brought: What it brings.
        servers: Of this process: they know the cache and the seal of compiled code.

    Raises:
        EspalierError: a wheel or library cannot be used, or those of another release are in use by this process.
    """
    tree = app.tree()

    def key() -> bytes:
        return servers.seal.close("compiled code", b"")[:SIZE]

    wheels = None
    if brought.libraries:
        from kernel.library.load import load_libraries

        load_libraries(brought.libraries, tree.read)
    if brought.wheels:
        from kernel.wheel.mount import mount

        wheels = mount(brought.wheels, tree.read, code_path("", servers).parent, key)
    compiled = CompiledCode(code_path(app.info.key, servers), key)
    manifest = getattr(app, "manifest", None)  # an app of a folder has none
    return Scripts(app.info.name, tree, compiled, wheels, None if manifest is None else manifest.permissions)


def code_path(key: str, servers: Servers) -> Path:
    """Where compiled code of an app is kept, by its key."""
    return Path(servers.cache.directory) / "code" / f"{sha256_of(key.encode()).hex()[:32]}.code"


def _where_looked(name: str) -> str:
    if is_reserved(top := name.partition(".")[0]):
        return f"{top} is the name of a module of Python's or Espalier's own: call the file something else"
    file = f"{name.replace('.', '/')}.py"
    return f"it is looked for as {' and '.join(f'{root}{file}' for root in ROOTS)}"
