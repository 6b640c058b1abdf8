"""The boot queue and the exact semantics of agents."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kernel.boot.boot import Boot
from kernel.boot.error import AgentError, BootTableError
from kernel.boot.importer import ImporterChain, PackageImporter, TableImporter
from kernel.boot.queue import Queue
from kernel.boot.table import read_boot_table
from kernel.error import EspalierError


def agent(act: Callable[[Queue], None]) -> SimpleNamespace:
    return SimpleNamespace(run_agent=act)


def mark(name: str) -> Any:
    return agent(lambda queue: queue.session["acts"].append(name))


def _echo(queue: Queue) -> None:
    argument = queue.pop()
    queue.session["acts"].append(f"echo {argument}")


def _two(queue: Queue) -> None:
    first, second = queue.pop(), queue.pop()
    queue.session["acts"].append(f"two {first} {second}")


def _take_all(queue: Queue) -> None:
    taken = []
    while queue:
        taken.append(queue.pop())
    queue.session["acts"].append(("all", *taken))


AGENTS: dict[str, Any] = {
    "a": mark("a"),
    "b": mark("b"),
    "echo": agent(_echo),
    "two": agent(_two),
    "all": agent(_take_all),
    "push_b": agent(lambda queue: queue.push("b")),
    "push_echo": agent(lambda queue: queue.push("echo", "later")),
    "unshift_b": agent(lambda queue: queue.unshift("b")),
    "unshift_echo": agent(lambda queue: queue.unshift("echo", "now")),
    "swap": agent(lambda queue: queue.unshift(*reversed((queue.pop(), queue.pop())))),
    "exec": agent(lambda queue: queue.unshift(queue.pop())),
}

#: queue → what acted, in order.
RUNS: dict[str, tuple[list[Any], list[Any]]] = {
    "nothing": ([], []),
    "one": (["a"], ["a"]),
    "in order": (["a", "b"], ["a", "b"]),
    "at every occurrence": (["a", "a", "b", "a"], ["a", "a", "b", "a"]),
    "argument is popped by the agent": (["echo", "x", "a"], ["echo x", "a"]),
    "an argument may be an agent's name": (["echo", "a", "a"], ["echo a", "a"]),
    "arguments may be anything": (["echo", 5, "two", None, ("t",)], ["echo 5", "two None ('t',)"]),
    "push comes after all that waits": (["push_b", "a", "a"], ["a", "a", "b"]),
    "push with an argument": (["push_echo", "a"], ["a", "echo later"]),
    "pushes keep their order": (["push_b", "push_echo", "a"], ["a", "b", "echo later"]),
    "unshift comes next": (["unshift_b", "a"], ["b", "a"]),
    "unshift with an argument": (["unshift_echo", "a"], ["echo now", "a"]),
    "exec of an argument": (["exec", "b", "a"], ["b", "a"]),
    "unshift keeps its order": (["swap", "a", "b", "a"], ["b", "a", "a"]),
    "an agent may take all": (["all", "a", "b"], [("all", "a", "b")]),
}


@pytest.mark.parametrize("case", RUNS)
def test_a_queue_runs_as_it_says(case: str) -> None:
    items, expected = RUNS[case]
    queue = Boot({"x": items}, TableImporter(AGENTS)).run("x", Queue(session={"acts": []}))
    assert queue.session["acts"] == expected
    assert len(queue) == 0


def test_the_names_queue_comes_before_what_already_waits() -> None:
    queue = Queue(["b"], session={"acts": []})
    Boot({"x": ["a"]}, TableImporter(AGENTS)).run("x", queue)
    assert queue.session["acts"] == ["a", "b"]


def test_an_agent_without_run_agent_acts_once_by_being_imported() -> None:
    imported: list[str] = []

    def plain() -> object:
        imported.append("plain")
        return SimpleNamespace()

    queue = Boot({"x": ["plain", "a", "plain", "plain"]}, TableImporter({**AGENTS, "plain": plain})).run(
        "x", Queue(session={"acts": []})
    )
    assert imported == ["plain"]
    assert queue.session["acts"] == ["a"]


def test_an_agent_with_run_agent_is_imported_once_and_called_each_time() -> None:
    imports: list[str] = []

    def lazy() -> object:
        imports.append("lazy")
        return mark("lazy")

    queue = Boot({"x": ["lazy", "lazy"]}, TableImporter({"lazy": lazy})).run("x", Queue(session={"acts": []}))
    assert imports == ["lazy"]
    assert queue.session["acts"] == ["lazy", "lazy"]


def test_an_unknown_agent_is_named_with_its_neighbours_and_the_rest() -> None:
    queue = Queue(session={"acts": []})
    with pytest.raises(AgentError) as caught:
        Boot({"x": ["a", "ecko", "x", "b"]}, TableImporter(AGENTS)).run("x", queue)
    assert queue.session["acts"] == ["a"]
    assert caught.value.agent == "ecko"
    assert caught.value.rest == ("x", "b")
    assert "unknown agent ecko" in str(caught.value)
    assert "left in the queue: x b" in str(caught.value)
    assert "echo" in caught.value.hint


def test_what_is_no_name_is_refused() -> None:
    with pytest.raises(AgentError, match="5 stands in the boot queue"):
        Boot({"x": [5]}, TableImporter(AGENTS)).run("x")


def test_a_missing_argument_names_the_agent() -> None:
    with pytest.raises(AgentError, match="agent echo wants an argument") as caught:
        Boot({"x": ["echo"]}, TableImporter(AGENTS)).run("x")
    assert caught.value.agent == "echo"


def test_an_agents_own_error_goes_through_with_the_rest_as_a_note() -> None:
    def fail(queue: Queue) -> None:
        raise EspalierError("the disk is full")

    with pytest.raises(EspalierError, match="the disk is full") as caught:
        Boot({"x": ["fail", "a"]}, TableImporter({"fail": agent(fail), **AGENTS})).run("x")
    assert caught.value.__notes__ == ["in the agent fail; left in the queue: a"]


def test_a_stray_error_becomes_the_agents() -> None:
    def fail(queue: Queue) -> None:
        raise KeyError("no")

    with pytest.raises(AgentError, match="agent fail failed: KeyError: 'no'; left in the queue: a") as caught:
        Boot({"x": ["fail", "a"]}, TableImporter({"fail": agent(fail), **AGENTS})).run("x")
    assert isinstance(caught.value.__cause__, KeyError)


def test_an_unknown_name_says_the_nearest() -> None:
    with pytest.raises(BootTableError, match="did you mean home"):
        Boot({"home": ["a"]}, TableImporter(AGENTS)).run("hoem")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    name = "agents_of_test_boot"
    folder = tmp_path / name
    folder.mkdir()
    (folder / "__init__.py").write_text("acts = []\n")
    (folder / "plain.py").write_text(f"from {name} import acts\nacts.append('plain')\n")
    (folder / "called.py").write_text(f"from {name} import acts\ndef run_agent(queue):\n    acts.append(queue.pop())\n")
    (folder / "broken.py").write_text("import no_such_module_anywhere\n")
    (folder / "_hidden.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield name
    for module in [module for module in sys.modules if module.split(".")[0] == name]:
        del sys.modules[module]


def test_a_packages_modules_are_its_agents(package: str) -> None:
    Boot({"x": ["plain", "called", "1", "plain", "called", "2"]}, PackageImporter(package)).run("x")
    assert sys.modules[package].acts == ["plain", "1", "2"]
    assert PackageImporter(package).names() == ["broken", "called", "plain"]


@pytest.mark.parametrize("name", ["_hidden", "plain.x", "os.path", "..plain", "", "no such", "../plain", "missing"])
def test_a_package_answers_only_its_own_plain_names(package: str, name: str) -> None:
    assert PackageImporter(package).find(name) is None


def test_an_agent_that_imports_something_missing_is_not_unknown(package: str) -> None:
    with pytest.raises(AgentError, match="agent broken cannot be imported: ModuleNotFoundError.*no_such_module"):
        Boot({"x": ["broken"]}, PackageImporter(package)).run("x")


def test_a_chain_asks_in_order() -> None:
    first, second = mark("1"), mark("2")
    chain = ImporterChain(TableImporter({"a": first}), TableImporter({"a": second, "b": second}))
    assert chain.find("a") is first
    assert chain.find("b") is second
    assert chain.find("c") is None
    assert chain.names() == ["a", "b"]


def test_a_boot_table_is_read() -> None:
    table = read_boot_table('[boot]\nhome = ["config", "home"]\nx = ["wait", 5]\n')
    assert table == {"home": ("config", "home"), "x": ("wait", 5)}


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("[boot]\na = 'home'\n", "b.toml:2:1", "boot.a is not a list"),
        ("[boot]\na = ['x']\n  b = []\n", "b.toml:3:3", "boot.b is not a list"),
        ("[boot]\na = [['x']]\n", "b.toml:2:1", "boot.a is not a list"),
        ("[boot", "b.toml", "no TOML"),
        ("boot = 3", "b.toml:1:1", "is no table"),
    ],
)
def test_a_wrong_boot_table_names_the_place(text: str, place: str, message: str) -> None:
    with pytest.raises(BootTableError, match=message) as caught:
        read_boot_table(text, "b.toml")
    assert str(caught.value.where) == place


def test_the_shipped_boot_table_is_right_and_its_agents_are_there() -> None:
    path = Path(__file__).parents[2] / "resources" / "boot.toml"
    table = read_boot_table(path.read_text())
    agents = PackageImporter("shell.agents").names()
    assert {"home", "app"} <= table.keys()
    assert [item for items in table.values() for item in items if item not in agents and "." not in item] == []
