"""The outbox when things go wrong: damage, other versions, keys that change, edits that stand on others, grants."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kernel.outbox import journal as journal_module
from kernel.outbox.entry import Dropped, Refused, Waiting, as_temporary
from kernel.outbox.fold import fold_in
from kernel.outbox.journal import Journal, JournalError
from kernel.outbox.outbox import Outbox
from kernel.outbox.replay import replay
from kernel.tables.change import Change, Committed, Delete, Insert, Key, Part, Update
from kernel.tables.error import (
    ForbiddenError,
    LockedError,
    SourceError,
    UnavailableError,
    UnknownColumnError,
    UnknownTableError,
)
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.memory import MemorySource
from kernel.tables.query import Query
from kernel.tables.remote_commit import new_id
from kernel.tables.remote_offline import OfflineEdits
from kernel.tables.schema import Column, Reference, Schema
from kernel.wire.value import encode
from tests.waiting import PATIENCE_S

LISTS = Schema(
    "lists", (Column("id", "integer", is_key=True, has_default=True), Column("name", is_required=True)), ("id",)
)
TASKS = Schema(
    "tasks",
    (
        Column("id", "integer", is_key=True, has_default=True), Column("list_id", "integer"), Column("title"),
        Column("note"),
    ),
    ("id",),
    (Reference("list", "lists", ("list_id",), ("id",)),),
)  # fmt: skip
STEPS = Schema(
    "steps",
    (Column("list_id", "integer", is_key=True), Column("place", "integer", is_key=True), Column("text")),
    ("list_id", "place"),
    (Reference("list", "lists", ("list_id",), ("id",)),),
)
SCHEMAS = {"lists": LISTS, "tasks": TASKS, "steps": STEPS}


def make_source() -> MemorySource:
    return MemorySource([
        (LISTS, [{"id": 1, "name": "home"}]),
        (TASKS, [{"id": number, "list_id": 1, "title": f"t{number}"} for number in (1, 2, 3)]),
        (STEPS, []),
    ])  # fmt: skip


class Desk:
    """An outbox over a source that is always there."""

    def __init__(self, path: Path) -> None:
        self.outbox, self.source = Outbox(path), make_source()
        self.asked: list[tuple[Part, ...]] = []

    def add(self, *changes: Change, table: str = "tasks", seen: dict[str, Any] | None = None) -> Waiting:
        def row(name: str, key: Key) -> dict[str, Any]:
            return seen if seen is not None else self.row(key, name)

        return self.outbox.add(new_id(), [Part(table, changes)], row, SCHEMAS.get)

    def commit(self, parts: Sequence[Part], id: str) -> tuple[Committed, ...]:
        self.asked.append(tuple(parts))
        return self.source.commit(parts, id=id)

    def send(self) -> None:
        replay(self.outbox, self.commit)

    def row(self, key: Key, table: str = "tasks") -> dict[str, Any]:
        block = self.source.table(table).fetch(Query(keys=(tuple(key),)), 0, 1)
        return block.row(0) if len(block) else {}

    def version(self, key: Key, table: str = "tasks") -> str:
        return self.source.table(table).fetch(Query(keys=(key,)), 0, 1).versions[0]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "outbox" / "shop.journal")


# -- the file ---------------------------------------------------------------------------------------------------------


def test_an_edit_that_is_too_long_to_be_read_again_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.add(Insert({"title": "kept"}))
    monkeypatch.setattr(journal_module, "MAX_RECORD", 1 << 20)
    with pytest.raises(JournalError, match=r"at most 1 MB can wait"):
        desk.add(Insert({"title": "x" * (2 << 20)}))
    desk.add(Insert({"title": "next"}))
    assert [entry.parts[0].changes[0].values["title"] for entry in Outbox(desk.outbox.path).waiting] == ["kept", "next"]


def test_what_another_version_wrote_is_neither_skipped_nor_lost(desk: Desk) -> None:
    desk.add(Insert({"title": "kept"}))
    later = Outbox(desk.outbox.path)
    journal = Journal(desk.outbox.path)
    with journal.locked():
        journal.read_new()
        journal.append([encode({"type": "from-the-future", "id": "f" * 32})])
    content = desk.outbox.path.read_bytes()
    for _ in range(2):
        with pytest.raises(JournalError, match="another version"):
            Outbox(desk.outbox.path)
        with pytest.raises(JournalError, match="another version"):
            later.note(Dropped(later.waiting[0].id))
    assert desk.outbox.path.read_bytes() == content


def test_an_outbox_cut_anywhere_is_as_it_was_at_some_moment(desk: Desk) -> None:
    states: list[list[str]] = [[]]
    first = desk.add(Insert({"title": "a"}))
    states.append([entry.id for entry in desk.outbox.shown])
    second = desk.add(Update((1,), "", {"title": "b"}))
    states.append([entry.id for entry in desk.outbox.shown])
    desk.outbox.note(Refused(second.id, "because"))
    desk.outbox.replace(second, "c" * 32, second.parts, second.seen)
    states.append([entry.id for entry in desk.outbox.shown])
    desk.outbox.note(Dropped(first.id))
    states.append([entry.id for entry in desk.outbox.shown])
    whole = desk.outbox.path.read_bytes()
    for size in range(len(whole) + 1):
        desk.outbox.path.write_bytes(whole[:size])
        assert [entry.id for entry in Outbox(desk.outbox.path).shown] in states


def test_what_is_shown_does_not_wait_for_the_disk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.add(Insert({"title": "a"}))
    writing, go_on, read = threading.Event(), threading.Event(), threading.Event()

    def slow(_handle: int) -> None:
        writing.set()
        assert go_on.wait(PATIENCE_S)

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", slow)
        writer = threading.Thread(target=lambda: desk.add(Insert({"title": "b"})))
        writer.start()
        assert writing.wait(PATIENCE_S)
        reader = threading.Thread(target=lambda: (desk.outbox.shown, desk.outbox.waiting, read.set()))
        reader.start()
        was_read = read.wait(PATIENCE_S)
        go_on.set()
        writer.join(PATIENCE_S)
    assert was_read and len(desk.outbox.shown) == 2


# -- keys -------------------------------------------------------------------------------------------------------------


def test_a_key_of_several_columns_becomes_real_with_the_row_it_names(desk: Desk) -> None:
    parent = desk.add(Insert({"name": "garden"}), table="lists").keys[0]
    child = desk.add(Insert({"list_id": parent[0], "place": 1, "text": "dig"}), table="steps").keys[0]
    assert child == (parent[0], 1)
    desk.add(Update(child, "", {"text": "dig deep"}), table="steps", seen={"text": "dig"})
    desk.send()
    assert desk.row((2, 1), "steps") == {"list_id": 2, "place": 1, "text": "dig deep"} and not desk.outbox.shown


def test_edits_behind_a_changed_key_belong_to_the_row(desk: Desk) -> None:
    desk.add(Update((2,), desk.version((2,)), {"id": 20}))
    desk.add(Update((2,), desk.version((2,)), {"note": "later"}))
    desk.add(Delete((3,), desk.version((3,))))
    desk.send()
    assert desk.row((20,))["note"] == "later" and not desk.row((2,)) and not desk.outbox.shown


def test_temporary_numbers_become_real_without_any_schema(desk: Desk) -> None:
    parent = desk.add(Insert({"name": "garden"}), table="lists").keys[0]
    desk.outbox.add(new_id(), [Part("tasks", (Insert({"title": "dig", "list_id": parent[0]}),))],
                    lambda table, key: {}, lambda table: None)  # fmt: skip
    desk.send()
    assert desk.row((4,))["list_id"] == 2


# -- edits that stand on others ---------------------------------------------------------------------------------------


def stands_on_refused(desk: Desk) -> tuple[Waiting, Waiting, Waiting]:
    """A row that the server does not take, a later edit of it, and a row that refers to it."""
    parent = desk.add(Insert({"name": None}), table="lists")
    edit = desk.add(Update(parent.keys[0], "", {"name": None}), table="lists", seen={})
    child = desk.add(Insert({"title": "dig", "list_id": parent.keys[0][0]}))
    desk.add(Insert({"title": "free"}))
    desk.send()
    return parent, edit, child


def test_what_stands_on_a_refused_row_waits_for_it(desk: Desk) -> None:
    parent, edit, child = stands_on_refused(desk)
    assert [entry.id for entry, _ in desk.outbox.refused] == [parent.id]
    assert [entry.id for entry in desk.outbox.waiting] == [edit.id, child.id], "and the free one went"
    assert desk.row((4,))["title"] == "free"
    desk.outbox.replace(edit, new_id(), [Part("lists", (Update(edit.keys[0], "", {"name": "yard"}),))], [{}])
    desk.outbox.replace(parent, new_id(), [Part("lists", (Insert({"name": "garden"}),))], parent.seen)
    desk.send()
    assert not desk.outbox.shown and desk.row((2,), "lists")["name"] == "yard" and desk.row((5,))["list_id"] == 2


def test_what_stands_on_a_row_that_is_given_up_goes_or_is_told(desk: Desk) -> None:
    parent, _, child = stands_on_refused(desk)
    desk.outbox.drop(parent)
    assert [entry.id for entry in desk.outbox.shown] == [child.id], "edits of the row went with it"
    desk.send()
    ((entry, refused),) = desk.outbox.refused
    assert entry.id == child.id and "was given up" in refused.message
    numbers = [value for parts in desk.asked for part in parts for change in part.changes
               for value in getattr(change, "values", {}).values() if isinstance(value, int)]  # fmt: skip
    assert min(numbers, default=0) >= 0, "no temporary number was ever sent"


# -- conflicts with oneself and with others ---------------------------------------------------------------------------


def test_an_own_edit_is_no_conflict_for_the_delete_behind_it(desk: Desk) -> None:
    version, row = desk.version((2,)), desk.row((2,))
    desk.add(Update((2,), version, {"title": "mine"}))
    desk.add(Delete((2,), version), seen={**row, "title": "mine", "list:label": "home"})
    desk.send()
    assert not desk.outbox.shown and not desk.row((2,))


def test_a_delete_of_a_row_that_others_changed_is_asked_about(desk: Desk) -> None:
    desk.add(Delete((2,), desk.version((2,))))
    desk.source.table("tasks").commit([Update((2,), "", {"note": "theirs"})])
    desk.send()
    assert len(desk.outbox.refused) == 1 and desk.row((2,))["note"] == "theirs"


def test_a_delete_that_others_did_already_is_done(desk: Desk) -> None:
    desk.add(*(Delete((at,), desk.version((at,))) for at in (1, 2, 3)))
    desk.source.table("tasks").commit([Delete((1,), ""), Delete((3,), "")])
    desk.send()
    assert not desk.outbox.shown and desk.source.table("tasks").count(Query()) == 0


# -- what is not the edit's fault -------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [SourceError("the source is closed"), LockedError("another program writes")])
def test_what_cannot_be_written_now_waits_on(desk: Desk, error: Exception) -> None:
    desk.add(Insert({"title": "a"}))

    def commit(_parts: Any, _id: str) -> Any:
        raise error

    with pytest.raises(type(error)):
        replay(desk.outbox, commit)
    assert len(desk.outbox.waiting) == 1 and not desk.outbox.refused
    desk.send()
    assert desk.source.table("tasks").count(Query(filter="title == 'a'")) == 1


@pytest.mark.parametrize(
    "error",
    [ForbiddenError("you may not"), UnknownColumnError("no column 'note'"), UnknownTableError("no table 'tasks'")],
)
def test_what_will_never_be_taken_comes_back_whole(desk: Desk, error: Exception) -> None:
    entry = desk.add(Update((1,), "", {"note": "n"}))

    def commit(_parts: Any, _id: str) -> Any:
        raise error

    replay(desk.outbox, commit)
    ((kept, refused),) = Outbox(desk.outbox.path).refused
    assert kept == entry and refused.message == error.message  # type: ignore[attr-defined]


class _Place:
    """A source for OfflineEdits."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.told, self.before = desk, [], lambda: None
        self.away = False

    def send(self, parts: Any, id: str) -> Any:
        self.before()
        return self.desk.commit(parts, id)

    def remembered_schema(self, table: str) -> Any:
        return SCHEMAS.get(table)

    def remembered_row(self, table: str, key: Key) -> dict[str, Any]:
        return self.desk.row(key, table)

    def tell(self, change: Any) -> None:
        self.told.append(change)

    def is_away(self) -> bool:
        return self.away


