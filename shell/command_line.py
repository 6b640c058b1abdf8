"""The table of subcommands, and the options that every command line takes.

Opening an app parses nothing but those options; argparse is imported for subcommands and help alone.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from kernel.error import EspalierError
from shell.session import Given


class UsageError(EspalierError):
    """A command line that cannot be understood."""

    exit_code = 2


class Argument(NamedTuple):
    """One argument of a subcommand: its names (``("--port",)``), a doc, and what argparse is told besides."""

    names: tuple[str, ...]
    doc: str
    options: dict[str, Any] = {}


class CliCommand(NamedTuple):
    """One subcommand; ``loader`` is the ``module:function`` that runs it."""

    name: str
    doc: str
    arguments: tuple[Argument, ...]
    loader: str
    example: str = ""


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

_PATH = Argument(
    ("path",), "a layout file, or a folder with app.toml; this one when left out", {"nargs": "?", "default": "."}
)
_TARGET = Argument(("target",), "NAME, NAME@SERVER or NAME@HOST:PORT, or the path of a SQLite file or app folder")
_JSON = Argument(("--json",), "as JSON, for other programs", {"action": "store_true"})
_CACHE_ACTIONS = {"choices": ("stat", "verify", "gc", "keep"), "metavar": "action"}
_SERVICE_ACTIONS = {"choices": ("install", "status", "remove"), "metavar": "action"}
_LOGIN_ACTIONS = {"choices": ("on", "off", "status", "start"), "metavar": "action"}
_SYSTEMS = {"choices": ("systemd", "launchd", "windows"), "metavar": "SYSTEM", "default": ""}
_TABLE = Argument(("table",), "a table of it, or SOURCE/TABLE")
_APP = Argument(("app",), "the app's name on the server")
_SERVER = Argument(("--server",), "a known server or HOST:PORT, your own one when left out",
                   {"metavar": "NAME", "default": ""})  # fmt: skip
_PERCENT = Argument(("--percent",), "for so many of a hundred people on stable first",
                    {"type": float, "default": 100.0, "metavar": "N"})  # fmt: skip

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
            _JSON,
        ),
        "shell.commands_cli.do:run",
        'espalier do "table.sort orders total desc"',
    ),
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
        "check", "check layouts and app.toml", (_PATH, _JSON), "shell.commands_cli.check:run", "espalier check orders"
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
            _JSON,
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
            _JSON,
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
            _JSON,
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
            _JSON,
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
            _JSON,
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
            _JSON,
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
        (_PATH, _JSON),
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
    CliCommand(
        "server",
        "list, add, invite to, trust or remove servers by their keys; show your own key",
        (
            Argument(
                ("action",),
                "list, add NAME=HOST:PORT, join LINK or FILE, invite NAME, git NAME (how to clone its repository),"
                " trust NAME --key KEY, remove NAME, me",
                {
                    "nargs": "?",
                    "default": "list",
                    "metavar": "action",
                    "choices": ("list", "add", "join", "invite", "git", "trust", "remove", "me"),
                },
            ),
            Argument(("name",), "the server's name, NAME=HOST:PORT, or an invitation", {"nargs": "?", "default": ""}),
            Argument(("--key",), "the key that it must show, as espalier serve prints it", {"default": ""}),
            Argument(
                ("--fingerprint",), "the fingerprint it must have, as espalier keys list prints it", {"default": ""}
            ),
            Argument(("--address",), "with invite: where others reach it", {"metavar": "HOST:PORT", "default": ""}),
            _JSON,
        ),
        "shell.commands_cli.server:run",
        "espalier server add home=beast:5060",
    ),
    CliCommand(
        "audit",
        "tell what was changed on a server and what was refused, the newest first",
        (
            Argument(("server",), "a known server or HOST:PORT"),
            Argument(("filter",), "which lines, as an expression", {"nargs": "?", "default": ""}),
            Argument(("--most",), "how many lines, 100 when left out", {"type": int, "default": 100}),
        ),
        "shell.commands_cli.audit:run",
        """espalier audit home "app == 'shop' and table == 'items' and key == '[17]'\"""",
    ),
    CliCommand(
        "mirror",
        "write a mirror: a folder with the files of apps, which any web server may serve (option network.mirrors)",
        (
            Argument(("folder",), "the folder; made when it is missing"),
            Argument(("apps",), "NAME@SERVER or SERVER for all of its apps", {"nargs": "+"}),
        ),
        "shell.commands_cli.mirror:run",
        "espalier mirror /srv/mirror home shop@work",
    ),
    CliCommand(
        "cache",
        "what the cache of releases holds, whether it is whole, and removing what no app needs",
        (
            Argument(
                ("action",),
                "stat, verify (read all of it), gc (clean up) or keep (fetch the newest of what it has)",
                _CACHE_ACTIONS,
            ),
        ),
        "shell.commands_cli.cache:run",
        "espalier cache verify",
    ),
    CliCommand(
        "service",
        "have the system run the source server, or keep the cache up to date",
        (
            Argument(("action",), "install, status or remove", _SERVICE_ACTIONS),
            Argument(("words",), "serve DIR or cache; with status and remove: serve or cache", {"nargs": "*"}),
            Argument(("--host",), "with serve: the address to listen at", {"default": ""}),
            Argument(("--port",), "with serve: the port", {"type": int}),
            Argument(("--data",), "with serve: where the databases live", {"metavar": "DIR", "default": ""}),
            Argument(("--show",), "print the files and write nothing", {"action": "store_true"}),
            Argument(("--system",), "systemd, launchd or windows; this machine's when left out", _SYSTEMS),
            Argument(("--force",), "also where a file was edited", {"action": "store_true"}),
        ),
        "shell.commands_cli.service:run",
        "espalier service install serve apps --port 5060",
    ),
    CliCommand(
        "login",
        "have a process ready when you log in, so that the first window opens as quickly as the next ones (Linux)",
        (Argument(("action",), "on, off, status, or start (what the login runs)", _LOGIN_ACTIONS),),
        "shell.commands_cli.login:run",
        "espalier login on",
    ),
    CliCommand(
        "keys",
        "show and change who may sign what a server publishes",
        (
            Argument(
                ("action",),
                "list SERVER; make (your own key); rotate root|targets|snapshot|timestamp|pushes SERVER; revoke KEY"
                " SERVER; delegate APP KEY SERVER; add root|targets KEY SERVER; threshold root|targets|APP NUMBER"
                " SERVER; renew SERVER; restored SERVER (from an older backup); sign FILE; send FILE SERVER;"
                " forget SERVER",
                {"metavar": "action"},
            ),
            Argument(("words",), "what the action takes; the server last, or the directory of one that is stopped",
                     {"nargs": "*"}),
            Argument(("--only",), "with delegate: nobody else signs it, nor does the server", {"action": "store_true"}),
        ),
        "shell.commands_cli.keys:run",
        "espalier keys delegate shop ed25519:5f… home",
    ),
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
