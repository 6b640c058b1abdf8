"""An editor of a few lines: speaks the Language Server Protocol with a real ``espalier lsp`` over its streams."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

from tests.waiting import PATIENCE_S

ROOT = Path(__file__).parents[1]
_START = "import sys; sys.argv[0] = 'espalier'; from shell.main import main; sys.exit(main())"


class AnswerError(Exception):
    """The server answered with an error."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.code = error["code"]


class Editor:
    """One connection.

    Args:
        folder: The workspace.
        home: Where the server's person keeps files.
        capabilities: What the editor can.
        language: The person's.
    """

    def __init__(
        self, folder: Path, home: Path, capabilities: dict[str, Any] | None = None, language: str = "en"
    ) -> None:
        self.folder = folder
        own = {"ESPALIER_BASEDIR": str(home), "PYTHONPATH": str(ROOT), "ESPALIER_UI_LANGUAGE": language}
        variables = {**os.environ, **own}
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START, "lsp", "--stdio"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=variables, cwd=folder,
        )  # fmt: skip
        self.errors: list[str] = []
        self.logged: list[str] = []
        self.asked: list[dict[str, Any]] = []
        self._messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._number = 0
        self._versions: dict[Path, int] = {}
        self._told: dict[str, dict[str, Any]] = {}
        self._texts: dict[Path, str] = {}
        assert self.process.stdout and self.process.stderr
        self._threads = [
            threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True),
            threading.Thread(target=self._keep, args=(self.process.stderr,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        parameters = {
            "processId": os.getpid(),
            "rootUri": folder.as_uri(),
            "workspaceFolders": [{"uri": folder.as_uri(), "name": "work"}],
            "capabilities": capabilities or {},
        }
        self.capabilities = self.ask("initialize", parameters)["capabilities"]
        self.tell("initialized", {})

    def _read(self, stream: BinaryIO) -> None:
        while header := stream.readline():
            length = int(header.partition(b":")[2])
            while stream.readline().strip():
                pass
            self._messages.put(json.loads(stream.read(length)))
        self._messages.put(None)

    def _keep(self, stream: BinaryIO) -> None:
        self.errors += [line.decode() for line in stream]

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _next(self, end: float) -> dict[str, Any]:
        """The next message that is no diagnostics, which are kept."""
        try:
            message = self._messages.get(timeout=max(end - time.monotonic(), 0.01))
        except queue.Empty:
            raise AssertionError(f"nothing came: {''.join(self.errors)}") from None
        assert message is not None, f"the server ended: {''.join(self.errors)}"
        method = message.get("method")
        if method == "textDocument/publishDiagnostics":
            self._told[message["params"]["uri"]] = message["params"]
        elif method == "window/logMessage":
            self.logged.append(message["params"]["message"])
        elif method and "id" in message:
            self.asked.append(message)
            self._send({"id": message["id"], "result": None})
        return message

    def ask(self, method: str, parameters: Any) -> Any:
        """The answer of a request.

        Raises:
            AnswerError: it is refused.
        """
        self._number += 1
        number, end = self._number, time.monotonic() + PATIENCE_S
        self._send({"id": number, "method": method, "params": parameters})
        while True:
            message = self._next(end)
            if message.get("id") == number and "method" not in message:
                if "error" in message:
                    raise AnswerError(message["error"])
                return message["result"]

    def tell(self, method: str, parameters: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": parameters})

    def open(self, name: str, text: str | None = None) -> None:
        """Open a file, with another text than it has when one is given."""
        path = self.folder / name
        self._texts[path] = path.read_bytes().decode() if text is None else text
        document = {"uri": path.as_uri(), "languageId": "kdl", "version": self._new(path), "text": self._texts[path]}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def change(self, name: str, text: str) -> None:
        """Type: the file has another text now."""
        path = self.folder / name
        self._texts[path] = text
        document = {"uri": path.as_uri(), "version": self._new(path)}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def _new(self, path: Path) -> int:
        """The next version; no two of any files are the same, so that none is taken for an older one."""
        self._versions[path] = max(self._versions.values(), default=0) + 1
        return self._versions[path]

    def close(self, name: str) -> None:
        """Close a file."""
        del self._texts[self.folder / name]
        self.tell("textDocument/didClose", {"textDocument": {"uri": (self.folder / name).as_uri()}})

    def version(self, name: str) -> int:
        """The version of an open file."""
        return self._versions[self.folder / name]

    def text(self, name: str) -> str:
        """The text of an open file."""
        return self._texts[self.folder / name]

    def problems(self, name: str) -> list[dict[str, Any]]:
        """What the server says of the file as it is now, once it has said it."""
        path, end = self.folder / name, time.monotonic() + PATIENCE_S
        while self._told.get(path.as_uri(), {}).get("version") != self._versions[path]:
            self._next(end)
        return self._told[path.as_uri()]["diagnostics"]

    def wait_problems(self, name: str, count: int) -> list[dict[str, Any]]:
        """What the server says of a file that may not be open, once it is so many problems."""
        uri, end = (self.folder / name).as_uri(), time.monotonic() + PATIENCE_S
        while len(self._told.get(uri, {"diagnostics": ()})["diagnostics"]) != count or uri not in self._told:
            self._next(end)
        return self._told[uri]["diagnostics"]

    def at(self, name: str, mark: str, extra: dict[str, Any] | None = None) -> dict[str, Any]:
        """The parameters of a place: a piece of the file's text with | at the cursor."""
        before, _, after = mark.partition("|")
        text = self.text(name)
        assert text.count(before + after) == 1, f"{mark} stands {text.count(before + after)} times in {name}"
        offset = text.index(before + after) + len(before)
        line = text.count("\n", 0, offset)
        column = len(text[text.rfind("\n", 0, offset) + 1 : offset].encode("utf-16-le")) // 2
        place = {"line": line, "character": column}
        return {"textDocument": {"uri": (self.folder / name).as_uri()}, "position": place, **(extra or {})}

    def labels(self, name: str, marked: str) -> dict[str, str]:
        """Write a text with | at the cursor into a file; answers what is offered there → what would be inserted."""
        before, _, after = marked.partition("|")
        self.change(name, before + after)
        line = before.count("\n")
        column = len(before[before.rfind("\n") + 1 :].encode("utf-16-le")) // 2
        place = {"line": line, "character": column}
        uri = (self.folder / name).as_uri()
        found = self.ask("textDocument/completion", {"textDocument": {"uri": uri}, "position": place})
        return {item["label"]: item["textEdit"]["newText"] for item in found["items"]}

    def applied(self, edit: dict[str, Any]) -> dict[str, str]:
        """File → its text with an edit of the workspace in it."""
        changes = edit.get("changes") or {
            one["textDocument"]["uri"]: one["edits"] for one in edit.get("documentChanges", ())
        }
        return {
            Path(uri.removeprefix("file://")).relative_to(self.folder).as_posix(): self._with(uri, edits)
            for uri, edits in changes.items()
        }

    def _with(self, uri: str, edits: list[dict[str, Any]]) -> str:
        path = Path(uri.removeprefix("file://"))
        text = self._texts.get(path) or path.read_bytes().decode()
        spans = [(*(self.offset(text, one["range"][end]) for end in ("start", "end")), one["newText"]) for one in edits]
        for start, stop, new in sorted(spans, reverse=True):
            text = text[:start] + new + text[stop:]
        return text

    @staticmethod
    def offset(text: str, place: dict[str, int]) -> int:
        """The character at a place of the protocol."""
        start = sum(len(line) for line in text.splitlines(keepends=True)[: place["line"]])
        units = text[start:].encode("utf-16-le")[: 2 * place["character"]]
        return start + len(units.decode("utf-16-le"))

    def marked(self, name: str, span: dict[str, Any]) -> str:
        """The text of a range."""
        text = self._texts.get(self.folder / name) or (self.folder / name).read_bytes().decode()
        return text[self.offset(text, span["start"]) : self.offset(text, span["end"])]

    def end(self) -> int:
        """Shut the server down; answers its exit code."""
        if self.process.poll() is None:
            self.ask("shutdown", None)
            self.tell("exit", None)
        return self._gone()

    def hang_up(self) -> int:
        """Go away without a word; answers the server's exit code."""
        assert self.process.stdin
        self.process.stdin.close()
        return self._gone()

    def _gone(self) -> int:
        try:
            return self.process.wait(PATIENCE_S)
        finally:
            self.process.kill()
            for thread in self._threads:
                thread.join()
            for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
                if stream is not None and not stream.closed:
                    stream.close()
