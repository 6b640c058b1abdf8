"""The commands ``publish.*``: whoever may publishes over the wire; see :mod:`server.publishing.operation`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from kernel.error import EspalierError
from kernel.release import File
from kernel.wire import value as wire_value
from kernel.wire.blob_stream import pack_blobs
from kernel.wire.call import Call
from kernel.wire.command import Row
from kernel.wire.error import RemoteError
from layouts.app_check.check import UnfitError
from layouts.app_needs import NEXT, OWN
from server.arguments import Args
from server.catalogue import Catalogue
from server.error import PublishError, RightError, UnknownAppError
from server.hosting import Hosting
from server.identity import Person, person_of
from server.note import Served
from server.published import publish
from server.publishing.operation import Done, Publishing, Report
from server.publishing.teller import tell_refused
from server.publishing.upload import Upload
from server.repository import Repository

_NAME = "publishing"
#: Lines of a log, and uploads under way on one connection, at most.
MAX_LINES, MAX_UPLOADS = 200, 4


class BeginArgs(Args):
    """What is to be published: path → SHA-256 and size."""

    app: str
    files: dict[str, File]
    channel: str = ""


class PieceArgs(Args):
    """A piece of the files that were missing."""

    app: str
    sequence: int
    data: bytes


class EndArgs(Args):
    """Everything has come; ``percent`` below 100 is a staged roll-out."""

    app: str
    channel: str = ""
    message: str = ""
    percent: float = 100.0


class LogArgs(Args):
    """How many lines of an app's log, the newest first."""

    app: str
    most: int = 50


class ReleaseOfArgs(Args):
    """A release: its number or version, or else the one that the channel has now."""

    app: str
    release: str = ""
    channel: str = ""


class ReadArgs(ReleaseOfArgs, kw_only=True):
    """Files of that release."""

    paths: list[str]


class RollBackArgs(Args):
    """To a number or version; empty = to the one before."""

    app: str
    to: str = ""
    channel: str = ""
    message: str = ""


class PromoteArgs(Args):
    """What ``source`` has becomes what ``channel`` has."""

    app: str
    source: str
    channel: str = ""
    message: str = ""
    percent: float = 100.0


class UnpublishArgs(Args):
    """From which channel."""

    app: str
    channel: str = ""
    message: str = ""


