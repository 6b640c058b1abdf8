"""Git's commands: each an edit of one of the tables that the page shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plugins.api import Insert, Query, Update, Workplace, edit_table, page_table, say
from plugins.git.conflict_view import ConflictView
from plugins.git.diff_view import DiffView
from plugins.git.follower import UNDER_WAY, Follower


def commit(place: Workplace, message: str) -> None:
    """Commit what is staged."""
    _write(place, "log", [Insert({"message": message})], say("Commit"), lambda _: say("Committed"))


def act(place: Workplace, action: str, target: str = "") -> None:
    """Do something with the whole repository; see the table ``actions``."""

    def said(answer: Any) -> str:
        return say("{action}: done", action=action)

    _write(place, "actions", [Insert({"action": action, "target": target})], action, said)


def transfer(place: Workplace, action: str, target: str = "") -> None:
    """Speak with a remote; what becomes of it is told when it is over."""
    handle = page_table(place, "actions")

    def take(answer: Any) -> None:
        if isinstance(answer, Exception):
            place.message("error", str(answer))
        else:
            Follower(place, handle, answer.keys[0])

    values = {"action": action, "target": target, "can_ask": place.view("git-transfers") is not None}
    handle.commit([Insert(values)], take, action)


def fetch(place: Workplace, remote: str = "") -> None:
    """Get what a remote has."""
    transfer(place, "fetch", remote)


def pull(place: Workplace) -> None:
    """Fetch and merge what the branch follows."""
    transfer(place, "pull")


def push(place: Workplace, remote: str = "") -> None:
    """Push the branch."""
    transfer(place, "push", remote)


def cancel_transfer(place: Workplace) -> None:
    """Give up what is under way."""
    handle = page_table(place, "actions")

    def take_row(answer: Any) -> None:
        if isinstance(answer, Exception) or not len(answer.keys) or answer.columns["state"][0] not in UNDER_WAY:
            place.message("info", say("Nothing is under way"))
            return
        handle.commit([Update(answer.keys[0], "", {"state": "cancelled"})], take, say("Cancel"))

    def take(answer: Any) -> None:
        if isinstance(answer, Exception):
            place.message("error", str(answer))

    handle.fetch(Query(), 0, 1, take_row)


def merge(place: Workplace, branch: str) -> None:
    """Merge a branch into the one that is checked out."""
    act(place, "merge", branch)


def give_up_merge(place: Workplace) -> None:
    """Make everything what it was before the merge."""
    act(place, "give up merge")


def amend(place: Workplace, message: str) -> None:
    """Put what is staged into the last commit, with another message."""
    act(place, "amend", message)


def discard(place: Workplace, path: str) -> None:
    """Make a file what is staged of it."""
    act(place, "discard", path)


def make_branch(place: Workplace, name: str) -> None:
    """Make a branch here and switch to it."""
    changes = [Insert({"name": name, "is_current": True})]
    _write(place, "branches", changes, say("New branch"), lambda _: say("Switched"))


def switch(place: Workplace, branch: str) -> None:
    """Check a branch out."""
    update = Update((f"refs/heads/{branch}",), "", {"is_current": True})
    _write(place, "branches", [update], say("Switch"), lambda _: say("Switched"))


def stash(place: Workplace, message: str = "") -> None:
    """Put all changes aside."""
    _write(place, "stashes", [Insert({"message": message})], say("Stash"), lambda _: say("Put aside"))


def apply_stash(place: Workplace) -> None:
    """Bring back what was put aside last."""
    _write(place, "stashes", [Update((0,), "", {"is_applied": True})], say("Bring back"), lambda _: say("Brought back"))


def stage_all(place: Workplace) -> None:
    """Stage every changed file."""
    _stage_all(place, is_staged=True)


def unstage_all(place: Workplace) -> None:
    """Take everything out of what is staged."""
    _stage_all(place, is_staged=False)


def stage_lines(view: DiffView) -> None:
    """Stage the chosen lines, or take them out."""
    view.stage_chosen()


def next_hunk(view: DiffView) -> None:
    """Go to the next hunk."""
    view.move_hunk(1)


def previous_hunk(view: DiffView) -> None:
    """Go to the previous hunk."""
    view.move_hunk(-1)


def copy_lines(view: DiffView) -> None:
    """Copy the chosen lines."""
    view.copy_chosen()


def take_ours(view: ConflictView) -> None:
    """Decide a conflict by our side."""
    view.take("ours")


def take_theirs(view: ConflictView) -> None:
    """Decide a conflict by their side."""
    view.take("theirs")


def take_both(view: ConflictView) -> None:
    """Decide a conflict by both sides."""
    view.take("both")


def take_base(view: ConflictView) -> None:
    """Decide a conflict by what both began from."""
    view.take("base")


def next_conflict(view: ConflictView) -> None:
    """Go to the next conflict."""
    view.step(1)


def previous_conflict(view: ConflictView) -> None:
    """Go to the previous conflict."""
    view.step(-1)


def _stage_all(place: Workplace, *, is_staged: bool) -> None:
    handle = page_table(place, "status")

    def take(answer: Any) -> None:
        if isinstance(answer, Exception):
            place.message("error", str(answer))
            return
        is_other = [value is not is_staged for value in answer.columns["staged"]]
        rows = zip(answer.keys, answer.versions, is_other, strict=True)
        updates = [Update(key, version, {"staged": is_staged}) for key, version, is_meant in rows if is_meant]
        if updates:
            edit_table(place, handle, updates, say("Stage"), lambda _: "")

    handle.fetch(Query(), 0, 1_000_000, take)


def _write(place: Workplace, table: str, changes: list[Any], title: str, said: Callable[[Any], str]) -> None:
    edit_table(place, page_table(place, table), changes, title, said)
