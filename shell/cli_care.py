"""The subcommands of those who look after servers, caches and keys."""

from __future__ import annotations

from shell.cli_command import JSON, Argument, CliCommand

_CACHE_ACTIONS = {"choices": ("stat", "verify", "gc", "keep"), "metavar": "action"}
_SERVICE_ACTIONS = {"choices": ("install", "status", "remove"), "metavar": "action"}
_LOGIN_ACTIONS = {"choices": ("on", "off", "status", "start"), "metavar": "action"}
_SYSTEMS = {"choices": ("systemd", "launchd", "windows"), "metavar": "SYSTEM", "default": ""}

CARE: tuple[CliCommand, ...] = (
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
            JSON,
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
)
