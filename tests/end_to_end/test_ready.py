"""A process is kept ready, and a window that comes from it is like any other, to its person and to its shell."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from desktop import (  # noqa: E402 - found beside this file
    ESPALIER,
    Desktop,
    has_display_tools,
    is_running,
    usual_signals,
    wait_for,
)
from ready_desk import ReadyDesk, child, children  # noqa: E402 - found beside this file

from shell.ready import keep  # noqa: E402
from tests.waiting import PATIENCE_S  # noqa: E402

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only"),
    pytest.mark.skipif(not has_display_tools(), reason="needs Xvfb and xdotool"),
]


@pytest.fixture
def desk(desktop: Desktop) -> Iterator[ReadyDesk]:
    """A desktop whose starts may be ready ones; nothing stays."""
    desk = ReadyDesk(desktop)
    yield desk
    desktop.close()
    desk.close()


def test_the_first_window_leaves_a_process_ready_for_the_next(desk: ReadyDesk) -> None:
    first, way = desk.open()
    assert way == "first: no process is ready"
    seed = wait_for(desk.seed)
    second = desk.open_ready()
    assert first.end() == second.end() == 0
    assert desk.seed() == seed
    wait_for(lambda: children(seed) == [])


def test_one_that_is_started_at_login_gives_the_first_window(desk: ReadyDesk) -> None:
    started = [str(desk.patient), "login", "start"]
    for _ in range(2):  # the second time there is one
        subprocess.run(started, env=desk.desktop.environment, check=True, timeout=PATIENCE_S)
        seed = wait_for(desk.seed)
    assert desk.open_ready().end() == 0
    assert desk.seed() == seed


def test_a_window_is_named_after_its_command_line(desk: ReadyDesk) -> None:
    seed = desk.make_ready()
    desk.open_ready()
    window = child(seed)
    assert str(desk.app) in Path(f"/proc/{window}/cmdline").read_text().split("\0")
    assert Path(f"/proc/{window}/comm").read_text() == Path(f"/proc/{seed}/comm").read_text() == "espalier\n"


def test_two_at_once_are_two_windows(desk: ReadyDesk) -> None:
    seed = desk.make_ready()
    first, second = desk.open_ready(), desk.open_ready()
    wait_for(lambda: len(children(seed)) == 2)
    assert first.end() == 0
    assert second.popen.poll() is None
    assert second.end() == 0
    wait_for(lambda: not children(seed))


def test_directory_variables_and_mask_are_the_launchers(desk: ReadyDesk) -> None:
    seed = desk.make_ready()
    before = os.umask(0o027)
    try:
        process = desk.open_ready(".", cwd=desk.app, ESPALIER_UI_TEXT_SIZE="huge")
    finally:
        os.umask(before)
    process.may_complain = True
    window = child(seed)
    assert os.readlink(f"/proc/{window}/cwd") == str(desk.app)
    assert "Umask:\t0027" in Path(f"/proc/{window}/status").read_text()
    wait_for(lambda: "ESPALIER_UI_TEXT_SIZE" in process.err)


def test_a_window_has_no_files_of_its_parent(desk: ReadyDesk) -> None:
    seed = desk.make_ready()
    desk.open_ready()
    window = child(seed)
    mine = [os.readlink(entry) for entry in Path(f"/proc/{window}/fd").iterdir()]
    assert not [name for name in mine if name.endswith((".lock", ".errors")) or "[pidfd]" in name]
    listening = {os.readlink(entry) for entry in Path(f"/proc/{seed}/fd").iterdir() if entry.name == "3"}
    assert not listening & set(mine)


def test_it_holds_no_file_that_its_starter_had_open(desk: ReadyDesk) -> None:
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    seed = desk.make_ready(pass_fds=(writing,))
    os.close(writing)
    os.set_blocking(reading, False)
    assert os.read(reading, 1) == b""  # the end of it; where somebody holds the other end there is nothing to read yet
    os.close(reading)
    assert desk.seed() == seed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_polite_signal_closes_the_window(desk: ReadyDesk, number: signal.Signals) -> None:
    seed = desk.make_ready()
    process = desk.open_ready()
    process.popen.send_signal(number)
    assert process.wait() == 0
    wait_for(lambda: children(seed) == [])


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGUSR1])
def test_a_signal_that_ends_the_window_ends_the_launcher_in_the_same_way(desk: ReadyDesk, number: int) -> None:
    desk.make_ready()
    process = desk.open_ready()
    process.popen.send_signal(number)
    assert process.wait() == -number


def test_a_crash_is_told_as_the_crash_that_it_was(desk: ReadyDesk) -> None:
    seed = desk.make_ready()
    process = desk.open_ready()
    os.kill(child(seed), signal.SIGSEGV)
    assert process.wait() == -signal.SIGSEGV


def test_a_killed_launcher_takes_its_window_with_it(desk: ReadyDesk) -> None:
    seed = desk.make_ready()
    process = desk.open_ready()
    window = child(seed)
    process.kill()
    wait_for(lambda: not is_running(window))
    wait_for(lambda: not children(seed))


def test_to_stop_the_launcher_stops_the_window(desk: ReadyDesk) -> None:
    seed = desk.make_ready()
    process = desk.open_ready()
    window = child(seed)

    def state(number: int) -> str:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]

    process.popen.send_signal(signal.SIGTSTP)
    wait_for(lambda: state(window) == state(process.popen.pid) == "T")
    process.popen.send_signal(signal.SIGCONT)
    wait_for(lambda: "T" not in (state(window), state(process.popen.pid)))
    assert process.end() == 0


def test_control_c_in_a_terminal_closes_the_window(desk: ReadyDesk) -> None:
    seed = desk.make_ready()
    desk.open_ready().end()
    with usual_signals():
        number, terminal = pty.fork()
        if number == 0:
            os.execve(ESPALIER, [str(ESPALIER), "--debug", str(desk.app)], desk.desktop.environment)
    said = b""
    while b"start:" not in said:
        said += os.read(terminal, 1000)
    desk.desktop.window("Ready")
    os.write(terminal, b"\x03")
    assert os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]) == 0
    os.close(terminal)
    wait_for(lambda: not children(seed))


def test_what_goes_wrong_is_told_where_it_was_typed(desk: ReadyDesk) -> None:
    desk.make_ready()
    process = desk.desktop.run(str(desk.app / "nothing.kdl"))
    process.may_complain = True
    assert process.wait() == 1
    assert "nothing.kdl" in process.err
    wrong = desk.desktop.run("orders", "extra")
    wrong.may_complain = True
    assert wrong.wait() == 2
    assert "extra" in wrong.err


def test_what_opens_no_window_goes_by_itself(desk: ReadyDesk) -> None:
    seed = desk.make_ready()
    assert "espalier" in desk.desktop.run("version").out
    wait_for(lambda: children(seed) == [])


def test_a_debugged_start_says_which_way_it_went(desk: ReadyDesk) -> None:
    desk.make_ready()
    process = desk.open_ready("--debug", str(desk.app))
    process.may_complain = True
    wait_for(lambda: process.err)
    assert process.err == "espalier: start: ready\n"


def test_other_code_is_not_taken(desk: ReadyDesk) -> None:
    code = desk.desktop.directory / "code"
    code.mkdir()
    (code / "sitecustomize.py").write_text("")
    known = desk.desktop.environment.get("PYTHONPATH", "")
    desk.desktop.environment["PYTHONPATH"] = f"{code}{os.pathsep}{known}"
    seed = desk.make_ready(before="import shell.ready.seed as it; it.QUIET_S = 600; ")
    old = desk.open_ready()
    (code / "sitecustomize.py").write_text("# another one\n")
    new, way = desk.open()
    assert way == "first: the process that was ready has older code"
    wait_for(lambda: desk.seed() not in (0, seed))
    assert is_running(seed), "it tells how its window ended"
    assert old.end() == new.end() == 0
    wait_for(lambda: not is_running(seed))


def test_newer_code_is_ready_before_the_next_start(desk: ReadyDesk) -> None:
    code = desk.desktop.directory / "code"
    code.mkdir()
    (code / "sitecustomize.py").write_text("")
    known = desk.desktop.environment.get("PYTHONPATH", "")
    desk.desktop.environment["PYTHONPATH"] = f"{code}{os.pathsep}{known}"
    seed = desk.make_ready(before="import shell.ready.seed as it; it.QUIET_S = 0.1; ")
    window = desk.open_ready()
    (code / "sitecustomize.py").write_text("# another one\n")
    newer = wait_for(lambda: found if (found := desk.seed()) != seed else 0)
    assert is_running(seed), "it tells how its window ended"
    assert score(newer) > score(os.getpid())
    assert score(child(seed)) == score(os.getpid())
    assert window.end() == desk.open_ready().end() == 0
    assert desk.seed() == newer
    wait_for(lambda: not is_running(seed))


def score(number: int) -> int:
    """How soon the system ends a process when memory runs out."""
    return int(Path(f"/proc/{number}/oom_score_adj").read_text())


def test_it_stays_as_long_as_the_person_wants_it_by_now(desk: ReadyDesk) -> None:
    seed = desk.make_ready()
    (path,) = (desk.runtime / "espalier").glob("*.socket")
    assert keep.stay(str(path), 0.1)
    wait_for(lambda: not is_running(seed))
    assert not keep.stay(str(path), 600)


def test_variables_that_python_reads_at_its_start_lead_to_another_process(desk: ReadyDesk) -> None:
    desk.make_ready()
    _, way = desk.open(PYTHONHASHSEED="7")
    assert way == "first: no process is ready"


def test_windows_outlive_the_process_that_was_ready(desk: ReadyDesk) -> None:
    seed = desk.make_ready()
    process = desk.open_ready()
    os.kill(seed, signal.SIGKILL)
    wait_for(lambda: not is_running(seed))
    assert process.popen.poll() is None
    other, way = desk.open()
    assert way == "first: no process is ready"
    assert process.end() == other.end() == 0


def test_a_process_that_hangs_is_not_waited_for(desk: ReadyDesk) -> None:
    seed = desk.make_ready()
    os.kill(seed, signal.SIGSTOP)
    process, way = desk.open()
    assert way == "first: timed out"
    os.kill(seed, signal.SIGCONT)
    desk.open_ready().end()
    wait_for(lambda: not children(seed))
    assert process.end() == 0


def test_rubbish_does_not_end_it(desk: ReadyDesk) -> None:
    seed = desk.make_ready()
    (path,) = (desk.runtime / "espalier").glob("*.socket")
    for said in (b"", b"x", b"\xff" * 8, (5).to_bytes(8, "little") + b"rubbi", (9).to_bytes(8, "little") + b"cut"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as strange:
            strange.connect(str(path))
            strange.sendall(said)
    desk.open_ready()
    assert desk.seed() == seed


def test_the_option_keeps_starts_apart_from_it(desk: ReadyDesk) -> None:
    seed = desk.make_ready()
    assert desk.open(ESPALIER_START_KEEP_READY="off")[1] == "first: ESPALIER_START_KEEP_READY says so"
    assert desk.open("--set", "start.keep_ready=false", str(desk.app))[1].endswith("start.keep_ready says so")
    (desk.desktop.base / "config" / "config.toml").write_text("[start]\nkeep_ready = false\n")
    process = desk.open_ready()
    wait_for(lambda: not desk.seed())
    assert process.end() == 0
    wait_for(lambda: not is_running(seed))


def test_it_leaves_when_nobody_starts_anything(desk: ReadyDesk) -> None:
    seed = desk.make_ready(idle_s=3)
    wait_for(lambda: not is_running(seed))
    assert not list((desk.runtime / "espalier").glob("*.socket"))


def test_it_leaves_when_its_directory_goes(desk: ReadyDesk) -> None:
    seed = desk.make_ready()
    (path,) = (desk.runtime / "espalier").glob("*.socket")
    path.unlink()
    wait_for(lambda: not is_running(seed))


def test_there_is_one_only(desk: ReadyDesk) -> None:
    seed = desk.make_ready()
    assert desk.make_ready() == seed
    assert desk.make_ready() == seed
