"""The table of subcommands, and the options that every command line takes.

More of its rows stand in ``cli_author`` and ``cli_care``. Opening an app parses nothing but those options; argparse is
imported for subcommands and help alone.
"""

from __future__ import annotations

from typing import NamedTuple

from kernel.error import EspalierError
from shell.cli_author import AUTHOR
from shell.cli_care import CARE
from shell.cli_command import JSON, Argument, CliCommand
from shell.session import Given


class UsageError(EspalierError):
    """A command line that cannot be understood."""

    exit_code = 2


class Option(NamedTuple):
    """An option of every command line; ``value`` is what its value is called, empty when it takes none."""

    name: str
    value: str
    doc: str


#: Options that may stand anywhere.
OPTIONS: tuple[Option, ...] = (
    Option("--basedir", "DIR", "keep all files of this person below DIR (also ESPALIER_BASEDIR)"),
    Option("--set", "NAME=VALUE", "an option for this run; may stand several times"),
    Option("--picture", "FILE", "draw the window into a PNG once its data has arrived, and end"),
    Option("--safe", "", "use no plugins in this run; cards stand in their place"),
    Option("--debug", "", "show where an error comes from"),
)

_TARGET = Argument(("target",), "NAME, NAME@SERVER or NAME@HOST:PORT, or the path of a SQLite file or app folder")
_TABLE = Argument(("table",), "a table of it, or SOURCE/TABLE")

