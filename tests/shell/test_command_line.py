"""The command line as a person meets it: real processes, their words and exit codes."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from shell.argument_parser import help_text, parser_of
from shell.command_line import COMMANDS, OPTIONS, UsageError, split_options
from tests.waiting import PATIENCE_S

ROOT = Path(__file__).parents[2]


def espalier(basedir: Path, *words: str, name: str = "espalier", **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command line with a throw-away home and no embedded server."""
    code = f"import sys; sys.argv[0] = {name!r}; from shell.main import main; sys.exit(main())"
    variables = {**os.environ, "ESPALIER_BASEDIR": str(basedir), "ESPALIER_SERVER_EMBEDDED": "false", **environ}
    command = [sys.executable, "-c", code, *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, env=variables, cwd=ROOT)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with one of everything that may be opened, and with what may not."""
    (tmp_path / "empty.sqlite").write_bytes(b"")
    (tmp_path / "text.sqlite").write_text("no database\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "good.kdl").write_text('layout 1 title="A"\nwindow { label "hello" }\n')
    (tmp_path / "bad.kdl").write_text('layout 1\nwindow { lable "hello" }\n')
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "app.toml").write_text('name = "a"\ntitl = "x"\n')
    connection = sqlite3.connect(tmp_path / "good.sqlite")
    connection.executescript("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)")
    connection.close()
    return tmp_path


#: words ({} = the folder of files) → exit code and a piece of the one line on standard error.
ERRORS: dict[str, tuple[int, str]] = {
    "chek x": (2, "chek is no command and takes no x (did you mean check?)"),
    "--basdir": (2, "there is no option --basdir (did you mean --basedir?)"),
    "--basedir": (2, "--basedir lacks its value (write --basedir DIR)"),
    "open": (2, "the following arguments are required: target"),
    "open a --scafold-only": (2, "open does not take --scafold-only (did you mean --scaffold-only?)"),
    "open home --scaffold-only": (2, "are for databases"),
    "open {}/nothing.sqlite": (1, "there is no file {}/nothing.sqlite"),
    "open {}/empty.sqlite": (1, "{}/empty.sqlite is empty"),
    "open {}/text.sqlite": (1, "{}/text.sqlite is no SQLite database"),
    "open {}/text.sqlite --scaffold-only": (1, "{}/text.sqlite is no SQLite database"),
    "open {}/folder": (1, "{}/folder holds no app"),
    "open {}/good.kdl": (1, "good.kdl belongs to no app"),
    "open {}/app": (1, "app.toml:2:1: app.toml has no entry titl (did you mean title?)"),
    "nothing": (1, "no server is known to ask for nothing"),
    "shop@nowhere": (1, "there is no known server nowhere"),
    "shop@localhost:1": (1, "shop@localhost:1 was never opened here, and the server does not answer"),
    "@x": (1, "names no app"),
    "serve": (2, "required: directory"),
    "serve {}/x --port z": (2, "argument --port: invalid int value: 'z'"),
    "check {}/nothing": (1, "there is no file or folder {}/nothing"),
    "check {}/folder": (1, "{}/folder holds no app.toml and no layouts"),
    "tree {}/bad.kdl": (1, "bad.kdl:2:10: "),
    "config get": (2, "config get lacks the option's name"),
    "config get ui.thm": (1, "there is no option ui.thm (did you mean ui.theme?)"),
    "config set ui.theme": (2, "config set lacks the value"),
    "config set ui.theme drak": (1, "must be one of system, light, dark (did you mean dark?)"),
    "config lst": (2, "invalid choice: 'lst'"),
    "kinds gird": (1, "there is no widget kind gird (did you mean grid?)"),
    "apps nowhere": (1, "there is no known server nowhere"),
}


@pytest.mark.parametrize("words", ERRORS)
def test_an_error_is_one_clear_line_and_an_exit_code(words: str, files: Path) -> None:
    code, expected = ERRORS[words]
    done = espalier(files / "home", *(word.replace("{}", str(files)) for word in words.split()))
    assert done.returncode == code, done.stderr
    assert expected.replace("{}", str(files)) in done.stderr
    assert done.stderr.startswith("espalier: ")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_debug_adds_the_traceback(files: Path) -> None:
    done = espalier(files / "home", "--debug", "open", f"{files}/empty.sqlite")
    assert "Traceback" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("espalier: ")


def test_help_tells_every_command_argument_and_option(tmp_path: Path) -> None:
    said = espalier(tmp_path, "--help")
    assert said.returncode == 0
    assert said.stdout.strip() == help_text().strip()
    for command in COMMANDS.values():
        assert command.doc in said.stdout
        assert all(argument.doc in said.stdout for argument in command.arguments)
    assert all(option.doc in said.stdout for option in OPTIONS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_something_to_run(name: str) -> None:
    from importlib import import_module

    module, _, function = COMMANDS[name].loader.partition(":")
    assert callable(getattr(import_module(module), function))
    text = parser_of(COMMANDS[name]).format_help()
    assert all(argument.names[0] in text for argument in COMMANDS[name].arguments)


def test_help_of_one_command(tmp_path: Path) -> None:
    done = espalier(tmp_path, "open", "--help")
    assert done.returncode == 0
    assert "--scaffold-only" in done.stdout
    assert "--basedir DIR" in done.stdout


def test_tree_prints_the_tree_without_qt(files: Path) -> None:
    done = espalier(files / "home", "tree", f"{files}/good.kdl", PYTHONPROFILEIMPORTTIME="1")
    assert done.returncode == 0
    assert done.stdout == 'layout 2 title="A"\nwindow {\n    label "hello"\n}\n'
    assert "PySide6" not in done.stderr
    assert "asyncio" not in done.stderr


def test_check_tells_place_snippet_and_nearest(files: Path) -> None:
    done = espalier(files / "home", "check", f"{files}/bad.kdl")
    assert done.returncode == 1
    assert f"{files}/bad.kdl:2:10: error: " in done.stdout
    assert "did you mean label?" in done.stdout
    assert espalier(files / "home", "check", f"{files}/good.kdl").returncode == 0
    wrong = espalier(files / "home", "check", f"{files}/app")
    assert wrong.returncode == 1
    assert f"{files}/app/app.toml:2:1: error: " in wrong.stdout
    whole = espalier(files / "home", "check", str(files))
    assert f"{files}/bad.kdl:2:10: error: " in whole.stdout and f"{files}/app/app.toml:2:1: error: " in whole.stdout


def test_scaffold_only_says_what_it_made(files: Path) -> None:
    done = espalier(files / "home", "open", f"{files}/good.sqlite", "--scaffold-only", "--app", f"{files}/made")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"Scaffolded 1 table into {files}/made\n"
    assert espalier(files / "home", "check", f"{files}/made").returncode == 0


def test_config_lists_sets_and_checks(tmp_path: Path) -> None:
    assert espalier(tmp_path, "config", "path").stdout == f"{tmp_path}/config/config.toml\n"
    assert espalier(tmp_path, "config", "set", "ui.theme", "dark").stdout == "ui.theme = dark\n"
    assert espalier(tmp_path, "config", "get", "ui.theme").stdout == "dark\n"
    assert espalier(tmp_path, "--set", "ui.theme=light", "config", "get", "ui.theme").stdout == "light\n"
    listed = espalier(tmp_path, "config", "list", ESPALIER_UI_RESTORE="no").stdout
    rows = {line.split()[0]: line.split(maxsplit=2)[1:] for line in listed.splitlines()}
    assert rows["ui.theme"] == ["dark", f"{tmp_path}/config/config.toml:2:1"]
    assert rows["ui.restore"] == ["false", "environment ESPALIER_UI_RESTORE"]
    assert espalier(tmp_path, "config", "check").returncode == 0
    (tmp_path / "config" / "config.toml").write_text("[ui]\ntheme = 5\n")
    wrong = espalier(tmp_path, "config", "check")
    assert wrong.returncode == 1
    assert "config.toml:2:9: ui.theme must be one of" in wrong.stderr


def test_the_executables_own_name_is_an_app(tmp_path: Path) -> None:
    done = espalier(tmp_path, name="/usr/bin/shop")
    assert done.returncode == 1
    assert "no server is known to ask for shop" in done.stderr


def test_a_boot_table_of_ones_own_wins(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text('[boot]\ntill = ["config", "opn", "shop"]\n')
    done = espalier(tmp_path, "till")
    assert done.returncode == 1
    assert "unknown agent opn; left in the queue: shop (known agents: open" in done.stderr


#: words → options, rest.
SPLITS = [
    ("", {}, []),
    ("--debug shop", {"is_debug": True}, ["shop"]),
    ("shop --debug", {"is_debug": True}, ["shop"]),
    ("--basedir d x --basedir=e", {"basedir": "e"}, ["x"]),
    ("--set a=b --set=c=d", {"settings": ("a=b", "c=d")}, []),
    ("open x --app y --picture p", {"picture": "p"}, ["open", "x", "--app", "y"]),
    ("x -- --debug", {}, ["x", "--", "--debug"]),
    ("--debug=1", {}, ["--debug=1"]),
]


@pytest.mark.parametrize(("words", "options", "rest"), SPLITS)
def test_common_options_may_stand_anywhere(words: str, options: dict[str, object], rest: list[str]) -> None:
    given, left = split_options(words.split())
    assert left == rest
    assert given._asdict() == {"basedir": "", "settings": (), "is_debug": False, "picture": "", **options}


def test_an_option_without_its_value_is_refused() -> None:
    with pytest.raises(UsageError, match="--set lacks its value"):
        split_options(["--set"])


def test_opening_an_app_imports_nothing_heavy(tmp_path: Path) -> None:
    done = espalier(tmp_path, "shop", PYTHONPROFILEIMPORTTIME="1")
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time")}
    heavy = {"argparse", "asyncio", "tree_sitter", "numpy", "pygit2", "logging", "platformdirs", "PySide6", "pyqtgraph"}
    assert "shell.boot" in imported
    assert not imported & heavy


def test_every_problem_of_a_layout_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "app.toml").write_text('name = "a"\n')
    (tmp_path / "app" / "main.kdl").write_text('layout 1\nwindow {\n  lable "x"\n  grid nowhere\n}\n')
    done = espalier(tmp_path / "home", f"{tmp_path}/app")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "espalier: this layout cannot be shown:",
        "main.kdl:3:3: there is no widget kind or component lable (did you mean label?)",
        '    3 |   lable "x"',
        "      |   ^",
        "main.kdl:4:8: there is no table nowhere (declare it: table nowhere)",
        "    4 |   grid nowhere",
        "      |        ^",
    ]


def test_the_versions_are_of_packages_that_are_required(basedir: Path) -> None:
    from importlib.metadata import requires

    done = espalier(basedir, "version")
    required = {name.lower() for name in requires("espalier") or ()}
    assert done.returncode == 0 and "not installed" not in done.stdout
    for line in done.stdout.splitlines()[1:-1]:
        name = line.split()[0].lower()
        assert any(entry.startswith(name) for entry in required), line


_FORM = """<ui version="4.0"><class>F</class><widget class="QDialog" name="F"><layout class="QVBoxLayout">
<item><widget class="QPushButton" name="go"><property name="text"><string>Go</string></property></widget></item>
<item><widget class="QSlider" name="size"/></item>
</layout></widget></ui>"""


def test_a_form_becomes_an_app_that_passes_and_opens(tmp_path: Path, basedir: Path) -> None:
    (tmp_path / "find.ui").write_text(_FORM, encoding="utf-8")
    app = tmp_path / "find"
    done = espalier(basedir, "convert", str(tmp_path / "find.ui"), "-o", str(app))
    assert done.returncode == 0, done.stderr
    assert "find.ui:3: QSlider size is a field for its number\n" in done.stdout
    assert done.stdout.endswith(f"Made the app {app}; 1 thing is not as in the file\n")
    assert espalier(basedir, "check", str(app)).stdout == "1 layout checked, no errors\n"
    picture = tmp_path / "find.png"
    done = espalier(basedir, "open", str(app), "--picture", str(picture), QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0, done.stderr
    assert picture.stat().st_size > 0


def test_what_is_there_is_not_written_over_by_what_is_converted(tmp_path: Path, basedir: Path) -> None:
    (tmp_path / "find.ui").write_text(_FORM, encoding="utf-8")
    (tmp_path / "actions.py").write_text("# mine\n", encoding="utf-8")
    for out, message in ((tmp_path, "holds other files"), (tmp_path / "find.kdl", "actions.py is there already")):
        done = espalier(basedir, "convert", str(tmp_path / "find.ui"), "-o", str(out))
        assert done.returncode == 1
        assert message in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["actions.py", "find.ui"]
    assert (tmp_path / "actions.py").read_text(encoding="utf-8") == "# mine\n"


def test_a_file_of_rows_is_converted_as_it_is_opened(tmp_path: Path, basedir: Path) -> None:
    (tmp_path / "sales.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    done = espalier(basedir, "convert", str(tmp_path / "sales.csv"), "-o", str(tmp_path / "sales"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "sales" / "main.kdl").is_file()
    done = espalier(basedir, "convert", str(tmp_path / "nothing.ui"))
    assert (done.returncode, "there is no file" in done.stderr) == (1, True)


def test_a_page_takes_along_what_stands_beside_it_and_nothing_else(tmp_path: Path, basedir: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "a.css").write_text("p { display: none }", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("p { display: none }", encoding="utf-8")
    sheets = '<link rel=stylesheet href="{}">'
    named = "".join(sheets.format(name) for name in ("../secret.txt", "/etc/passwd", "a.css"))
    (site / "p.html").write_text(f"{named}<h1>Hi</h1>\n<p>gone</p>", encoding="utf-8")
    done = espalier(basedir, "convert", str(site / "p.html"), "-o", str(tmp_path / "p"))
    assert done.returncode == 0, done.stderr
    assert "the style sheet ../secret.txt is not beside the page\n" in done.stdout
    assert "the style sheet /etc/passwd is not beside the page\n" in done.stdout
    assert "p.html:2: <p> is hidden, so it is not carried: gone\n" in done.stdout
    assert espalier(basedir, "check", str(tmp_path / "p")).stdout == "1 layout checked, no errors\n"