def quiet(desk: Desk, place: _Place | None = None) -> OfflineEdits:
    """The outbox at work; it sends when the test says so."""
    edits = OfflineEdits(place or _Place(desk), desk.outbox, None)
    edits.send_soon = lambda: None  # type: ignore[method-assign]
    return edits


def test_an_edit_that_comes_while_others_are_sent_is_sent_too(desk: Desk) -> None:
    place = _Place(desk)
    edits = quiet(desk, place)
    place.away = True
    edits.commit([Part("tasks", (Insert({"title": "first"}),))], "")
    waits = desk.outbox.next

    def late() -> Any:
        entry = waits()
        if entry is None and not place.told[-1].updated:
            # NOTE: the last look found nothing, and the lock is still held: what comes now must not be left behind.
            desk.outbox.next = waits  # type: ignore[method-assign]
            edits._keep([Part("tasks", (Update((1,), "", {"note": "late"}),))], new_id())
            edits.send()
        return entry

    desk.outbox.next = late  # type: ignore[method-assign]
    edits.send()
    assert desk.row((1,))["note"] == "late" and not desk.outbox.shown


def test_what_another_process_left_is_sent(desk: Desk) -> None:
    here = OfflineEdits(_Place(desk), Outbox(desk.outbox.path), None)
    desk.add(Insert({"title": "from there"}))
    here.send()
    assert desk.source.table("tasks").count(Query(filter="title == 'from there'")) == 1
    desk.outbox.refresh()
    assert not desk.outbox.shown