_ROWS: tuple[CliCommand, ...] = (
    CliCommand(
        "open",
        "open an app by name, a database, an app folder or a layout",
        (
            Argument(
                ("target",),
                "NAME, NAME@SERVER or NAME@HOST:PORT, the path of a SQLite file, app folder or layout, or an address"
                " like postgresql://user@host/database",
            ),
            Argument(("--app",), "put the app made for a database into DIR", {"metavar": "DIR", "default": ""}),
            Argument(("--scaffold-only",), "make the app for a database and open no window", {"action": "store_true"}),
        ),
        "shell.commands_cli.open:run",
        "espalier open music.sqlite",
    ),
    CliCommand(
        "serve",
        "run the source server over a git repository of apps",
        (
            Argument(("directory",), "the repository; made with the starter apps when it is missing or empty"),
            Argument(("--host",), "the address to listen at (option server.host)"),
            Argument(("--port",), "the port, 0 = a free one (option server.port)", {"type": int}),
            Argument(
                ("--tls",), "TLS for clients on this machine too; others always have it", {"action": "store_true"}
            ),
            Argument(
                ("--nginx",), "have nginx in front, which serves files of releases from the disk",
                {"action": "store_true"},
            ),  # fmt: skip
            Argument(
                ("--web-port",), "with --nginx: a port of its web server alone, for mirrors and browsers",
                {"type": int, "default": 0},
            ),  # fmt: skip
            Argument(("--init",), "make a plain folder of apps a repository", {"action": "store_true"}),
            Argument(("--data",), "where the databases of hosted apps live", {"metavar": "DIR"}),
        ),
        "shell.commands_cli.serve:run",
        "espalier serve apps --port 5060",
    ),
    CliCommand(
        "do",
        "run a command in the window that is open, as a key there does",
        (
            Argument(
                ("line",),
                'the command and its arguments, "table.sort orders total desc"; - runs each line of standard input',
                {"nargs": "*"},
            ),
            Argument(("--app",), "the app that is meant where several are open: its name, or its window's title",
                     {"metavar": "NAME", "default": ""}),  # fmt: skip
            Argument(("--list",), "list the commands of the window that begin with LINE, with their arguments",
                     {"action": "store_true"}),
            Argument(("--apps",), "list what is open", {"action": "store_true"}),
            Argument(("--yes",), "questions that a command asks count as answered", {"action": "store_true"}),
            JSON,
        ),
        "shell.commands_cli.do:run",
        'espalier do "table.sort orders total desc"',
    ),
    *AUTHOR,
    CliCommand(
        "export",
        "write the rows of a table into a file (CSV, TSV, JSON, JSON lines, Parquet, Excel)",
        (
            _TARGET,
            _TABLE,
            Argument(("file",), "the file; its ending says the format"),
            Argument(("--filter",), "only rows for which EXPRESSION is true", {"metavar": "EXPRESSION", "default": ""}),
            Argument(
                ("--sort",),
                "sort keys: --sort=-placed,customer:label; a minus means downwards",
                {"metavar": "KEYS", "default": ""},
            ),
            Argument(("--columns",), "columns and paths, as id,customer.city", {"metavar": "PATHS", "default": ""}),
            Argument(("--format",), "the format, whatever the ending", {"metavar": "NAME", "default": ""}),
        ),
        "shell.commands_cli.export:run",
        "espalier export music.sqlite Track tracks.xlsx",
    ),
    CliCommand(
        "import",
        "bring the rows of a file into a table: all of them, or none",
        (
            Argument(("file",), "a file of CSV, TSV, JSON, JSON lines, Parquet, Arrow or Excel"),
            _TARGET,
            _TABLE,
            Argument(("--mode",), "add (default), merge (update rows whose key is there), update", {"default": "add"}),
            Argument(
                ("--map",),
                "a column of the file and the table's column for it; may stand several times",
                {"metavar": "GIVEN=COLUMN", "action": "append", "default": []},
            ),
            Argument(("--only-mapped",), "leave out columns that no --map names", {"action": "store_true"}),
            Argument(("--sheet",), "the sheet of a workbook", {"default": ""}),
            Argument(("--separator",), "what stands between the values of a CSV file", {"default": ""}),
            Argument(("--header",), "whether its first line has headings", {"choices": ("yes", "no"), "default": ""}),
            Argument(("--check",), "only say what would happen", {"action": "store_true"}),
        ),
        "shell.commands_cli.bring_in:run",
        "espalier import new.csv music.sqlite Track --mode merge",
    ),
    CliCommand(
        "config",
        "list, read, change or check options",
        (
            Argument(
                ("action",),
                "list (what is in force and why), get, set, path (of the file), check",
                {
                    "nargs": "?",
                    "default": "list",
                    "metavar": "action",
                    "choices": ("list", "get", "set", "path", "check"),
                },
            ),
            Argument(("name",), "the option, ui.theme", {"nargs": "?", "default": ""}),
            Argument(("value",), "its new value, with set", {"nargs": "?"}),
        ),
        "shell.commands_cli.config:run",
        "espalier config set ui.theme dark",
    ),
    CliCommand(
        "update",
        "take the newest Espalier that a server publishes as its app “shell”, from the next start on",
        (
            Argument(("server",), "a known server's name, or HOST:PORT; that of updates.shell when left out",
                     {"nargs": "?", "default": ""}),
            Argument(("--back",), "use the version before again", {"action": "store_true"}),
        ),
        "shell.commands_cli.update:run",
        "espalier update beast",
    ),
    CliCommand(
        "forget",
        "remove an app from this machine, with its private data; its server keeps it",
        (
            Argument(("target",), "NAME or NAME@SERVER, or an app's folder, which itself stays"),
            Argument(("--yes",), "do not ask", {"action": "store_true"}),
        ),
        "shell.commands_cli.forget:run",
        "espalier forget orders@beast",
    ),
    CliCommand(
        "kinds",
        "the widget kinds and their properties",
        (Argument(("kind",), "one kind in full", {"nargs": "?", "default": ""}),),
        "shell.commands_cli.kinds:run",
        "espalier kinds grid",
    ),
    CliCommand(
        "apps",
        "list the apps of a server",
        (Argument(("server",), "a known server or HOST:PORT, else all known ones", {"nargs": "?", "default": ""}),),
        "shell.commands_cli.apps:run",
        "espalier apps localhost:5060",
    ),
    *CARE,
    CliCommand(
        "keymap",
        "list every key with what it does, and what is wrong with your own; or tell all about one key",
        (Argument(("keys",), "a key or a sequence of keys (Ctrl+K Ctrl+T)", {"nargs": "*"}),),
        "shell.commands_cli.keymap:run",
        "espalier keymap Ctrl+K Ctrl+T",
    ),
    CliCommand(
        "plugin",
        "make a plugin to begin with, check one, list all, run the tests of one",
        (
            Argument(("action",), "new FOLDER, check FOLDER, list, test FOLDER", {"metavar": "action"}),
            Argument(("path",), "its folder, which is called like it; or its id", {"nargs": "?", "default": ""}),
            Argument(("words",), "with test: what pytest is told besides, behind --", {"nargs": "*"}),
        ),
        "shell.commands_cli.plugin:run",
        "espalier plugin new ~/espalier-plugins/dial",
    ),
    CliCommand("version", "tell the versions of Espalier and what it runs on", (), "shell.commands_cli.version:run"),
)

#: Name → row.
COMMANDS: dict[str, CliCommand] = {row.name: row for row in _ROWS}


def split_options(words: list[str]) -> tuple[Given, list[str]]:
    """The options of every command line, and the words that are left.

    Raises:
        UsageError: an option lacks its value.
    """
    given: dict[str, list[str]] = {}
    rest: list[str] = []
    known = {option.name: option for option in OPTIONS}
    waiting = list(reversed(words))
    while waiting:
        word = waiting.pop()
        name, equals, value = word.partition("=")
        option = known.get(name)
        if word == "--":
            rest += [word, *reversed(waiting)]
            break
        if option is None or (equals and not option.value):
            rest.append(word)
            continue
        if option.value and not equals:
            if not waiting:
                raise UsageError(f"{name} lacks its value", hint=f"write {name} {option.value}")
            value = waiting.pop()
        given.setdefault(name, []).append(value)
    last = {name: values[-1] for name, values in given.items()}
    return Given(
        basedir=last.get("--basedir", ""),
        settings=(*given.get("--set", ()), *(("plugins.use=false",) if "--safe" in given else ())),
        is_debug="--debug" in given,
        picture=last.get("--picture", ""),
    ), rest
