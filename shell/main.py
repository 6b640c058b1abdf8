"""The console script ``espalier``. It is on the way to every first paint: it imports next to nothing.

The executable's own name is an app's name: a link ``shop -> espalier`` opens shop.
"""

from __future__ import annotations

import os
import sys

#: Names of the executable that mean no app.
OWN_NAMES = ("espalier", "espalier.exe", "espalier-script.py", "__main__.py", "main.py", "-c", "-m", "")


def main(argv: list[str] | None = None) -> int:
    """Run a command line and answer its exit code: 0, 1 when something failed, 2 when it was not understood."""
    if argv is not None:
        return _main(argv)
    if "do" in sys.argv and (code := _do(sys.argv)) is not None:
        return code
    from shell.version_choice import choose, folder_of, hand_over

    if (place := choose(sys.argv)) and (code := hand_over(place, folder_of(sys.argv))) is not None:
        return code
    from shell.ready.launcher import start_ready

    code = start_ready(sys.argv)
    if code is not None:
        return code
    from shell.bytecode import bytecode

    bytecode.install()
    code = _main(sys.argv)
    bytecode.keep()
    return code


def _do(argv: list[str]) -> int | None:
    """Have a command run by the window that is open; None when the line says something else, or is not understood."""
    if os.path.basename(argv[0]) not in OWN_NAMES:
        return None
    from shell.do.client import run, wanted

    given = wanted(argv)
    try:
        return None if given is None else run(given)
    except KeyboardInterrupt:
        return 130


def _main(argv: list[str]) -> int:
    is_debug = "--debug" in argv
    from kernel.error import EspalierError

    try:
        code = _run(os.path.basename(argv[0]) if argv else "", argv[1:])
        sys.stdout.flush()
        return code
    except EspalierError as error:
        _tell(error, is_debug)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain again when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        _tell(error, is_debug)
        return 1


def _run(program: str, words: list[str]) -> int:
    from kernel.quick_record import quick_records

    with quick_records():
        from shell.command_line import COMMANDS, split_options

    given, rest = split_options(words)
    if program not in OWN_NAMES:
        return _open(program, rest, given)
    if not rest:
        from shell.session import Session

        return _open(Session(given).config["boot.default"], rest, given)
    if rest[0].startswith("espalier:"):
        from shell.app_link import words_of

        rest = [*words_of(rest[0]), *rest[1:]]
    first, others = rest[0], rest[1:]
    if first in ("-h", "--help", "help"):
        from shell.argument_parser import help_text

        print(help_text())
        return 0
    if first == "--version":
        first = "version"
    command = COMMANDS.get(first)
    if command is None:
        return _open(first, others, given)
    return _run_command(command, others, given)


def _open(name: str, rest: list[str], given) -> int:
    """Open an app; anything behind its name is a mistake."""
    if name.startswith("-") or rest:
        from kernel.nearest import did_you_mean
        from shell.command_line import COMMANDS, OPTIONS, UsageError

        if rest and not name.startswith("-"):
            hint = did_you_mean(name, COMMANDS) or "espalier --help lists the commands"
            raise UsageError(f"{name} is no command and takes no {rest[0]}", hint=hint)
        hint = did_you_mean(name, [option.name for option in OPTIONS]) or "espalier --help lists the options"
        raise UsageError(f"there is no option {name}", hint=hint)
    from kernel.quick_record import quick_records
    from shell.later import later

    with quick_records(), later("ipaddress"):  # which urllib wants for addresses in brackets alone
        from shell.boot import run
    return run(name, given)


def _run_command(command, words: list[str], given) -> int:
    from importlib import import_module

    from shell.argument_parser import parse
    from shell.session import Session

    try:
        arguments = parse(command, words)
    except SystemExit as end:  # argparse has printed the help
        return int(end.code or 0)
    module, _, function = command.loader.partition(":")
    return getattr(import_module(module), function)(arguments, Session(given))


def _tell(error: Exception, is_debug: bool) -> None:
    """One clear line on standard error, of a layout every problem with its line; with --debug the traceback before."""
    if is_debug:
        import traceback

        traceback.print_exception(error)
    texts = [problem.text() for problem in getattr(error, "problems", ()) if hasattr(problem, "text")]
    if texts:
        print("\n".join(("espalier: this layout cannot be shown:", *texts)), file=sys.stderr)
        return
    print(f"espalier: {' '.join(_sentence(error).split())}", file=sys.stderr)


def _sentence(error: Exception) -> str:
    """What is wrong, with its place and hint; of several problems the first."""
    from kernel.error import EspalierError

    if not isinstance(error, EspalierError):
        return f"something went wrong: {type(error).__name__}: {error} (--debug shows where)"
    text = EspalierError.__str__(error)
    others = len(getattr(error, "problems", ())) - 1
    return text if others < 1 else f"{text}; and {others} more problem{'' if others == 1 else 's'}"


if __name__ == "__main__":
    sys.exit(main())
