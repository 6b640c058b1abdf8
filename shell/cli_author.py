"""The subcommands of those who write apps: making, checking, comparing and publishing them."""

from __future__ import annotations

from shell.cli_command import JSON, Argument, CliCommand

_PATH = Argument(
    ("path",), "a layout file, or a folder with app.toml; this one when left out", {"nargs": "?", "default": "."}
)
_APP = Argument(("app",), "the app's name on the server")
_SERVER = Argument(("--server",), "a known server or HOST:PORT, your own one when left out",
                   {"metavar": "NAME", "default": ""})  # fmt: skip
_PERCENT = Argument(("--percent",), "for so many of a hundred people on stable first",
                    {"type": float, "default": 100.0, "metavar": "N"})  # fmt: skip

AUTHOR: tuple[CliCommand, ...] = (
    CliCommand(
        "dev",
        "open an app folder and show every change of its files at once",
        (Argument(("folder",), "a folder with app.toml, this one when left out", {"nargs": "?", "default": "."}),),
        "shell.commands_cli.dev:run",
        "espalier dev apps/orders",
    ),
    CliCommand(
        "convert",
        "make an app of a Qt Designer form, an HTML page, a database or a file of rows",
        (
            Argument(("file",), "a .ui or .html file, a database, CSV and so on, or postgresql://user@host/database"),
            Argument(
                ("-o", "--out"),
                "the app's folder, called like FILE when left out; with .kdl at its end the layout alone",
                {"metavar": "OUT", "default": ""},
            ),
        ),
        "shell.commands_cli.convert:run",
        "espalier convert dialog.ui -o apps/dialog",
    ),
    CliCommand(
        "check", "check layouts and app.toml", (_PATH, JSON), "shell.commands_cli.check:run", "espalier check orders"
    ),
    CliCommand(
        "new",
        "make a folder with an app that opens, to begin with",
        (
            Argument(("folder",), "the new folder; the app is called like it"),
            Argument(
                ("--from",),
                "a starter app or an app's folder to copy, instead of an empty app",
                {"metavar": "APP", "default": "", "dest": "source"},
            ),
            Argument(("--title",), "what people read", {"default": ""}),
        ),
        "shell.commands_cli.new:run",
        "espalier new apps/tasks",
    ),
    CliCommand(
        "publish",
        "check an app's folder and release it on a server",
        (
            Argument(("folder",), "a folder with app.toml, this one when left out", {"nargs": "?", "default": "."}),
            _SERVER,
            Argument(("--channel",), "stable when left out; mine is your own", {"metavar": "NAME", "default": ""}),
            Argument(("--message",), "what to say of it", {"default": ""}),
            _PERCENT,
            Argument(("--shell",), "FOLDER is a checkout of Espalier: release the program itself, as the app “shell”",
                     {"action": "store_true"}),
            JSON,
        ),
        "shell.commands_cli.publish:run",
        "espalier publish apps/tasks --channel beta",
    ),
    CliCommand(
        "log",
        "tell what was published of an app, by whom, and what was refused and why",
        (
            _APP,
            _SERVER,
            Argument(("--channel",), "only lines of this channel", {"metavar": "NAME", "default": ""}),
            Argument(("--most",), "how many lines, 50 when left out", {"type": int, "default": 50}),
            JSON,
        ),
        "shell.commands_cli.releases:run_log",
        "espalier log tasks",
    ),
    CliCommand(
        "diff",
        "show what differs between two releases of an app, or between a release and a folder",
        (
            Argument(("target",), "an app's name on the server, or a folder with app.toml"),
            Argument(("first",), "number or version of a release; the one before when left out, of a folder the one "
                     "that the channel has", {"nargs": "?", "default": ""}),
            Argument(("second",), "the release to compare it with; the newest when left out",
                     {"nargs": "?", "default": ""}),
            _SERVER,
            Argument(("--channel",), "stable when left out", {"metavar": "NAME", "default": ""}),
            JSON,
        ),
        "shell.commands_cli.diff:run",
        "espalier diff apps/tasks",
    ),
    CliCommand(
        "rollback",
        "release an older release's content anew",
        (
            _APP,
            Argument(("to",), "its number or version; the one before when left out", {"nargs": "?", "default": ""}),
            _SERVER,
            Argument(("--channel",), "stable when left out", {"metavar": "NAME", "default": ""}),
            Argument(("--message",), "what to say of it", {"default": ""}),
            JSON,
        ),
        "shell.commands_cli.releases:run_rollback",
        "espalier rollback tasks 1.3",
    ),
    CliCommand(
        "promote",
        "give a channel what another one has, or a staged roll-out a larger part of everybody",
        (
            _APP,
            Argument(("--from",), "beta when left out; next is a staged roll-out",
                     {"metavar": "NAME", "default": "beta", "dest": "source"}),
            Argument(("--to",), "stable when left out", {"metavar": "NAME", "default": ""}),
            _SERVER,
            _PERCENT,
            Argument(("--message",), "what to say of it", {"default": ""}),
            JSON,
        ),
        "shell.commands_cli.releases:run_promote",
        "espalier promote tasks --from beta --percent 10",
    ),
    CliCommand(
        "unpublish",
        "take an app off a channel; whoever has it keeps it",
        (
            _APP,
            _SERVER,
            Argument(("--channel",), "stable when left out", {"metavar": "NAME", "default": ""}),
            Argument(("--message",), "what to say of it", {"default": ""}),
            JSON,
        ),
        "shell.commands_cli.releases:run_unpublish",
        "espalier unpublish tasks --channel beta",
    ),
    CliCommand(
        "fmt",
        "write layouts in their canonical form",
        (
            Argument(("paths",), "layout files, folders of them, or - for standard input", {"nargs": "+"}),
            Argument(("--check",), "change nothing, exit with 1 when one is not in it", {"action": "store_true"}),
        ),
        "shell.commands_cli.fmt:run",
        "espalier fmt apps",
    ),
    CliCommand(
        "migrate",
        "tell what layouts of older versions of the language write otherwise, and write it in the newest one",
        (
            Argument(("paths",), "layout files, or folders of them", {"nargs": "+"}),
            Argument(("--check",), "change nothing, exit with 1 when one is older", {"action": "store_true"}),
            Argument(("--write",), "rewrite them, comments kept, in canonical form", {"action": "store_true"}),
        ),
        "shell.commands_cli.migrate:run",
        "espalier migrate apps --write",
    ),
    CliCommand(
        "lsp",
        "serve an editor as a language server for layouts, app.toml and keys.toml, over standard input and output",
        (Argument(("--stdio",), "what it does anyway, for editors that say so", {"action": "store_true"}),),
        "shell.commands_cli.lsp:run",
        "espalier lsp",
    ),
    CliCommand(
        "texts",
        "gather an app's texts for translation and bring its catalogues (locale/LANGUAGE.po) up to them",
        (
            Argument(("path",), "a folder with app.toml"),
            Argument(("languages",), "languages to begin a catalogue for: de, pt_BR", {"nargs": "*"}),
        ),
        "shell.commands_cli.texts:run",
        "espalier texts apps/orders de",
    ),
    CliCommand(
        "tree",
        "show the tree of widgets that a layout makes",
        (_PATH, JSON),
        "shell.commands_cli.tree:run",
        "espalier tree main.kdl",
    ),
    CliCommand(
        "schema",
        "print the widget kinds as JSON Schema, of what tree --json prints",
        (),
        "shell.commands_cli.schema:run",
        "espalier schema",
    ),
)
