"""The outbox: durable at any byte, in order, once, shared by processes, and laid over what was read."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kernel.outbox.entry import Done, Dropped, Refused, as_temporary
from kernel.outbox.journal import Journal, JournalError
from kernel.outbox.outbox import Outbox
from kernel.outbox.overlay import laid_over, new_rows, overlay_of
from kernel.outbox.replay import replay
from kernel.tables.block import Block
from kernel.tables.change import Committed, Delete, Insert, Part, TableChange, Update
from kernel.tables.contract import Source
from kernel.tables.error import UnavailableError
from kernel.tables.memory import MemorySource
from kernel.tables.query import Query
from kernel.tables.schema import Column, Reference, Schema
from tests.waiting import PATIENCE_S

LISTS = Schema(
    "lists", (Column("id", "integer", is_key=True, has_default=True), Column("name", is_required=True)), ("id",)
)
TASKS = Schema(
    "tasks",
    (
        Column("id", "integer", is_key=True, has_default=True),
        Column("list_id", "integer"),
        Column("title"),
        Column("note"),
    ),
    ("id",),
    (Reference("list", "lists", ("list_id",), ("id",)),),
)
SCHEMAS = {"lists": LISTS, "tasks": TASKS}


def make_source() -> MemorySource:
    return MemorySource([
        (LISTS, [{"id": 1, "name": "home"}]),
        (TASKS, [{"id": number, "list_id": 1, "title": f"t{number}"} for number in (1, 2, 3)]),
    ])  # fmt: skip


def add(outbox: Outbox, id: str, *parts: Part, seen: dict[str, Any] | None = None) -> Any:
    return outbox.add(id * 32, parts, lambda table, key: dict(seen or {}), SCHEMAS.get)


def send(outbox: Outbox, source: Source) -> Any:
    return replay(outbox, lambda parts, id: source.commit(parts, id=id))


def insert(title: str, **values: Any) -> Part:
    return Part("tasks", (Insert({"title": title, **values}),))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox" / "shop.journal"


def test_a_journal_cut_or_altered_anywhere_keeps_what_is_whole(path: Path) -> None:
    bodies = [b"first", b"", b"third record", b"x" * 40]
    journal = Journal(path)
    ends = []
    for body in bodies:
        with journal.locked():
            journal.append([body])
        ends.append(path.stat().st_size)
    whole = path.read_bytes()
    contents = [whole[:size] for size in range(len(whole) + 1)]
    contents += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(16, len(whole))]
    for content in contents:
        path.write_bytes(content)
        same = next((at for at in range(len(content)) if content[at] != whole[at]), len(content))
        kept = bodies[: sum(end <= same for end in ends)]
        damaged = Journal(path)
        assert damaged.read_new()[1] == kept, same
        with damaged.locked():
            damaged.append([b"after"])
        assert Journal(path).read_new()[1] == [*kept, b"after"], same


def test_a_file_that_is_no_journal_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"something else of somebody")
    with pytest.raises(JournalError, match="no outbox"):
        Outbox(path)
    assert path.read_bytes() == b"something else of somebody"


def test_edits_survive_and_are_sent_in_order_once(path: Path) -> None:
    outbox, source = Outbox(path), make_source()
    add(outbox, "a", insert("new"))
    add(outbox, "b", Part("tasks", (Update((1,), "", {"title": "changed"}), Delete((2,), ""))))
    again = Outbox(path)
    assert [entry.id[0] for entry in again.waiting] == ["a", "b"]
    asked: list[str] = []

    def commit(parts: Sequence[Part], id: str) -> tuple[Committed, ...]:
        asked.append(id[0])
        done = source.commit(parts, id=id)
        if len(asked) == 1:
            raise UnavailableError("the answer was lost")
        return done

    with pytest.raises(UnavailableError):
        replay(again, commit)
    replay(Outbox(path), commit)
    assert asked == ["a", "a", "b"]
    assert source.table("tasks").fetch(Query(), 0, 9).columns["title"] == ["changed", "t3", "new"]
    assert not Outbox(path).shown and outbox.refresh() and not outbox.shown


def test_temporary_keys_become_real_ones_in_later_edits(path: Path) -> None:
    outbox, source = Outbox(path), make_source()
    first = add(outbox, "a", Part("lists", (Insert({"name": "garden"}),)))
    temporary = first.keys[0]
    assert temporary == as_temporary(1)
    task = add(outbox, "b", insert("dig", list_id=temporary[0])).keys[0]
    assert task == as_temporary(2)
    add(outbox, "c", Part("tasks", (Update(task, "", {"note": "deep"}),)), seen={"note": None})
    add(outbox, "d", Part("lists", (Update(temporary, "", {"name": "yard"}),)), seen={"name": "garden"})
    send(Outbox(path), source)
    rows = source.table("tasks").fetch(Query(filter="note == 'deep'", columns=("title", "list.name")), 0, 9)
    assert rows.columns == {"title": ["dig"], "list.name": ["yard"]}
    outbox.refresh()
    assert outbox.real_key("lists", temporary) == (2,)
    assert outbox.real(insert("x", list_id=temporary[0])) == insert("x", list_id=2)


def test_changes_in_other_columns_are_merged_and_in_the_same_ones_asked_about(path: Path) -> None:
    outbox, source = Outbox(path), make_source()
    tasks = source.table("tasks")
    old = dict(zip(*[(block := tasks.fetch(Query(), 0, 9)).keys, block.versions], strict=True))
    add(outbox, "a", Part("tasks", (Update((1,), old[1,], {"title": "mine"}),)), seen={"title": "t1"})
    add(outbox, "b", Part("tasks", (Update((2,), old[2,], {"title": "mine"}),)), seen={"title": "t2"})
    add(outbox, "c", Part("tasks", (Update((3,), old[3,], {"title": "mine"}),)), seen={"title": "t3"})
    add(outbox, "d", insert("last"))
    tasks.commit([Update((1,), "", {"note": "theirs"}), Update((2,), "", {"title": "theirs"}), Delete((3,), "")])
    send(outbox, source)
    assert tasks.fetch(Query(), 0, 9).columns["title"] == ["mine", "theirs", "last"]
    assert tasks.fetch(Query(), 0, 1).columns["note"] == ["theirs"]
    (two, conflict), (three, gone) = Outbox(path).refused
    assert two.parts[0].changes[0].values == {"title": "mine"}  # type: ignore[union-attr]
    assert conflict.current is not None and conflict.current.columns["title"] == ["theirs"]
    assert three.keys == ((3,),) and gone.current is not None and len(gone.current) == 0
    version = conflict.current.versions[0]
    outbox.replace(two, "e" * 32, [Part("tasks", (Update((2,), version, {"title": "both"}),))], two.seen)
    outbox.note(Dropped(three.id))
    send(outbox, source)
    assert tasks.fetch(Query(), 0, 9).columns["title"] == ["mine", "both", "last"] and not Outbox(path).shown


def test_what_the_server_refuses_stays_and_the_rest_goes_on(path: Path) -> None:
    outbox, source = Outbox(path), make_source()
    add(outbox, "a", insert("homeless", list_id=77))
    add(outbox, "b", insert("fine"))
    send(outbox, source)
    (entry, refused), *others = Outbox(path).refused
    assert (entry.id[0], refused.message, others) == ("a", "List 77 does not exist", [])
    assert source.table("tasks").count(Query(filter="title == 'fine'")) == 1
    send(outbox, source)
    assert source.table("tasks").count(Query()) == 4, "nothing twice"


def test_the_file_begins_anew_when_nothing_is_left(path: Path) -> None:
    outbox, other = Outbox(path), Outbox(path)
    for number in range(5):
        entry = add(outbox, "abcde"[number], insert("x" * 1000))
        outbox.note(Done(entry.id, (Committed(((number + 10,),), TableChange("tasks")),)))
    assert path.stat().st_size < 3000
    other.refresh()
    assert not other.shown and add(other, "f", insert("y")).keys == (as_temporary(6),)


def test_a_full_disk_keeps_what_was_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox = Outbox(path)
    add(outbox, "a", insert("kept"))
    content = path.read_bytes()

    def full(*_: Any) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as context:
        context.setattr("os.pwrite", full)
        with pytest.raises(JournalError, match="No space left"):
            add(outbox, "b", insert("lost"))
    assert path.read_bytes() == content and [entry.id[0] for entry in outbox.waiting] == ["a"]
    add(outbox, "c", insert("next"))
    assert [entry.id[0] for entry in Outbox(path).waiting] == ["a", "c"]


def _add_many(path: str, letter: str, count: int) -> None:
    outbox = Outbox(Path(path))
    for number in range(count):
        outbox.add(f"{letter}{number:031}", [insert(f"{letter}{number}")], lambda table, key: {}, SCHEMAS.get)


def test_two_processes_share_one_outbox(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_add_many, args=(str(path), letter, 25)) for letter in "ab"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(PATIENCE_S)
        assert worker.exitcode == 0
    waiting = Outbox(path).waiting
    for letter in "ab":
        assert [entry.id for entry in waiting if entry.id[0] == letter] == [f"{letter}{n:031}" for n in range(25)]
    keys = [entry.keys[0] for entry in waiting]
    assert len(set(keys)) == 50, "every new row has a key of its own"


def test_the_overlay_shows_rows_as_they_will_be(path: Path) -> None:
    outbox = Outbox(path)
    new = add(outbox, "a", insert("new", list_id=1)).keys[0]
    add(outbox, "b", Part("tasks", (Update((2,), "", {"title": "two", "list_id": None}), Delete((3,), ""))))
    add(outbox, "c", Part("tasks", (Update(new, "", {"note": "n"}),)))
    gone = add(outbox, "d", insert("gone")).keys[0]
    add(outbox, "e", Part("tasks", (Delete(gone, ""),)))
    overlay = overlay_of("tasks", outbox.shown)
    assert overlay.keys == {new, (2,)} and overlay.deleted == {(3,)} and not overlay_of("lists", outbox.shown)
    columns = {"id": [1, 2, 3], "title": ["t1", "t2", "t3"], "list:label": ["home"] * 3}
    block = Block(0, columns, [(1,), (2,), (3,)], ["v1", "v2", "v3"])
    query = Query(filter="title contains find.text", parameters={"find.text": "E"})
    laid = laid_over(block, overlay, TASKS, new_rows(overlay, query, TASKS))
    assert laid.keys == [new, (1,), (2,)] and laid.versions == ["", "v1", "v2"]
    assert laid.columns == {"id": [new[0], 1, 2], "title": ["new", "t1", "two"], "list:label": [None, "home", None]}
    assert new_rows(overlay, Query(filter="title == 'other'"), TASKS) == []
    assert new_rows(overlay, Query(keys=(new,)), TASKS) == [new]
    assert new_rows(overlay, Query(filter="list.name == 'home'"), TASKS) == [new], "shown where nobody can tell"


def test_refusals_are_there_after_a_restart(path: Path) -> None:
    outbox = Outbox(path)
    entry = add(outbox, "a", insert("x"))
    outbox.note(Refused(entry.id, "because"))
    assert Outbox(path).refused[0][1].message == "because" and not Outbox(path).waiting
