"""The plugins that an app brings: files of its verified release, imported by the app's own finder, for this app alone.

Their code is code of the app: its person has agreed to it before anything of the app runs, and it runs in the app's
process. A newer release's is taken when the app is started again.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kernel.code.app_code import AppCode
from kernel.config.error import Problem
from kernel.error import EspalierError, Where
from layouts.kinds.table import BUILT_IN
from layouts.plugin_manifest import OWN, parse_manifest
from plugins.registry import Plugin, take_plugins
from shell.builtin import COMMAND_IDS
from shell.kinds import plugin_set, put_plugin_set

if TYPE_CHECKING:
    from shell.session import Session


def take_app_plugins(session: Session, manifests: list[str]) -> None:
    """Have the plugins of the session's app in force, behind all others.

    Args:
        session: Its app is open.
        manifests: The paths of their manifests.
    """
    app: Any = session.app
    code = AppCode(app.info.name, app.tree(), roots=(OWN,))
    own = [_read(app, path, code) for path in manifests]
    config, before = session.config, plugin_set(session.config)
    found = take_plugins([*before.plugins, *own], BUILT_IN, COMMAND_IDS)
    for plugin, error in found.left_out:
        if plugin in own:
            config.tell(Problem(error.where or Where(str(plugin.directory)), error.message, error.hint))
    if any(plugin.manifest is not None and plugin.manifest.permissions for plugin in own):
        from shell.plugin_consent import ask_first

        ask_first(session, own)
    put_plugin_set(config, found._replace(left_out=(*before.left_out, *found.left_out)))


def _read(app: Any, path: str, code: AppCode) -> Plugin:
    name = path.split("/")[1]
    folder, package = Path(code.file_name(path)).parent, f"{code.prefix}.{name}"
    try:
        return Plugin(folder, parse_manifest(app.read_file(path) or b"", Path(path)), None, package)
    except EspalierError as error:
        return Plugin(folder, None, error, package)