def test_what_is_given_up_just_as_the_link_breaks_is_not_kept(desk: Desk) -> None:
    place, interrupt = _Place(desk), Interrupt()
    edits = quiet(desk, place)

    def broken(_parts: Any, _id: str) -> Any:
        interrupt.set()
        raise UnavailableError("whether the change was saved is not known: the link broke")

    place.send = broken  # type: ignore[method-assign]
    with interruptible(interrupt), pytest.raises(UnavailableError, match="not known"):
        edits.commit([Part("tasks", (Insert({"title": "much"}),))], "")
    assert not desk.outbox.shown
    interrupt = Interrupt()
    place.send = desk_away  # type: ignore[method-assign]
    edits.commit([Part("tasks", (Insert({"title": "kept"}),))], "")
    assert len(desk.outbox.waiting) == 1


def desk_away(_parts: Any, _id: str) -> Any:
    raise UnavailableError("the server is away")


def test_what_another_process_adds_and_sends_is_told_to_views_here(desk: Desk) -> None:
    place, heard = _Place(desk), []
    here = OfflineEdits(place, Outbox(desk.outbox.path), None)
    here.outbox.on_change(lambda: heard.append(len(here.outbox.waiting)))
    assert not here.take_news()
    row = desk.add(Insert({"title": "from there"})).keys[0]
    assert here.take_news() and not here.take_news()
    assert [change.inserted for change in place.told] == [(row,)] and heard == [1]
    assert row in here.pending("tasks")
    there = OfflineEdits(_Place(desk), desk.outbox, None)
    there.send()
    assert here.take_news() and heard == [1, 0]
    [change] = place.told[1:]
    assert change.deleted == (row,) and change.inserted == ((4,),) and not here.pending("tasks")


