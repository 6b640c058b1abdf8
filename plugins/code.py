"""The code of plugins: imported at its first use, when what it needs is there; one that fails is switched off alone.

One :class:`Host` per process knows which modules are whose. An import that does not end is given up after a time; a
failure in a slot, a timer or a paint event is found by its traceback.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any

from kernel.disposer import Disposer, Disposers
from kernel.error import EspalierError, Where

if TYPE_CHECKING:
    from plugins.registry import Plugin

#: Seconds within which two changes of a file may look like one.
_UNSURE_S = 2.0
#: Failures outside of a constructor or a command after which a plugin is switched off: a paint event has many.
MOST_FAILURES = 3


class PluginError(EspalierError):
    """The code of a plugin cannot be used, or fails; names the plugin, and file and line of its code.

    Attributes:
        is_told: Whether the person was told already, so that each card need not say it in a message as well.
    """

    is_told = False


class Host:
    """The plugins whose code may be imported, and what became of it.

    Attributes:
        safe_reason: Why no plugin runs in this process; empty when they do.
        off: Id → why a plugin is switched off.
    """

    def __init__(self) -> None:
        self.safe_reason = ""
        self.off: dict[str, PluginError] = {}
        #: How many failures were blamed on plugins so far, and the last of them.
        self.blamed, self.last = 0, PluginError("")
        self._plugins: dict[str, Plugin] = {}
        self._failures: dict[str, int] = {}
        self._listeners: list[Callable[[Plugin, PluginError], None]] = []
        self._disposers: dict[str, Disposers] = {}

    def take(self, found: Iterable[Plugin]) -> None:
        """Know these plugins."""
        self._plugins.update((plugin.package, plugin) for plugin in found)

    def drop(self, plugin: Plugin) -> None:
        """Undo what a plugin has registered by :meth:`at_unload`, and forget its modules and failures."""
        disposers = self._disposers.pop(plugin.id, None)
        if disposers is not None:
            disposers()
        self._plugins.pop(plugin.package, None)
        self._failures.pop(plugin.id, None)
        self.off.pop(plugin.id, None)
        forget_modules(plugin.package)

    def part(self, plugin: Plugin) -> Disposers:
        """What a plugin has registered so far, taken out of the host: for code that is replaced."""
        return self._disposers.pop(plugin.id, Disposers())

    def join(self, plugin: Plugin, disposers: Disposers) -> None:
        """Put back what :meth:`part` took out; what was registered since then is undone."""
        self.part(plugin)()
        self._disposers[plugin.id] = disposers

    def known(self) -> list[Plugin]:
        """The plugins that it knows, those that are switched off too."""
        return list(self._plugins.values())

    def plugin_of(self, module: str) -> Plugin | None:
        """Whose a module is, by its dotted name."""
        parts = module.split(".")
        names = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
        return next((self._plugins[name] for name in names if name in self._plugins), None)

    def module(self, name: str) -> ModuleType:
        """A module by its dotted name; of a plugin it is imported when its needs are there.

        Raises:
            PluginError: the plugin is switched off, lacks a module, fails at its import or does not end it.
        """
        plugin = self.plugin_of(name)
        if plugin is None:
            return importlib.import_module(name)
        self.check(plugin)
        found = sys.modules.get(name)
        if found is not None and not getattr(found.__spec__, "_initializing", False):
            return found
        from kernel.quick_enum import quick_enums
        from plugins.watch import watched

        try:
            with watched(plugin.id), quick_enums():
                return importlib.import_module(name)
        except (KeyboardInterrupt, EspalierError):
            raise
        except BaseException as error:  # sys.exit() in a plugin ends nothing but the plugin
            blamed = self.blame(plugin, error)
            self.switch_off(plugin, blamed)
            raise blamed from error

    def load(self, plugin: Plugin, loader: str) -> Any:
        """What a plugin's ``module:name`` names.

        Raises:
            PluginError: as :meth:`module`; or there is no such name.
        """
        self._plugins.setdefault(plugin.package, plugin)
        module, _, name = loader.partition(":")
        found = self.module(f"{plugin.package}.{module}")
        if not hasattr(found, name):
            hint = f"its plugin.toml names {loader}"
            raise PluginError(f"the plugin {plugin.id} has no {name} in its module {module}", hint=hint)
        return getattr(found, name)

    def check(self, plugin: Plugin) -> None:
        """Refuse a plugin that is switched off or lacks a module, with what to type.

        Raises:
            PluginError: it cannot be used.
        """
        if self.safe_reason:
            error = PluginError(f"the plugin {plugin.id} is not used: {self.safe_reason}")
            error.is_told = True
            raise error
        if plugin.id in self.off:
            raise self.off[plugin.id]
        for module in plugin.manifest.modules:
            if not has_module(module.name):
                raise PluginError(f"the plugin {plugin.id} needs {module.name}, which is missing", hint=module.install)

    def blame(self, plugin: Plugin, error: BaseException) -> EspalierError:
        """An error of a plugin's code with the plugin's name and the place in it; those for people stay."""
        if isinstance(error, EspalierError):
            return error
        self.blamed += 1
        said = f"the plugin {plugin.id} fails: {type(error).__name__}: {error}".removesuffix(": ")
        blamed = PluginError(said, where=place_in(plugin, error), hint=f"espalier plugin check {plugin.directory}")
        blamed.__cause__ = error
        self.last = blamed
        return blamed

    def blame_kind(self, loader: str, error: Exception) -> Exception:
        """The same for a widget of a kind, which a plugin's or ours; see :data:`widgets.recipe.blamed`."""
        plugin = self.plugin_of(loader.partition(":")[0])
        return error if plugin is None else self.blame(plugin, error)

    def note(self, error: BaseException) -> tuple[EspalierError | None, bool]:
        """What is said of an error that nobody caught, None when no plugin is in its traceback; and whether it is news.

        A plugin that fails so again and again is switched off; what it does after that is no news.
        """
        plugin = self._in_traceback(error.__traceback__)
        if plugin is None:
            return None, True
        blamed = self.blame(plugin, error)
        if plugin.id in self.off:
            return blamed, False
        self._failures[plugin.id] = self._failures.get(plugin.id, 0) + 1
        if self._failures[plugin.id] >= MOST_FAILURES:
            self.switch_off(plugin, blamed)
        return blamed, True

    def switch_off(self, plugin: Plugin, error: PluginError) -> None:
        """Use a plugin no more; who listens puts cards in the place of its widgets."""
        self.off[plugin.id] = error
        error.is_told = True
        for listener in list(self._listeners):
            listener(plugin, error)


    def watch(self, listener: Callable[[Plugin, PluginError], None]) -> None:
        """Tell the listener which plugin was switched off and why; once, however often it is given."""
        if listener not in self._listeners:
            self._listeners.append(listener)

    def at_unload(self, plugin: str, disposer: Disposer) -> Disposer:
        """See :func:`at_unload`."""
        return self._disposers.setdefault(plugin, Disposers()).add(disposer)

    def _in_traceback(self, trace: TracebackType | None) -> Plugin | None:
        """The plugin whose code is innermost in a traceback."""
        found = None
        while trace is not None:
            found = self.plugin_of(trace.tb_frame.f_globals.get("__name__", "")) or found
            trace = trace.tb_next
        return found