class PublishCommands:
    """The commands over one repository.

    Args:
        repository, catalogue, hosting: Of the server.
        publishing: Does it.
        tell: Publishes an event: topic and body.
    """

    def __init__(
        self, repository: Repository, catalogue: Catalogue, hosting: Hosting, publishing: Publishing,
        tell: Callable[[str, Any], None],
    ) -> None:  # fmt: skip
        self._repository = repository
        self._catalogue = catalogue
        self._hosting = hosting
        self._publishing = publishing
        self._tell = tell

    def rows(self) -> tuple[Row, ...]:
        """The table of commands."""
        return (
            Row("publish.begin", "Announce files; answers those that have to be sent.", BeginArgs,
                _told(self.begin), is_blocking=True),
            Row("publish.add", "Send a piece of them.", PieceArgs, _told(self.add), is_blocking=True),
            Row("publish.end", "Check and release them.", EndArgs, self.end, is_stream=True),
            Row("publish.rollback", "Release old content anew.", RollBackArgs, self.roll_back, is_stream=True),
            Row("publish.promote", "Give a channel what another has.", PromoteArgs, self.promote, is_stream=True),
            Row("publish.unpublish", "Take an app off a channel.", UnpublishArgs, _told(self.unpublish),
                is_blocking=True),
            Row("publish.log", "What was published of an app, and refused.", LogArgs, _told(self.log),
                is_blocking=True),
            Row("publish.files", "The files of a release, an old one too.", ReleaseOfArgs, _told(self.files),
                is_blocking=True),
            Row("publish.read", "Contents of a release's files.", ReadArgs, _told(self.read), is_stream=True),
        )  # fmt: skip

    def begin(self, call: Call, args: BeginArgs) -> dict[str, Any]:
        """Take the list of files; those who may not publish are refused before they send anything."""
        person = person_of(call.session)
        channel = self._publishing.channel_of(args.channel, person)
        self._publishing.demand(person, args.app, channel)
        mine: dict[str, Upload] = call.session.data.setdefault(_NAME, {})
        if len(mine) >= MAX_UPLOADS and args.app not in mine:
            raise RemoteError("too_large", f"at most {MAX_UPLOADS} apps are published at once on one connection")
        mine[args.app] = upload = Upload(self._repository, args.files, self._catalogue.blob)
        return {"missing": upload.missing, "channel": channel}

    def add(self, call: Call, args: PieceArgs) -> None:
        """See :meth:`server.publishing.upload.Upload.add`."""
        self._upload(call, args.app).add(args.sequence, args.data)

    def end(self, call: Call, args: EndArgs) -> Iterator[bytes]:
        """Release what has come; pieces tell each step, the last one what became of it."""
        person = person_of(call.session)

        def work(report: Report) -> Done:
            channel = self._publishing.channel_of(args.channel, person)
            files = self._upload(call, args.app).files()
            return self._publishing.publish(
                person, args.app, channel, files, args.message, args.percent, report
            )

        try:
            yield from self._steps(args.app, person, args.channel, work)
        finally:
            call.session.data.get(_NAME, {}).pop(args.app, None)

    def roll_back(self, call: Call, args: RollBackArgs) -> Iterator[bytes]:
        """See :meth:`server.publishing.operation.Publishing.roll_back`."""
        person = person_of(call.session)

        def work(report: Report) -> Done:
            channel = self._publishing.channel_of(args.channel, person)
            return self._publishing.roll_back(person, args.app, channel, args.to, args.message, report)

        return self._steps(args.app, person, args.channel, work)

    def promote(self, call: Call, args: PromoteArgs) -> Iterator[bytes]:
        """See :meth:`server.publishing.operation.Publishing.promote`."""
        person = person_of(call.session)

        def work(report: Report) -> Done:
            source, channel = (self._publishing.channel_of(one, person) for one in (args.source, args.channel))
            return self._publishing.promote(person, args.app, source, channel, args.message, args.percent, report)

        return self._steps(args.app, person, args.channel, work)

    def unpublish(self, call: Call, args: UnpublishArgs) -> None:
        """See :meth:`server.publishing.operation.Publishing.unpublish`."""
        person = person_of(call.session)
        channel = self._publishing.channel_of(args.channel, person)
        self._publishing.unpublish(person, args.app, channel, args.message)

    def log(self, call: Call, args: LogArgs) -> dict[str, Any]:
        """The log, the newest line first, and what each channel has. Own channels of others are left out."""
        person = person_of(call.session)
        note = self._catalogue.note_of(args.app)
        channels = self._catalogue.channels(args.app)
        if note is None and not channels:
            self._catalogue.find(args.app)
        own = self._own_channel(person)
        log = reversed(note.log if note else ())
        lines = [one for one in log if not one.channel.startswith(OWN) or one.channel == own]
        return {
            "log": lines[: max(0, min(args.most, MAX_LINES))],
            "channels": {
                name: {"serial": one.manifest.serial, "version": one.manifest.version, "release": one.release.id}
                for name, one in channels.items()
                if not name.startswith(OWN) or name == own
            },
            "percent": self._catalogue.policy.parts.get(args.app, 0.0),
        }

    def files(self, call: Call, args: ReleaseOfArgs) -> dict[str, Any]:
        """Path → SHA-256 and size, and which release it is."""
        manifest, _ = self._release(call, args)
        return {"files": manifest.files, "serial": manifest.serial, "version": manifest.version}

    def read(self, call: Call, args: ReadArgs) -> Iterator[bytes]:
        """See :func:`kernel.wire.blob_stream.pack_blobs`; a path that the release does not have is absent."""
        manifest, blobs = self._release(call, args)
        oids = [blobs[manifest.files[path].sha256] if path in manifest.files else None for path in args.paths]
        return pack_blobs(None if oid is None else self._repository.read(oid) for oid in oids)

    def _release(self, call: Call, args: ReleaseOfArgs) -> tuple[Any, dict[str, str]]:
        person = person_of(call.session)
        channel = self._publishing.channel_of(args.channel, person)
        if channel.startswith(OWN) and channel != self._own_channel(person):
            raise RightError(f"the channel {channel} is somebody else's")
        if not args.release:
            found = self._catalogue.channels(args.app).get(channel)
            if found is None:
                raise UnknownAppError(f"'{args.app}' has nothing on the channel {channel}")
            return found.manifest, found.blobs
        entry = self._publishing.entry(args.app, channel, args.release)
        if entry.channel.startswith(OWN) and entry.channel != self._own_channel(person):
            raise RightError(f"release {args.release} was on somebody else's channel")
        served = Served(entry.tree, entry.commit, entry.serial, entry.version)
        made = publish(self._repository, self._catalogue.hashes, args.app, served, entry.channel)
        return made.manifest, made.blobs

    def _own_channel(self, person: Person) -> str:
        """The one channel of a person that they see; of a name that is only claimed, nobody's."""
        return OWN + self._catalogue.policy.name_of(person)

    def _upload(self, call: Call, app: str) -> Upload:
        upload = call.session.data.get(_NAME, {}).get(app)
        if upload is None:
            raise RemoteError("bad_arguments", "publish.begin comes first")
        return upload

    def _steps(self, app: str, person: Person, channel: str, work: Callable[[Report], Done]) -> Iterator[bytes]:
        """Do it; each step is a piece and an event, the end is a piece: the release, or every reason against it."""
        steps: list[str] = []

        def report(stage: str) -> None:
            steps.append(stage)
            self._tell(f"publishing:{app}", {"app": app, "action": stage, "channel": channel, "person": person.name})

        yield _piece({"stage": "received"})
        try:
            done = work(report)
        except UnfitError as error:
            self._refused(app, person, channel, error)
            yield _piece({"refused": error.records(), "message": error.message})
            return
        except (PublishError, RightError) as error:
            self._refused(app, person, channel, error)
            yield _piece({"refused": [{"message": error.message, "hint": error.hint}], "message": error.message})
            return
        yield from (_piece({"stage": stage}) for stage in steps)
        found = done.published
        manifest = found.manifest if found else None
        yield _piece({"done": {
            "app": app, "channel": manifest.channel if manifest else channel, "is_new": done.is_new,
            "serial": manifest.serial if manifest else 0, "version": manifest.version if manifest else "",
            "release": found.release.id if found else "", "commit": manifest.commit if manifest else "",
            **({"percent": self._catalogue.policy.parts.get(app)} if manifest and manifest.channel == NEXT else {}),
        }})  # fmt: skip

    def _refused(self, app: str, person: Person, channel: str, error: EspalierError) -> None:
        """Tell who listens, and the audit where that is not done yet."""
        problems = [str(one) for one in getattr(error, "problems", ())] or [str(error)]
        if not isinstance(error, RightError):
            tell_refused(self._hosting.audit, person, app, channel, "; ".join(problems))
        self._tell(f"publishing:{app}", {"app": app, "action": "refused", "channel": channel,
                                         "person": person.name, "problems": problems[:20]})  # fmt: skip


def _told(handler: Callable[..., Any]) -> Callable[..., Any]:
    """``handler`` whose refusals have codes that clients know."""
    def run(call: Call, args: Any) -> Any:
        try:
            return handler(call, args)
        except RightError as error:
            raise RemoteError("forbidden", error.message, {"hint": error.hint}) from error
        except UnknownAppError as error:
            raise RemoteError("not_found", error.message, {"hint": error.hint}) from error
        except (PublishError, UnfitError) as error:
            raise RemoteError("failed", error.message, {"hint": error.hint}) from error

    return run


def _piece(value: Any) -> bytes:
    """A piece of an answer, with its length in front: chunks are cut anywhere."""
    data = wire_value.encode(value)
    return len(data).to_bytes(4) + data