def test_what_another_process_added_is_told_although_an_edit_here_read_it_first(desk: Desk) -> None:
    place = _Place(desk)
    place.away = True
    here = OfflineEdits(place, Outbox(desk.outbox.path), None)
    row = desk.add(Insert({"title": "from there"})).keys[0]
    here.commit([Part("tasks", (Update((1,), "", {"note": "here"}),))], "")
    assert [change.updated for change in place.told] == [((1,),)]
    assert here.take_news()
    assert [change.inserted for change in place.told[1:]] == [(row,)], "one's own edit is not told again"


# -- newer edits of what came back ------------------------------------------------------------------------------------


def test_a_refused_new_row_is_mended_where_it_stands(desk: Desk) -> None:
    place = _Place(desk)
    edits = quiet(desk, place)
    row = desk.add(Insert({"title": "dig", "list_id": 77})).keys[0]
    desk.send()
    assert len(desk.outbox.refused) == 1
    place.away = True
    done = edits.commit([Part("tasks", (Update(row, "", {"list_id": 1}),))], "")
    assert done[0].keys == (row,) and done[0].change.updated == (row,)
    edits.send()
    assert not desk.outbox.shown and desk.row((4,)) == {"id": 4, "list_id": 1, "title": "dig", "note": None}


def test_a_refused_new_row_goes_by_a_delete(desk: Desk) -> None:
    edits = quiet(desk)
    row = desk.add(Insert({"title": "dig", "list_id": 77})).keys[0]
    desk.send()
    edits.commit([Part("tasks", (Delete(row, ""), Update((1,), "", {"note": "n"})))], "")
    assert not desk.outbox.shown and desk.row((1,))["note"] == "n"


