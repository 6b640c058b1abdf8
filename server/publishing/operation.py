"""Publishing, rolling back, promoting, unpublishing: each is one commit on the main branch, checked before it is made.

So the repository says what every channel has, a clone has it too, and whoever reviews code reviews releases.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import NamedTuple

from layouts.app_check.check import UnfitError
from layouts.app_manifest import APP_FILE, parse_app
from layouts.app_needs import MINE, NEXT, OWN, STABLE, is_channel
from server.audit import Audit
from server.catalogue import Catalogue
from server.error import PublishError, RightError
from server.identity import Person
from server.note import Entry
from server.published import Published
from server.publishing.rollout import ROLLOUT_FILE, rollout_text
from server.publishing.teller import Publishers, tell_refused
from server.repository import Repository, place_of
from server.shared import parts_of

#: Tells how far something is.
Report = Callable[[str], None]


class Done(NamedTuple):
    """What became of it: the release, and whether it is another one than before."""

    published: Published | None
    is_new: bool


class Publishing:
    """Changes what the channels of one repository have.

    Args:
        repository: The repository.
        catalogue: Its releases.
        publishers: Told who does it.
        audit: Learns of refusals.
        look: Has the catalogue look at the main branch, and tells the subscribers.
    """

    def __init__(
        self,
        repository: Repository,
        catalogue: Catalogue,
        publishers: Publishers,
        audit: Audit,
        look: Callable[[], None],
    ) -> None:
        self._repository = repository
        self._catalogue = catalogue
        self._publishers = publishers
        self._audit = audit
        self._look = look
        self._lock = threading.Lock()

    def channel_of(self, channel: str, person: Person) -> str:
        """The channel that somebody means; ``mine`` is their own.

        Raises:
            PublishError: there can be no such channel.
        """
        found = OWN + person.name if channel == MINE else channel or STABLE
        if not is_channel(found):
            hint = "small letters, digits and -; mine is your own"
            raise PublishError(f"a channel cannot be called {found}", hint=hint)
        return found

    def demand(self, person: Person, app: str, channel: str) -> None:
        """Refuse somebody who may not change what the app has on the channel; the audit keeps it.

        Raises:
            RightError: they may not.
        """
        policy = self._catalogue.policy
        if policy.rights.may_publish(policy.name_of(person), app, channel):
            return
        message = f"{person.name} may not publish '{app}' on the channel {channel}"
        tell_refused(self._audit, person, app, channel, message)
        hint = policy.proof_hint(person) or "rights are rows [[rights]] of roles.toml in the repository"
        raise RightError(message, hint=hint)

    def publish(
        self, person: Person, app: str, channel: str, files: Mapping[str, str], message: str,
        percent: float = 100.0, report: Report = lambda stage: None,
    ) -> Done:  # fmt: skip
        """Release an app's files.

        Args:
            person: Who does it.
            app: The app's name.
            channel: Where; a part of everybody (``percent`` below 100) is for stable alone.
            files: Path → id of its blob.
            message: What they say of it.
            percent: How much of those on stable get it for now.
            report: Told each step.

        Raises:
            RightError, UnfitError, PublishError, RepositoryError: nothing has changed then.
        """
        with self._lock:
            target = self._target(channel, percent)
            self.demand(person, app, target)
            report("checking")
            tree = self._repository.write_tree(files)
            self._check_channel(app, target, files)
            return self._put(person, app, target, tree, percent, message or f"Publish {app}", report)

    def promote(
        self, person: Person, app: str, source: str, channel: str, message: str, percent: float = 100.0,
        report: Report = lambda stage: None,
    ) -> Done:  # fmt: skip
        """Give a channel what another one has; of a staged roll-out, a larger or smaller part of everybody.

        Raises:
            RightError, UnfitError, PublishError, RepositoryError: nothing has changed then.
        """
        with self._lock:
            target = self._target(channel, percent)
            self.demand(person, app, target)
            self.demand(person, app, source)
            tree = self._repository.tree_at(self._repository.head(), place_of(app, source))
            if not tree:
                raise PublishError(f"'{app}' has nothing on the channel {source}", hint=self._channels_of(app))
            said = message or f"Promote {app} from {source} to {channel}"
            return self._put(person, app, target, tree, percent, said, report)

    def roll_back(
        self, person: Person, app: str, channel: str, to: str, message: str, report: Report = lambda stage: None
    ) -> Done:
        """Release an older release's content anew.

        Args:
            person, app, channel, message, report: As of :meth:`publish`.
            to: The number or version of that release; empty for the one before.

        Raises:
            RightError, UnfitError, PublishError, RepositoryError: nothing has changed then.
        """
        with self._lock:
            self.demand(person, app, channel)
            entry = self.entry(app, channel, to)
            tree = parts_of(entry.tree)[0]
            if not self._repository.has(tree):
                hint = "the history was rewritten; push the commit that holds it"
                raise PublishError(f"release {entry.serial} of '{app}' is not in the repository any more", hint=hint)
            said = message or f"Roll {app} back to {entry.version} (release {entry.serial})"
            return self._put(person, app, channel, tree, 100.0, said, report)

    def unpublish(self, person: Person, app: str, channel: str, message: str) -> Done:
        """Take an app off a channel. Those who have it keep it; nobody gets it anew.

        Raises:
            RightError, PublishError, RepositoryError: nothing has changed then.
        """
        with self._lock:
            self.demand(person, app, channel)
            if channel not in self._catalogue.channels(app):
                self._catalogue.find(app)
                raise PublishError(f"'{app}' has nothing on the channel {channel}", hint=self._channels_of(app))
            gone = {STABLE, NEXT} if channel == STABLE else {channel}
            edits: dict[str, str | None] = {place_of(app, name): None for name in gone}
            self._commit(person, edits | self._rollout(app, None), message or f"Take {app} off {channel}")
            return Done(None, True)

    def entry(self, app: str, channel: str, to: str) -> Entry:
        """The release of an app's log by number or version; without one, what the channel had before.

        Raises:
            PublishError: there is none.
        """
        note = self._catalogue.note_of(app)
        released = [entry for entry in (note.log if note else ()) if entry.action == "released"]
        if to:
            found = [entry for entry in released if to in (str(entry.serial), entry.version)]
        else:
            now = self._catalogue.channels(app).get(channel)
            found = [entry for entry in released if entry.channel == channel and now and entry.tree != now.tree]
        if not found:
            what = f"no release {to}" if to else f"nothing older on the channel {channel}"
            raise PublishError(f"'{app}' has {what}", hint=f"espalier log {app} lists its releases")
        return found[-1]

    def _target(self, channel: str, percent: float) -> str:
        if not 0 < percent <= 100:
            raise PublishError(f"{percent:g} is no part of everybody", hint="a percent above 0, up to 100")
        if percent == 100:
            return channel
        if channel not in (STABLE, NEXT):
            raise PublishError("only the stable channel has staged roll-outs", hint="leave the percent out")
        return NEXT

    def _channels_of(self, app: str) -> str:
        """What else the app has, own channels left out."""
        has = sorted(name for name in self._catalogue.channels(app) if not name.startswith(OWN))
        return f"it has: {', '.join(has)}" if has else "espalier publish releases it"

    def _check_channel(self, app: str, channel: str, files: Mapping[str, str]) -> None:
        """Refuse a channel that the app does not have: a slip of the pen would be a channel for nobody."""
        if channel in (STABLE, NEXT) or channel.startswith(OWN) or APP_FILE not in files:
            return
        known = parse_app(self._repository.read(files[APP_FILE])).channels
        if channel not in known:
            hint = f"it has stable, mine, {', '.join(known)}; more are named by channels = […] in app.toml"
            raise PublishError(f"'{app}' has no channel {channel}", hint=hint)

    def _put(self, person: Person, app: str, channel: str, tree: str, percent: float, message: str,
             report: Report) -> Done:  # fmt: skip
        """Put a tree on a channel, if it is fit, and release it."""
        mark = self._repository.mark_of(app, tree)
        now = self._catalogue.channels(app).get(channel)
        parts = self._catalogue.policy.parts.get(app, 0)
        is_same = now is not None and now.tree == mark and (channel != NEXT or parts == percent)
        if is_same and (channel != STABLE or NEXT not in self._catalogue.channels(app)):
            return Done(now, False)
        self._catalogue.fitness.check(app, channel, mark)
        self._catalogue.check_version(app, channel, mark)
        report("releasing")
        edits: dict[str, str | None] = {place_of(app, channel): tree}
        if channel == STABLE:
            edits |= {place_of(app, NEXT): None, **self._rollout(app, None)}
        elif channel == NEXT:
            edits |= self._rollout(app, percent)
        self._commit(person, edits, message)
        made = self._catalogue.channels(app).get(channel)
        if made is None or made.tree != mark:
            reason = self._catalogue.problems.get(app, "the server's log says why")
            raise PublishError(f"'{app}' was committed, but is not served: {reason}")
        is_new = made != now or (channel == NEXT and parts != percent)
        return Done(made, is_new)

    def _rollout(self, app: str, percent: float | None) -> dict[str, str | None]:
        """The change of the roll-outs' file; none where it says so already."""
        before = self._catalogue.policy.parts
        after = {name: part for name, part in before.items() if name != app} | ({app: percent} if percent else {})
        if after == before:
            return {}
        return {ROLLOUT_FILE: self._repository.write_blob(rollout_text(after)) if after else None}

    def _commit(self, person: Person, edits: Mapping[str, str | None], message: str) -> None:
        def announce(commit: str) -> None:
            self._publishers.tell(commit, person, message)

        name = "".join(letter for letter in person.name if letter not in "<>\n\0").strip() or "nobody"
        self._repository.change(edits, message, (name, f"{name.replace(' ', '.')}@espalier"), announce=announce)
        self._look()


def refusal_of(app: str, error: Exception) -> list[str]:
    """All reasons of a refusal, a text each."""
    return [str(one) for one in error.problems] if isinstance(error, UnfitError) else [str(error)]
