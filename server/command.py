"""The commands of the source server, a row each; see :mod:`kernel.wire.command` for what a row means."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from kernel.tables.block import Block
from kernel.tables.change import Committed, Part
from kernel.tables.contract import Estimate, Report, Table
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.schema import Schema
from kernel.tables.together import LARGE
from kernel.wire import value as wire_value
from kernel.wire.blob_stream import pack_blobs
from kernel.wire.call import Call
from kernel.wire.command import Commands, NoArgs, Row
from kernel.wire.error import RemoteError
from kernel.wire.session import Protocol
from server.arguments import (
    BlobsArgs,
    CommitAllArgs,
    CommitArgs,
    CountArgs,
    DropArgs,
    EndArgs,
    FetchArgs,
    FilesArgs,
    HelloArgs,
    HistoryArgs,
    LocateArgs,
    PieceArgs,
    ReleaseArgs,
    SourceArgs,
    TableArgs,
    TopicArgs,
)
from server.catalogue import Catalogue
from server.commit_queue import CommitQueue
from server.error import UnknownAppError
from server.hosting import Hosting
from server.identity import introduce, person_of
from server.joint_question import JointQuestions
from server.preparing import preparing
from server.repository import Repository
from server.sending import Sending, bare
from server.topic import Feeds, channels_of, parse_topic
from server.upload import COMMIT_LIMIT, Uploads

if TYPE_CHECKING:
    from server.signing.signing import Signing

SERVER_NAME = "espalier"
SERVER_VERSION = "0.1"
#: Most rows of one fetch, hashes of one request, and topics of one client.
MAX_ROWS, MAX_HASHES, MAX_TOPICS = 20_000, 10_000, 1_000
#: How often a question waits for a release and its signature to be the same one, each time 10 ms.
SETTLE_TRIES = 50
_ID = re.compile(r"[0-9a-f]{32}")


class Handlers:
    """What the commands do, over one repository's catalogue and tables."""

    def __init__(
        self,
        repository: Repository,
        catalogue: Catalogue,
        hosting: Hosting,
        commit_limit: int = COMMIT_LIMIT,
        signing: Signing | None = None,
    ) -> None:
        self._repository = repository
        self._signing = signing
        self._catalogue = catalogue
        self._hosting = hosting
        self.sending = Sending(repository, catalogue)
        self._commits = CommitQueue()
        self.uploads = Uploads(_named(self._commit), commit_limit)

    async def hello(self, call: Call, args: HelloArgs) -> dict[str, str]:
        """Who the server is; answered once earlier subscriptions hold."""
        introduce(call.session, args, self._catalogue.person_with)
        await Feeds.of(call.session).settle()
        return {"server": SERVER_NAME, "version": SERVER_VERSION}

    def apps(self, call: Call, args: NoArgs) -> dict[str, Any]:
        """See :meth:`server.catalogue.Catalogue.rows`."""
        return {"apps": self._catalogue.rows()}

    async def release(self, call: Call, args: ReleaseArgs) -> dict[str, Any]:
        """The app's release; nothing when the client has it. ``metadata`` has the roles that it has not seen."""
        person = person_of(call.session)
        found = _named(lambda: self._catalogue.offer(args.app, args.channel, person))
        published, answer = found(), {}
        if self._signing is not None and args.seen is not None:
            for _ in range(SETTLE_TRIES):
                if self._signing.has_signed(published.manifest, published.release.id):
                    break
                await asyncio.sleep(0.01)  # it was signed this moment, or is the one before
                published = found()
            metadata = self._signing.metadata(args.app, args.seen)
            if args.with_changes:
                answer["changes"] = changes = self._signing.changes(metadata, args.seen)
                metadata = {role: data for role, data in metadata.items() if role not in changes}
            answer["metadata"] = metadata
        if published.release.id != args.have:
            offer = self.sending.kept(published, args.have)
            if offer is None:
                session = call.session
                make = self.sending.offer, published, args.have
                offer = await session.loop.run_in_executor(session.server.threads, *make)
            answer["release"] = offer if args.with_files else bare(offer)
        return {name: value for name, value in answer.items() if value}

    def files(self, call: Call, args: FilesArgs) -> Iterator[bytes]:
        """See :meth:`server.sending.Sending.pieces`."""
        published = self.sending.find(args.app, args.release)
        if published is None:
            raise RemoteError("not_found", f"this server does not have that release of '{args.app}' any more")
        base = self.sending.find(args.app, args.base) if args.base else None
        try:
            return self.sending.pieces(published, base, args.files, args.dictionary, args.has_dictionary)
        except ValueError as error:
            raise RemoteError("bad_arguments", str(error)) from error

    def blobs(self, call: Call, args: BlobsArgs) -> Iterator[bytes]:
        """See :func:`kernel.wire.blob_stream.pack_blobs`; a file of no served release is absent."""
        if len(args.hashes) > MAX_HASHES:
            raise RemoteError("too_large", f"at most {MAX_HASHES} blobs in one request")
        oids = [self._catalogue.blob(sha256) for sha256 in args.hashes]
        return pack_blobs(None if oid is None else self._repository.read(oid) for oid in oids)

    def table_names(self, call: Call, args: SourceArgs) -> list[str]:
        """See :meth:`kernel.tables.contract.Source.table_names`."""
        return self._hosting.source_for(args.app, args.source, person_of(call.session)).table_names()

    def table_schema(self, call: Call, args: TableArgs) -> Schema:
        """See :attr:`kernel.tables.contract.Table.schema`."""
        return self.table(call, args).schema

    def table_count(self, call: Call, args: CountArgs) -> int:
        """See :meth:`kernel.tables.contract.Table.count`."""
        return self.table(call, args).count(args.query)

    def table_estimate(self, call: Call, args: CountArgs) -> Estimate:
        """See :meth:`kernel.tables.contract.Table.estimate`."""
        return self.table(call, args).estimate(args.query)

    def table_fetch(self, call: Call, args: FetchArgs) -> Block:
        """See :meth:`kernel.tables.contract.Table.fetch`; at most ``MAX_ROWS`` rows (``too_large``)."""
        if args.start < 0 or args.stop - args.start > MAX_ROWS:
            raise RemoteError("too_large", f"at most {MAX_ROWS} rows in one request, from row 0")
        return self.table(call, args).fetch(args.query, args.start, args.stop)

    def table_locate(self, call: Call, args: LocateArgs) -> int | None:
        """See :meth:`kernel.tables.contract.Table.locate`."""
        return self.table(call, args).locate(args.query, args.key)

    async def table_commit(self, call: Call, args: CommitArgs) -> Committed:
        """See :meth:`kernel.tables.contract.Table.commit`."""
        return (await self._commit_in_turn(call, args, [Part(args.table, tuple(args.changes))]))[0]

    async def tables_commit(self, call: Call, args: CommitAllArgs) -> tuple[Committed, ...]:
        """See :meth:`kernel.tables.contract.Source.commit`."""
        return await self._commit_in_turn(call, args, args.parts)

    async def _commit_in_turn(
        self, call: Call, args: CommitArgs | CommitAllArgs, parts: list[Part]
    ) -> tuple[Committed, ...]:
        """Write it with those of others where the source can; else, and where it is large, in a thread of its own."""
        place = self._hosting.turn(args.app, args.source)
        if place is None or sum(len(part.changes) for part in parts) >= LARGE:
            return await _on_tables(partial(self._commit, parts=parts))(call, args)
        _check_id(args.id)
        await Feeds.of(call.session).settle(args.app)
        interrupt, person = Interrupt(), person_of(call.session)
        call.on_cancel(interrupt.set)
        begin = partial(_named(self._hosting.begin), args.app, args.source, parts, args.id, person)
        return await self._commits.commit(call.session.server.threads, place, begin, interrupt)

    def _commit(
        self, call: Call, args: CommitArgs | CommitAllArgs | EndArgs, parts: list[Part]
    ) -> tuple[Committed, ...]:
        _check_id(args.id)
        return self._hosting.commit(args.app, args.source, parts, args.id, person_of(call.session))

    def table_history(self, call: Call, args: HistoryArgs) -> Block:
        """See :func:`server.row_history.row_history`."""
        from server.row_history import row_history

        place = args.app, args.source, args.table
        return row_history(self._hosting, place, args.key, person_of(call.session))

    def table_prepare(self, call: Call, args: CountArgs, report: Report) -> int:
        """See :meth:`kernel.tables.contract.Table.prepare`."""
        return self.table(call, args).prepare(args.query, report)

    def table(self, call: Call, args: TableArgs) -> Table:
        """The table as the person has it."""
        return self._hosting.table_for(args.app, args.source, args.table, person_of(call.session))

    def asking(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        """``handler`` of a question about a table, which stands in the audit when it is not granted."""

        def run(call: Call, args: TableArgs, *more: Any) -> Any:
            with self._hosting.asking(args.app, args.source, person_of(call.session), args.table):
                return handler(call, args, *more)

        return run

    def is_open_to_all(self, app: str) -> bool:
        """Whether an app that is served has no grants, so that all get the same answers."""
        published = self._catalogue.published.get(app)
        return published is not None and not published.grants

    async def subscribe(self, call: Call, args: TopicArgs) -> None:
        """Subscribe the connection; requests about a table's app that come later wait until it holds.

        Raises:
            RemoteError: there is no such topic or table, or the connection has too many.
        """
        session = call.session
        topic, channels = parse_topic(args.topic), channels_of(session)
        if len(channels) >= MAX_TOPICS and args.topic not in channels:
            raise RemoteError("too_large", f"at most {MAX_TOPICS} subscriptions on one connection")
        if topic.kind != "table":
            channels[args.topic] = args.topic
            session.server.topics.subscribe(session, args.topic)
            return
        channels.setdefault(args.topic, "")
        work = asyncio.ensure_future(self._subscribe(session, args.topic))
        try:
            await Feeds.of(session).hold(topic.app, work)
        except Exception:
            self._unsubscribe(session, args.topic)
            raise

    async def _subscribe(self, session: Protocol, topic: str) -> None:
        """Find the channel and listen to it, unless nobody wants that any more."""
        feed = _named(self._hosting.feed)
        channel = await session.loop.run_in_executor(session.server.threads, feed, topic, person_of(session))
        channels = channels_of(session)
        if topic in channels and not session.is_closed:
            channels[topic] = channel.name
            session.server.topics.subscribe(session, channel.name)

    def unsubscribe(self, call: Call, args: TopicArgs) -> None:
        """No more events of the topic; one that was not subscribed to is fine."""
        self._unsubscribe(call.session, args.topic)

    def _unsubscribe(self, session: Protocol, topic: str) -> None:
        session.server.topics.unsubscribe(session, channels_of(session).pop(topic, topic) or topic)


def _named(handler: Callable[..., Any]) -> Callable[..., Any]:
    """``handler`` whose unknown app is answered as not found."""

    def run(*arguments: Any) -> Any:
        try:
            return handler(*arguments)
        except UnknownAppError as error:
            raise RemoteError("not_found", error.message, {"hint": error.hint} if error.hint else {}) from error

    return run


def _check_id(id: str) -> None:
    if id and not _ID.fullmatch(id):
        raise RemoteError("bad_arguments", "a commit's id has 32 hex digits")


def _on_tables(handler: Callable[[Call, Any], Any]) -> Callable[[Call, Any], Awaitable[Any]]:
    """A command that runs ``handler`` in a thread, after the subscriptions that came before it.

    The work ends when its client cancels, goes away, or set a deadline that has passed.
    """
    named = _named(handler)

    def work(call: Call, args: SourceArgs, interrupt: Interrupt) -> Any:
        with interruptible(interrupt):
            return named(call, args)

    async def run(call: Call, args: SourceArgs) -> Any:
        await Feeds.of(call.session).settle(args.app)
        interrupt = Interrupt()
        call.on_cancel(interrupt.set)
        return await call.session.loop.run_in_executor(call.session.server.threads, work, call, args, interrupt)

    return run


def _jointly(handlers: Handlers, handler: Callable[[Call, Any], Any]) -> Callable[[Call, Any], Awaitable[Any]]:
    """As :func:`_on_tables`, for questions that many ask at once; each by itself where it matters who asks."""
    alone, named, questions = _on_tables(handlers.asking(handler)), _named(handler), JointQuestions()

    async def run(call: Call, args: TableArgs) -> Any:
        if not handlers.is_open_to_all(args.app):
            return await alone(call, args)
        await Feeds.of(call.session).settle(args.app)

        def work(interrupt: Interrupt) -> msgspec.Raw:
            with interruptible(interrupt):
                return msgspec.Raw(wire_value.encode(named(call, args)))

        return await questions.ask(call, wire_value.encode(args), work)

    return run


def commands(handlers: Handlers) -> Commands:
    """The table of commands."""
    h = handlers
    prepare = preparing(_named(h.asking(h.table_prepare)))

    def asked(handler: Callable[[Call, Any], Any]) -> Callable[[Call, Any], Awaitable[Any]]:
        return _on_tables(h.asking(handler))

    return Commands(
        (
            Row("hello", "Who the server is.", HelloArgs, h.hello),
            Row("apps", "The apps that are served, by title.", NoArgs, h.apps),
            Row("release", "An app's release; nothing when the client has it.", ReleaseArgs, h.release),
            Row("files", "Files of a release, packed.", FilesArgs, _named(h.files), is_stream=True),
            Row("blobs", "Files of served releases by hash.", BlobsArgs, h.blobs, is_stream=True),
            Row("table.names", "The tables of a source.", SourceArgs, _on_tables(h.table_names)),
            Row("table.schema", "A table's schema.", TableArgs, asked(h.table_schema)),
            Row("table.count", "How many rows a query has.", CountArgs, _jointly(h, h.table_count)),
            Row("table.estimate", "How many rows a query has, told at once.", CountArgs, asked(h.table_estimate)),
            Row("table.prepare", "Make its pages quick.", CountArgs, prepare, is_stream=True),
            Row("table.fetch", "Rows of a query.", FetchArgs, _jointly(h, h.table_fetch)),
            Row("table.locate", "A row's position in a query.", LocateArgs, asked(h.table_locate)),
            Row("table.history", "Who changed a row.", HistoryArgs, asked(h.table_history)),
            Row("table.commit", "Write changes, all or none.", CommitArgs, h.table_commit),
            Row("tables.commit", "Write to several tables as one.", CommitAllArgs, h.tables_commit),
            Row("commit.add", "Take a piece of a commit.", PieceArgs, h.uploads.add),
            Row("commit.end", "Write a commit that came in pieces.", EndArgs, h.uploads.end, is_stream=True),
            Row("commit.drop", "Forget such a commit.", DropArgs, h.uploads.drop),
            Row("subscribe", "Hear a topic's events.", TopicArgs, h.subscribe),
            Row("unsubscribe", "Hear them no more.", TopicArgs, h.unsubscribe),
        )
    )