#: One per process.
host = Host()


def at_unload(plugin: str, disposer: Disposer) -> Disposer:
    """Have ``disposer`` called when the plugin is switched off or loaded anew: for threads, sockets and what is global.

    Args:
        plugin: The plugin's own id.
        disposer: Undoes what was registered.
    """
    return host.at_unload(plugin, disposer)


def has_module(name: str) -> bool:
    """Whether a module can be found; of ``a.b`` the package a is imported for that."""
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def place_in(plugin: Plugin, error: BaseException) -> Where:
    """The innermost place of a plugin's code in an error's traceback; its folder when there is none."""
    folder, found = str(plugin.directory), Where(str(plugin.directory))
    if isinstance(error, SyntaxError) and str(error.filename or "").startswith(folder):
        return Where(str(error.filename), error.lineno or 0, error.offset or 1)
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(folder):
            found = Where(file, trace.tb_lineno or 0, 1)
        trace = trace.tb_next
    return found


def forget_modules(package: str) -> None:
    """Take a package and all below it out of Python's table of modules."""
    for name in list(sys.modules):  # a thread may import meanwhile
        if name != package and not name.startswith(package + "."):
            continue
        module = sys.modules.pop(name, None)  # it may have gone meanwhile as well
        if module is not None:
            _forget_compiled(module)
    parent, _, own = package.rpartition(".")
    if parent in sys.modules:
        vars(sys.modules[parent]).pop(own, None)


def _forget_compiled(module: ModuleType) -> None:
    """Remove what Python has compiled of a file that was written just before.

    Python knows a file that was written anew by its size and by whole seconds (importlib, SourceLoader.path_stats), so
    that a change right after another would not be seen.
    """
    source, compiled = getattr(module, "__file__", None), getattr(module, "__cached__", None)
    try:
        if source and compiled and os.path.getmtime(compiled) - os.path.getmtime(source) < _UNSURE_S:
            os.unlink(compiled)
    except OSError:
        return  # never written, gone already, or not ours to remove: then nobody works on it here
