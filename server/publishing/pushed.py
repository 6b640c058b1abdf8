"""What git runs at a push, before the branch moves: who may not is refused, what will not be released is told why.

It is a process of its own (``python -m server.publishing.pushed``), also where somebody pushes over a path or ssh and
no server runs. What it prints, git shows to whoever pushes. A wrong app does not stop the push: others' apps and
unfinished work are in the same repository; its last good release stays.
"""

from __future__ import annotations

import argparse
import os
import pwd
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from kernel.error import EspalierError
from server.audit import Audit
from server.catalogue import Catalogue
from server.identity import Person
from server.log import Log, whole
from server.note import Notes
from server.publishing.operation import refusal_of
from server.publishing.policy import Policy, problems_of
from server.publishing.rollout import ROLLOUT_FILE, RolloutError, parse_rollout
from server.publishing.teller import Publishers, tell_refused
from server.repository import CHANNELS, MAIN_BRANCHES, Repository

#: Where the server's own HTTP door says who pushes.
PERSON_VARIABLE = "ESPALIER_PERSON"
#: Refs that may be pushed. Others change how git reads objects (replace), or are the server's own.
_PUSHABLE = ("refs/heads/", "refs/tags/")
_NOTHING = "0" * 40


class Ref(NamedTuple):
    """One line of what git tells the hook."""

    old: str
    new: str
    name: str


class PushCheck:
    """Looks at one push.

    Args:
        repository: With the pushed objects.
        catalogue: What was released before; its policy is the one in force.
        person: Who pushes.
    """

    def __init__(self, repository: Repository, catalogue: Catalogue, person: Person) -> None:
        self._repository = repository
        self._catalogue = catalogue
        self._person = person
        self._policy = Policy()
        self._head = repository.head()
        self._policy.read(repository, self._head, Log(level="error"))
        self._name = self._policy.name_of(person)

    def refusals(self, refs: Iterable[Ref]) -> Iterator[tuple[str, str, str]]:
        """Why the push is refused: app and channel where there are, and the sentence."""
        rights, name = self._policy.rights, self._name
        for ref in refs:
            if not ref.name.startswith(_PUSHABLE):
                yield "", "", f"{ref.name} may not be pushed: only branches and tags are"
            elif not self.is_main(ref.name):
                if not rights.may_change_anything(name):
                    yield "", "", f"{name} may not push to {ref.name}"
            elif ref.new == _NOTHING:
                yield "", "", f"{ref.name} is what is served and may not be removed"
            else:
                yield from self._of_main(ref)

    def _of_main(self, ref: Ref) -> Iterator[tuple[str, str, str]]:
        rights, name = self._policy.rights, self._name
        for app, channel in self.changed(ref):
            if not rights.may_publish(name, app, channel):
                yield app, channel, f"{name} may not publish '{app}' on the channel {channel}"
        if rights.may_administer(name):
            return
        if not self._repository.is_ahead(ref.new, self._head):
            yield "", "", f"{name} may not rewrite the history of {ref.name}"
        for path in self._repository.changed_tops(self._head, ref.new):
            if path == ROLLOUT_FILE:
                yield from self._of_rollout(ref)
            elif path not in ("apps", CHANNELS):
                yield "", "", f"{name} may not change {path}: that takes the right to administer"

    def _of_rollout(self, ref: Ref) -> Iterator[tuple[str, str, str]]:
        try:
            now = parse_rollout(self._repository.top_file(ref.new, ROLLOUT_FILE) or b"")
        except RolloutError:
            return  # told as a problem; what was in force stays
        before, name = self._policy.parts, self._name
        for app in sorted({*now, *before}):
            if now.get(app) != before.get(app) and not self._policy.rights.may_publish(name, app, "stable"):
                yield app, "next", f"{name} may not change the roll-out of '{app}'"

    def problems(self, refs: Iterable[Ref]) -> Iterator[tuple[str, str, list[str]]]:
        """What will not be released: app, channel and every reason; without an app, files of the repository itself."""
        for ref in refs:
            if not self.is_main(ref.name) or ref.new == _NOTHING:
                continue
            found = [whole(str(error)) for error in problems_of(self._repository, ref.new)]
            if found:
                yield "", "", found
            marks = self._repository.releases(ref.new)
            for app, channel in self.changed(ref):
                mark = marks.get(app, {}).get(channel)
                if mark is None:
                    continue
                try:
                    self._catalogue.fitness.check(app, channel, mark)
                    self._catalogue.check_version(app, channel, mark)
                except EspalierError as error:
                    yield app, channel, [whole(one) for one in refusal_of(app, error)]

    def changed(self, ref: Ref) -> list[tuple[str, str]]:
        """App and channel of everything that has other content after the push."""
        before = self._repository.releases(self._head) if self._head else {}
        after = self._repository.releases(ref.new)
        places = {(app, channel) for marks in (before, after) for app in marks for channel in marks[app]}
        return sorted(
            (app, channel) for app, channel in places
            if before.get(app, {}).get(channel) != after.get(app, {}).get(channel)
        )  # fmt: skip

    def is_main(self, ref: str) -> bool:
        """Whether the branch is the one that is served."""
        return ref == self._repository.main_branch() or (not self._head and ref in MAIN_BRANCHES)


def person_from(environment: dict[str, str] | os._Environ[str]) -> Person:
    """Who pushes: as the server's HTTP door says, else the system's user."""
    told = environment.get(PERSON_VARIABLE, "")
    if told:
        return Person(*msgspec.json.decode(told, type=tuple[str, bool, str, bool]))
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = f"uid:{os.getuid()}"
    return Person(name, True, "push")


def main(arguments: list[str] | None = None) -> int:
    """Check what git tells on standard input; 1 refuses the push."""
    parser = argparse.ArgumentParser(prog="python -m server.publishing.pushed")
    parser.add_argument("git_dir", type=Path)
    parser.add_argument("own", type=Path)
    parser.add_argument("audit", type=Path)
    options = parser.parse_args(arguments)
    refs = [Ref(*line.split()) for line in sys.stdin.read().splitlines()]
    try:
        return _check(options, refs)
    except EspalierError as error:
        print(f"espalier: this push could not be checked: {error}", file=sys.stderr)
        return 1


def _check(options: argparse.Namespace, refs: list[Ref]) -> int:
    repository = Repository(options.git_dir, objects=os.environ.get("GIT_QUARANTINE_PATH", ""))
    log = Log(options.own / "push.log")
    catalogue = Catalogue(repository, Notes(options.own, log), log)
    person = person_from(os.environ)
    check = PushCheck(repository, catalogue, person)
    refusals = list(check.refusals(refs))
    if refusals:
        audit = Audit(options.audit, log)
        for app, channel, reason in refusals:
            print(f"espalier: {reason}", file=sys.stderr)
            tell_refused(audit, person, app, channel, reason)
        audit.close()
        return 1
    for app, channel, reasons in check.problems(refs):
        what = f"{app} is not released on {channel}, its last good release stays" if app else "not taken"
        print(f"espalier: {what}:", file=sys.stderr)
        for reason in reasons:
            print(f"  {reason}", file=sys.stderr)
    for ref in refs:
        if check.is_main(ref.name) and not person.is_unnamed:
            Publishers(options.own).leave(ref.new, person, repository.author_of(ref.new)[1])
    return 0


if __name__ == "__main__":
    sys.exit(main())