def test_a_newer_value_of_a_cell_that_came_back_does_not_go_over_what_others_wrote(desk: Desk) -> None:
    edits = quiet(desk)
    desk.add(Update((2,), desk.version((2,)), {"title": "mine"}))
    desk.source.table("tasks").commit([Update((2,), "", {"title": "theirs"})])
    desk.send()
    assert len(desk.outbox.refused) == 1
    edits.commit([Part("tasks", (Update((2,), desk.version((2,)), {"title": "mine too", "note": "n"}),))], "")
    edits.send()
    ((entry, refused),) = desk.outbox.refused
    assert entry.parts[0].changes[0].values == {"title": "mine too", "note": "n"}  # type: ignore[union-attr]
    assert refused.current is not None and refused.current.columns["title"] == ["theirs"]
    assert desk.row((2,))["title"] == "theirs"
    edits.commit([Part("tasks", (Update((3,), "", {"note": "other"}),))], "")
    assert desk.row((3,))["note"] == "other", "other rows are written as ever"


def test_two_changes_of_one_commit_go_into_the_same_edit(desk: Desk) -> None:
    entry = desk.add(Update((1,), "", {"title": "a"}), Update((2,), "", {"title": "b"}))
    parts = [Part("tasks", (Update((1,), "", {"title": "A"}), Update((3,), "", {"title": "C"}), Delete((2,), "v")))]
    folds = fold_in([entry], parts, lambda table, key: {}, new_id)
    assert folds.is_folded == [True, False, True]
    assert folds.rest == [Part("tasks", (Update((3,), "", {"title": "C"}),))]
    ((old, new),) = folds.puts
    assert old is entry and new is not None and new.replaces == entry.id
    assert new.parts == (Part("tasks", (Update((1,), "", {"title": "A"}), Delete((2,), ""))),)
    assert msgspec.structs.replace(new, parts=()) != entry


def test_numbers_of_new_rows_are_never_given_twice(desk: Desk) -> None:
    first = desk.add(Insert({"title": "a"}))
    desk.outbox.drop(first)
    again = Outbox(desk.outbox.path)
    row = again.add(new_id(), [Part("tasks", (Insert({"title": "b"}),))], lambda table, key: {}, SCHEMAS.get)
    assert first.keys == (as_temporary(1),) and row.keys == (as_temporary(2),)
