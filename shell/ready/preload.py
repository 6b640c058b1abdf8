"""Imports what a start imports, and makes none of it work yet."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from importlib import import_module

#: Modules that a start imports by itself, or by name, until its first paint.
_ROOTS = (
    "shell.main", "shell.boot", "shell.loop", "shell.window", "shell.trace", "shell.first_paint", "shell.app_home",
    "shell.app_local", "shell.app_remote", "shell.target", "shell.single", "shell.ready.fitting",
    "shell.version_choice", "shell.plugin_import", "kernel.expression.certain", "layouts.texts.walk", "kernel.cache",
    "kernel.config", "kernel.delivery", "kernel.tables.remote", "kernel.trust.server_trust", "kernel.wire.value",
    "layouts.compiled", "plugins.registry", "widgets.build",
    *(f"shell.agents.{agent}" for agent in ("config", "home", "layout", "open", "plugins", "tables", "window")),
)  # fmt: skip

#: Those that follow within the first second: garbage, assistive technology, the link to the server.
_NEXT = (
    "asyncio", "hashlib", "kernel.wire.connect", "kernel.wire.link_thread", "server.embedded", "shell.garbage",
    "shell.opening", "shell.single_window", "subprocess", "tomllib", "unicodedata", "widgets.grid.accessible",
    "widgets.grid.key", "widgets.grid.scroll",
)  # fmt: skip
#: Those that opening a database takes. Never numpy, which has threads.
_DATABASE = (
    "kernel.open_file", "kernel.tables.files.kind", "kernel.tables.source", "kernel.tables.sqlite.creation",
    "kernel.tables.sqlite.estimate", "kernel.tables.sqlite.landmark", "kernel.tables.sqlite.table",
    "layouts.app_manifest", "layouts.lint", "layouts.load", "layouts.scaffold", "shell.argument_parser",
    "shell.commands_cli.open", "shell.scaffolding", "widgets.giving_way", "widgets.tab_list",
)  # fmt: skip
#: Classes of Qt that come to a window without being asked for by name; PySide6 makes each at its first use.
_QT_TYPES = {
    "PySide6.QtCore": ("QAbstractItemModel", "QItemSelectionModel", "QMetaMethod", "QSocketNotifier"),
    "PySide6.QtGui": ("QGradient", "QInputMethodEvent", "QRegion", "QTextCursor", "QTextDocument", "QTransform"),
    "PySide6.QtWidgets": ("QAbstractItemView", "QAbstractSlider", "QListView", "QPlainTextEdit"),
}


def _modules() -> Iterator[str]:
    """The modules of the built-in widgets, editors and looks of cells."""
    from layouts.kinds.table import BUILT_IN
    from widgets.editor.table import EDITORS
    from widgets.grid.renderer.table import RENDERERS

    places = [kind.loader for kind in BUILT_IN.values() if kind.loader] + list(EDITORS.values())
    yield from (place.partition(":")[0] for place in places)
    yield from (f"widgets.grid.renderer.{renderer.loader.partition(':')[0]}" for renderer in RENDERERS)


def preload() -> None:
    """Import it, and keep Python's collector from looking through it in every copy."""
    from shell.bytecode import bytecode
    from shell.qt import import_qt, load_descriptions

    bytecode.install()
    import_qt()
    import msgspec

    from kernel.delivery.held import Held
    from kernel.release import Manifest
    from kernel.trust.state import State
    from plugins.registry import installed_places

    for name in (*_ROOTS, *_NEXT, *_DATABASE):
        import_module(name)
    for name in _modules():
        import_module(name)
    for module, names in _QT_TYPES.items():
        for name in names:
            getattr(import_module(module), name)
    msgspec.msgpack.Decoder(Held)  # which looks at the types for good
    msgspec.msgpack.Decoder(State)
    msgspec.json.Decoder(Manifest)
    for _ in load_descriptions():
        pass
    installed_places()
    bytecode.note()
    gc.collect()
    gc.freeze()
