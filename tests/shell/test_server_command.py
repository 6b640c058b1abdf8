"""``espalier server``: getting to know a server by its keys, inviting others to it, and refusing the wrong one."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kernel.error import EspalierError
from kernel.trust.fingerprint import shown
from shell.app_link import words_of
from shell.command_line import COMMANDS
from shell.commands_cli.server import run
from shell.main import main
from shell.session import Given, Session
from tests.served import ServerProcess, free_port, make_repository
from tests.waiting import PATIENCE_S

#: ``espalier(*words)``: the exit code and what was printed.
Espalier = Callable[..., tuple[int, str]]
SETTINGS = (
    "trust.keyring=false",
    "server.embedded=false",
    "network.connect_timeout=20 s",
    "network.request_timeout=60 s",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("served")
    with ServerProcess(make_repository(folder)[0], "--tls", log_path=folder / "log") as made:
        yield made


@pytest.fixture
def espalier(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Espalier:
    """The command as somebody types it, each time by a new process's session."""

    def ask(*words: str, home: str = "home") -> tuple[int, str]:
        parser = argparse.ArgumentParser()
        for argument in COMMANDS["server"].arguments:
            parser.add_argument(*argument.names, **argument.options)
        session = Session(Given(basedir=str(tmp_path / home), settings=SETTINGS))
        code = run(parser.parse_args(words), session)
        return code, capsys.readouterr().out

    return ask


def known(espalier: Espalier, home: str = "home") -> list[dict[str, str]]:
    return json.loads(espalier("list", "--json", home=home)[1])


def key_of(server: ServerProcess) -> str:
    return next(line.removeprefix("Its key is ") for line in server.lines if line.startswith("Its key is "))


def test_a_server_that_is_added_is_asked_for_its_keys(espalier: Espalier, server: ServerProcess) -> None:
    code, said = espalier("add", f"home=tls:{server.address}")
    (row,) = known(espalier)
    assert code == 0 and row["key"] == key_of(server) and len(row["root"]) == 40
    assert f"home is tls:{server.address}, with 2 apps" in said and "Compare what came" in said
    assert shown(row["root"]) in said and f"{key_of(server)}  (taken as it came)" in said
    assert row["key"][:16] in espalier("list")[1]


def test_with_its_keys_nothing_needs_to_be_compared(espalier: Espalier, server: ServerProcess) -> None:
    espalier("add", f"home=tls:{server.address}")
    root = known(espalier)[0]["root"]
    given = ("--key", key_of(server).upper(), "--fingerprint", shown(root))
    code, said = espalier("add", f"home=tls:{server.address}", *given, home="other")
    assert code == 0 and "as it came" not in said and "Compare" not in said
    assert known(espalier, "other") == known(espalier)


def test_an_invitation_carries_the_keys(espalier: Espalier, server: ServerProcess, tmp_path: Path) -> None:
    espalier("add", f"home=tls:{server.address}")
    link = espalier("invite", "home")[1].strip()
    (tmp_path / "invitation").write_text(f"# for the till in the shop\n\n{link}\n")
    for home, what in {"one": link, "two": str(tmp_path / "invitation")}.items():
        code, said = espalier("join", what, home=home)
        assert code == 0 and "Compare" not in said and known(espalier, home) == known(espalier)
    assert "address=beast:5060&" in espalier("invite", "home", "--address", "beast")[1]


@pytest.mark.parametrize("wrong", ["key", "fingerprint"])
def test_another_server_than_the_invited_one_is_refused_and_not_kept(
    espalier: Espalier, server: ServerProcess, wrong: str, tmp_path: Path
) -> None:
    given = {"key": "0" * 64, "fingerprint": "0" * 40}[wrong]
    with pytest.raises(EspalierError, match="another key|not the server"):
        espalier("add", f"home=tls:{server.address}", f"--{wrong}", given)
    assert known(espalier) == []
    left = [path for path in (tmp_path / "home").rglob("*") if path.suffix in (".tls", ".state")]
    assert left == []
    assert espalier("add", f"home=tls:{server.address}")[0] == 0  # nothing of the attempt is left in the way


def test_a_server_that_does_not_answer_is_not_kept(espalier: Espalier) -> None:
    with pytest.raises(EspalierError, match="cannot be reached"):
        espalier("add", f"home=tls:127.0.0.1:{free_port()}")
    assert known(espalier) == []


