"""What the agents of one boot share, and what the command line said."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from kernel.config import Config
    from kernel.config.option import Options
    from kernel.error import EspalierError
    from kernel.tables.schema import Schema
    from layouts.app_brought import Brought
    from layouts.kinds.kind import Kind
    from layouts.node import Layout
    from shell.app import OpenedApp
    from shell.places import Places
    from shell.script_runner import ScriptRunner
    from shell.scripts import Scripts
    from shell.server_link import Servers
    from shell.single import Claim


class Given(NamedTuple):
    """What every command line may say.

    Attributes:
        basedir: Directory for all files of the person; empty = the platform's.
        settings: ``NAME=VALUE`` texts that win over the file and the environment.
        is_debug: Whether errors come with their traceback.
        picture: A PNG file to draw the window into instead of staying open; empty = none.
    """

    basedir: str = ""
    settings: tuple[str, ...] = ()
    is_debug: bool = False
    picture: str = ""


class Session:
    """State of one boot; ``queue.session``.

    Attributes:
        given: What the command line said.
        name: What was opened, as :func:`shell.opening.open_target` takes it.
        app: The app that was opened (agents ``home``, ``open``).
        kinds: The widget kinds in force (agent ``plugins``).
        layout: The checked layout (agent ``layout``).
        windows: Windows that are open (agent ``window``).
        may_block: Whether the boot may wait for a server; not where a window of this process already lives.
        is_program: Whether the process is there for this session alone, so that signals are for its windows.
        waiting: A window with a loading page that the agent ``window`` shows the layout in.
        problem: Why there is no layout to show; a window shows it as a page.
        before_reload: Asked when a person reloads the app; what has answered no has told why.
        scripts_wait: Why scripts of a newer release wait until the app is started again; empty when they do not.
        loop: Runs the user interface until the last window closes; set by the agent ``window``.
        is_single: Whether an app that another process shows is not opened again; see :mod:`shell.single`.
        claims: The apps that this session alone shows, by their keys.
    """

    def __init__(
        self, given: Given, *, may_block: bool = True, is_program: bool = False, is_single: bool = False
    ) -> None:
        self.given = given
        self.name = ""
        self.is_single = is_single
        self.claims: dict[str, Claim] = {}
        self.may_block = may_block
        self.is_program = is_program
        self.waiting: Any = None
        self.problem: EspalierError | None = None
        self.app: OpenedApp | None = None
        self.kinds: dict[str, Kind] | None = None
        self.layout: Layout | None = None
        self.layout_path = ""
        #: A table's schema → the same in the language of the layout that was loaded; None = as it is.
        self.word_of: Callable[[Schema], Schema] | None = None
        self.windows: list[Any] = []
        self.loop: Callable[[], int] | None = None
        self.scripts_wait = ""
        self.before_reload: Callable[[], bool] | None = None
        self._config: Config | None = None
        self._servers: Servers | None = None
        self._scripts: Scripts | None = None
        self._places: Places | None = None
        self._brought: Brought | None = None
        self._runner: ScriptRunner | None = None

    @property
    def config(self) -> Config:
        """The person's configuration, read on first use."""
        if self._config is None:
            from kernel.config import load

            self._config = load(self.given.basedir or None, os.environ, self.given.settings, more=_plugin_options)
        return self._config

    @property
    def servers(self) -> Servers:
        """The servers of this process."""
        if self._servers is None:
            from shell.server_link import Servers

            self._servers = Servers(self.config)
        return self._servers

    @property
    def places(self) -> Places:
        """The private places of the person's apps."""
        if self._places is None:
            from shell.places import Places

            self._places = Places(self.config.paths.data, self.config.paths.cache)
        return self._places

    def load_layout(self, path: str = "", *, is_kept: bool = True) -> Layout:
        """A checked layout of the app, as its files are now; from the cache when they are known.

        Args:
            path: Of its file; ``layout_path`` when left out.
            is_kept: Whether to look into the cache and keep what was read there, which waits for the disk.

        Raises:
            LayoutError: it is wrong; holds every problem with its place.
        """
        from layouts.compiled import load_compiled
        from layouts.kinds.table import BUILT_IN
        from layouts.texts.language import catalogue_of, language_of
        from shell.kinds import known_names

        if self.app is None:
            raise RuntimeError("no app is open")
        kinds = BUILT_IN if self.kinds is None else self.kinds
        read_file, list_files = self.app.read_file, getattr(self.app, "list_files", None)
        known = known_names(None, list_files, self.config, permissions=lambda: _permissions(read_file))
        path = path or self.layout_path
        if is_kept:
            layout = load_compiled(self.servers.records, path, read_file, kinds=kinds, known=known)
        else:
            from layouts.load import load_layout

            layout = load_layout(path, read_file, kinds=kinds, known=known, is_lenient=True)
        found = catalogue_of(language_of(self.config["ui.language"], os.environ), read_file)
        if found is None:
            self.word_of = None
            return layout
        from layouts.texts.catalogue import schema_words, translated
        from layouts.texts.kept import kept_catalogue

        catalogue = kept_catalogue(self.servers.records, *found)
        self.word_of = schema_words(catalogue)
        return translated(layout, catalogue, kinds)

    def run_script(self, run: str, window: Any, *, command: str) -> None:
        """Run ``module:function`` of the app's scripts for a command of a window, beside the user interface.

        Answers at once. What goes wrong is told in the window.
        """
        if self._runner is None:
            from shell.script_runner import ScriptRunner

            self._runner = ScriptRunner(lambda: self.scripts)
        self._runner.start(command, run, window)

    @property
    def runs_scripts(self) -> bool:
        """Whether a script that a command began has not ended."""
        return self._runner is not None and self._runner.is_running

    @property
    def scripts(self) -> Scripts:
        """The script modules of the app as it is now."""
        from shell.scripts import open_scripts

        if self.app is None:
            raise RuntimeError("no app is open")
        if self._scripts is None:
            brought = self.app.brought()
            self._scripts = open_scripts(self.app, brought, self.servers)
            if self._brought is None:
                self.app.on_release(self._take_scripts)
            self._brought = brought
        return self._scripts

    def _take_scripts(self) -> None:
        """Of a newer release: its scripts at their next use, unless the app is to be started again for them."""
        from shell.newer_scripts import why_to_wait

        self.scripts_wait = why_to_wait(self.app, self._brought, self)
        if not self.scripts_wait:
            self.forget_scripts()

    def forget_scripts(self) -> None:
        """Read the scripts anew at their next use."""
        scripts, self._scripts = self._scripts, None
        if scripts is not None:
            scripts.close()

    def close(self) -> None:
        """Close the app and all links; after the scripts that run, which go on beside it."""
        if self._runner is None:
            self._close()
        else:
            self._runner.finish(self._close)

    def _close(self) -> None:
        for claim in self.claims.values():
            claim.close()
        if self.app is not None:
            self.app.close()
        if self._servers is not None:
            self._servers.close()
        if self._places is not None:
            self._places.close()


def _plugin_options(config: Config) -> Options:
    from plugins.options import options_of
    from shell.kinds import plugin_set

    return options_of(plugin_set(config).plugins)


def _permissions(read_file: Callable[[str], bytes | None]) -> tuple[str, ...]:
    """What an app asks for; nothing where its app.toml cannot be read, which is told elsewhere."""
    from layouts.app_manifest import AppError, read_app

    try:
        return read_app(read_file).permissions
    except AppError:
        return ()