def test_a_name_is_not_taken_away_from_another_server(espalier: Espalier, server: ServerProcess) -> None:
    espalier("add", f"home=tls:{server.address}")
    with pytest.raises(EspalierError, match="known already") as caught:
        espalier("add", "home=tls:127.0.0.1:9")
    assert "espalier server remove home" in caught.value.hint
    assert espalier("remove", "home")[0] == 0 and known(espalier) == []
    with pytest.raises(EspalierError, match="no known server home"):
        espalier("remove", "home")


def test_a_new_key_is_believed_when_a_person_says_so(espalier: Espalier, server: ServerProcess) -> None:
    espalier("add", f"home=tls:{server.address}")
    espalier("trust", "home", "--key", "1" * 64)
    assert known(espalier)[0]["key"] == "1" * 64
    with pytest.raises(EspalierError, match="no key of a server"):
        espalier("trust", "home", "--key", "12")


def test_a_person_is_told_their_own_key(espalier: Espalier, tmp_path: Path) -> None:
    key = espalier("me")[1].strip()
    assert key == espalier("me")[1].strip() and key.startswith("ed25519:") and len(key) == 72
    assert os.stat(tmp_path / "home" / "config" / "keys" / "me.pem").st_mode & 0o077 == 0


def test_links_name_apps_and_invitations_and_no_files() -> None:
    assert words_of("espalier:shop@home") == words_of("espalier://shop@home/") == ["open", "shop@home"]
    assert words_of("espalier:join?name=a&address=b") == ["server", "join", "espalier:join?name=a&address=b"]
    for wrong in ("espalier:", "espalier:/etc/passwd", "espalier:..%2Fx", "espalier:a.sqlite", "espalier:--debug"):
        with pytest.raises(EspalierError, match="names no app"):
            words_of(wrong)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("espalier:join?name=home", "not whole"),
        ("espalier:join?name=home&address=beast&key=12", "key is none"),
        ("espalier:join?name=home&address=beast&root=12", "fingerprint is none"),
        ("espalier:join?name=../x&address=beast&root=" + "0" * 40, "cannot be called"),
        ("espalier:join?name=a&name=b&address=beast&root=" + "0" * 40, "twice"),
        ("espalier:join?name=a&address=beast&run=x&root=" + "0" * 40, "unknown"),
        ("espalier:join?name=a&address=be%20ast&root=" + "0" * 40, "no address"),
        ("espalier:shop@home", "no invitation"),
    ],
)
def test_a_wrong_invitation_is_refused_in_words(espalier: Espalier, text: str, why: str) -> None:
    with pytest.raises(EspalierError, match=why):
        espalier("join", text)


def test_serve_speaks_tls_on_this_machine_when_it_is_asked_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[bool] = []
    monkeypatch.setattr("server.main.serve", lambda *_, is_tls, **__: said.append(is_tls))
    for words in ((), ("--tls",)):
        assert main(["espalier", "--basedir", str(tmp_path), "serve", "apps", *words]) == 0
    assert said == [False, True]


def test_an_invitation_that_is_no_file_is_told_what_one_is(espalier: Espalier, tmp_path: Path) -> None:
    with pytest.raises(EspalierError, match="cannot be read: No such file or directory") as caught:
        espalier("join", str(tmp_path / "nothing"))
    assert "begins with espalier:join?" in caught.value.hint
    with pytest.raises(EspalierError, match="this is no invitation"):
        espalier("join", "")


def test_git_clones_by_the_servers_key(espalier: Espalier, server: ServerProcess, tmp_path: Path) -> None:
    espalier("add", f"home=tls:{server.address}", "--key", key_of(server))
    command = espalier("git", "home")[1]
    assert command.startswith("git clone -c http.sslVerify=false") and f"https://{server.address}/apps.git" in command
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
    asked = {"shell": True, "cwd": tmp_path, "env": environment, "capture_output": True, "timeout": PATIENCE_S}
    assert subprocess.run(command, **asked).returncode == 0
    assert (tmp_path / "apps" / "apps" / "notes" / "app.toml").is_file()
    espalier("trust", "home", "--key", "0" * 64)
    wrong = espalier("git", "home")[1].replace("apps.git", "apps.git x")
    assert subprocess.run(wrong, **asked).returncode != 0
