"""A language server that does what it is told to do wrong: ``rogue.py DIRECTIVES…``. Standard library alone.

It answers as a real one does, but for what the directives name; ``log=FILE`` writes every message that it got.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

_LOCK = threading.Lock()


def send(message: dict[str, Any]) -> None:
    """One message."""
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    write(b"Content-Length: %d\r\n\r\n" % len(body) + body)


def write(data: bytes) -> None:
    """Bytes as they are."""
    with _LOCK:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def read() -> dict[str, Any] | None:
    """The next message; None at the end."""
    length = 0
    while line := sys.stdin.buffer.readline():
        if line == b"\r\n":
            return json.loads(sys.stdin.buffer.read(length))
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return None


def point(line: int, start: int, stop: int) -> dict[str, Any]:
    """A part of a line."""
    return {"start": {"line": line, "character": start}, "end": {"line": line, "character": stop}}


def moves(uri: str) -> list[dict[str, Any]]:
    """Steps with files: one is made and written, one renamed and changed, one deleted."""
    folder = uri.rpartition("/")[0]
    new, moved = f"{folder}/made/new.sql", f"{folder}/moved.sql"

    def edit(of: str, text: str) -> dict[str, Any]:
        return {"textDocument": {"uri": of, "version": None}, "edits": [{"range": point(0, 0, 0), "newText": text}]}

    return [
        {"kind": "create", "uri": new}, edit(new, "new\n"),
        {"kind": "rename", "oldUri": uri, "newUri": moved}, edit(moved, "moved "),
        {"kind": "delete", "uri": f"{folder}/free.lua"},
    ]  # fmt: skip


class Rogue:
    """The server."""

    def __init__(self, directives: list[str]) -> None:
        self.does = {one.partition("=")[0]: one.partition("=")[2] for one in directives}
        self.log = open(self.does["log"], "a", encoding="utf-8") if "log" in self.does else None  # noqa: SIM115
        self.texts: dict[str, str] = {}

    def run(self) -> None:
        """Serve."""
        if "garbage" in self.does:
            write(b"Segmentation fault, or so\n" * 300)
        if "hang" in self.does:
            time.sleep(600)
        while (message := read()) is not None:
            if self.log is not None:
                self.log.write(json.dumps(message) + "\n")
                self.log.flush()
            if message.get("method") == "exit":
                return
            self.hear(message)

    def hear(self, message: dict[str, Any]) -> None:
        """Answer one message, or do something else."""
        method, number, params = message.get("method", ""), message.get("id"), message.get("params") or {}
        if method == "initialized" and "asks" in self.does:
            send({"id": 1, "method": "workspace/configuration", "params": {"items": [{"section": "a.b"}, {}]}})
            send({"id": 2, "method": "window/workDoneProgress/create", "params": {"token": "t"}})
            send({"id": 3, "method": "strange/request", "params": {}})
            send({"id": 4, "method": "workspace/applyEdit", "params": {"edit": 5}})
            value = {"kind": "begin", "title": "Reading", "percentage": 40}
            send({"method": "$/progress", "params": {"token": "t", "value": value}})
            watcher = {"globPattern": "**/*.{sql,txt}"}
            one = {"id": "w", "method": "workspace/didChangeWatchedFiles", "registerOptions": {"watchers": [watcher]}}
            send({"id": 5, "method": "client/registerCapability", "params": {"registrations": [one]}})
        if method == "initialized" and "flood" in self.does:
            threading.Thread(target=self.flood, daemon=True).start()
        if method.startswith("textDocument/did"):
            self.told(method, params)
        if number is None or not method:
            return
        if method in self.does.get("die", "").split(","):
            sys.exit(3)
        if method in self.does.get("silent", "").split(","):
            return
        if method in self.does.get("huge", "").split(","):
            write(b"Content-Length: 99999999999\r\n\r\n")
            return
        result = self.answer(method, params)
        if "wrong" in self.does and method != "initialize":
            for other in (number + 7_000, "no", -1, None):
                send({"id": other, "result": result})
            send({"id": number, "result": {"items": 3, "contents": 5}})
            return
        if method in self.does.get("late", "").split(","):
            threading.Timer(float(self.does["seconds"]), send, [{"id": number, "result": result}]).start()
            return
        send({"id": number, "result": result})

    def told(self, method: str, params: dict[str, Any]) -> None:
        """A text was opened, changed or closed: the text as this server has it is a problem of its first line."""
        document = params["textDocument"]
        uri = document["uri"]
        if method.endswith("didOpen"):
            self.texts[uri] = document["text"]
            if document["text"].startswith("die"):
                sys.exit(4)
        elif method.endswith("didChange"):
            for change in params["contentChanges"]:
                self.texts[uri] = apply(self.texts[uri], change)
            if "death" in self.texts[uri]:
                sys.exit(5)
        elif method.endswith("didClose"):
            self.texts.pop(uri, None)
            return
        if "pull" in self.does or "quiet" in self.does:
            return
        found = [{"range": point(0, 0, 1), "severity": 2, "message": self.texts[uri], "source": "rogue"}]
        told = {"uri": uri, "diagnostics": found, "version": document.get("version")}
        send({"method": "textDocument/publishDiagnostics", "params": told})

    def report(self, params: dict[str, Any]) -> dict[str, Any]:
        """A problem of the text as it is; unchanged where it was told for the same text before."""
        uri = params["textDocument"]["uri"]
        if params.get("previousResultId") == self.texts[uri]:
            return {"kind": "unchanged", "resultId": self.texts[uri]}
        found = [{"range": point(0, 0, 1), "severity": 1, "message": f"pulled {self.texts[uri]}"}]
        other = {"kind": "full", "items": [{"range": point(0, 0, 1), "message": "beside"}]}
        return {"kind": "full", "resultId": self.texts[uri], "items": found,
                "relatedDocuments": {uri.replace("notes", "other"): other}}  # fmt: skip

    def colors(self) -> dict[str, Any]:
        """What it can of colours, and of folds: ``tokens=full``, ``delta`` or ``range``."""
        kinds = {"full": {"full": True}, "delta": {"full": {"delta": True}}, "range": {"range": True}}
        if "tokens" not in self.does:
            return {}
        legend = {"tokenTypes": ["function", "own", "class"], "tokenModifiers": ["static", "deprecated"]}
        return {"semanticTokensProvider": {"legend": legend, **kinds[self.does["tokens"]]},
                "foldingRangeProvider": True}  # fmt: skip

    def tokens(self, what: str, params: dict[str, Any]) -> dict[str, Any]:
        """The first letter of each line is a function, the third an outdated class; all that it was asked is noted."""
        text = self.texts[params["textDocument"]["uri"]]
        if what == "delta":
            # The first one is two letters long now; what stands behind it begins a letter further to its right.
            return {"resultId": "2", "edits": [{"start": 2, "deleteCount": 1, "data": [2]}]}
        first = params["range"]["start"]["line"] if what == "range" else 0
        last = params["range"]["end"]["line"] if what == "range" else text.count("\n") - 1
        data = [number for line in range(first, last + 1)
                for number in (first if line == first else 1, 0, 1, 0, 0, 0, 2, 1, 2, 2)]  # fmt: skip
        return {"data": data, "resultId": "1"}

    def flood(self) -> None:
        """Say more than anybody wants to hear."""
        while True:
            sys.stderr.write("flood " * 1000 + "\n")
            for number in range(200):
                send({"method": "window/logMessage", "params": {"type": 4, "message": f"{number} " * 50}})
                send({"method": "$/progress", "params": {"token": number, "value": {"kind": "report"}}})

    def answer(self, method: str, params: dict[str, Any]) -> Any:
        """What a right server says."""
        if method == "initialize":
            return {"capabilities": {
                "positionEncoding": self.does.get("units", "utf-16"),
                "textDocumentSync": {"openClose": True, "change": 2, "save": True},
                "completionProvider": {"triggerCharacters": ["."], "resolveProvider": True},
                "hoverProvider": True, "signatureHelpProvider": {"triggerCharacters": ["("]},
                "codeActionProvider": {"resolveProvider": True}, "inlayHintProvider": True,
                "documentOnTypeFormattingProvider": {"firstTriggerCharacter": ";"},
                "documentRangeFormattingProvider": True, "workspaceSymbolProvider": True,
                "executeCommandProvider": {"commands": ["mend"]}, "selectionRangeProvider": True,
                **self.colors(),
                **({"diagnosticProvider": {"identifier": "rogue"}} if "pull" in self.does else {}),
            }}  # fmt: skip
        if method.startswith("textDocument/semanticTokens/"):
            return self.tokens(method.rpartition("/")[2], params)
        if method == "textDocument/foldingRange":
            return [{"startLine": 1, "endLine": 3}, {"startLine": 2, "endLine": 3}, {"startLine": 4, "endLine": 900}]
        if method == "textDocument/diagnostic":
            return self.report(params)
        if method == "textDocument/selectionRange":
            (place,) = params["positions"]
            line = place["line"]
            return [{"range": point(line, 1, 2), "parent": {"range": point(line, 0, 4), "parent": None}}]
        if method == "textDocument/codeAction":
            uri, count = params["textDocument"]["uri"], len(params["context"]["diagnostics"])
            edit = {"changes": {uri: [{"range": point(0, 0, 1), "newText": "M"}]}}
            return [
                {"title": "Last", "kind": "refactor", "edit": {"changes": {"file:///etc/passwd": []}}},
                {"title": f"Mend {count}", "kind": "quickfix", "isPreferred": True, "edit": edit},
                {"title": "Later", "kind": "quickfix", "data": uri},
                {"title": "Move", "kind": "refactor", "edit": {"documentChanges": moves(uri)}},
                {"title": "Command", "command": "mend", "arguments": [uri]},
                {"title": "Cannot", "kind": "quickfix", "disabled": {"reason": "no"}},
            ]
        if method == "codeAction/resolve":
            edit = {"documentChanges": [{"textDocument": {"uri": params["data"], "version": None},
                                         "edits": [{"range": point(0, 0, 1), "newText": "L"}]}]}  # fmt: skip
            return {**params, "edit": edit}
        if method == "workspace/executeCommand":
            (uri,) = params["arguments"]
            edit = {"changes": {uri: [{"range": point(0, 0, 1), "newText": "C"}]}}
            send({"id": "apply", "method": "workspace/applyEdit", "params": {"edit": edit}})
        if method == "textDocument/inlayHint":
            return [{"position": {"line": 0, "character": 3}, "label": [{"value": ": "}, {"value": "int"}], "kind": 1},
                    {"position": {"line": 0, "character": 1}, "label": "first=", "kind": 2}]  # fmt: skip
        if method == "textDocument/onTypeFormatting":
            return [{"range": point(0, 0, 0), "newText": ">"}]
        if method == "textDocument/rangeFormatting":
            return [{"range": params["range"], "newText": "ranged"}]
        if method == "workspace/symbol":
            (uri, *_) = self.texts
            place = {"uri": uri, "range": point(0, 1, 2)}
            return [{"name": params["query"] + "Symbol", "kind": 5, "location": place}]
        if method == "textDocument/completion":
            return {"isIncomplete": False, "items": [
                {"label": "wonder", "kind": 3, "detail": "of the world"},
                {"label": "loop", "kind": 15, "insertTextFormat": 2,
                 "insertText": "for ${1:one} in ${2:all}:\n    ${1}$0"},
            ]}  # fmt: skip
        if method == "completionItem/resolve":
            return {**params, "documentation": "More of " + params["label"],
                    "additionalTextEdits": [{"range": point(0, 0, 0), "newText": "first\n"}]
                    if params["label"] == "wonder" else None}  # fmt: skip
        if method == "textDocument/hover":
            return {"contents": {"kind": "markdown", "value": "All *about* it"}}
        if method == "textDocument/signatureHelp":
            return {"signatures": [{"label": "f(größe, b)", "parameters": [{"label": [2, 7]}, {"label": "b"}]}],
                    "activeParameter": 0}  # fmt: skip
        return None


def apply(text: str, change: dict[str, Any]) -> str:
    """A text with a change, by UTF-16 places."""
    if "range" not in change:
        return change["text"]
    lines = text.split("\n")

    def offset(place: dict[str, int]) -> int:
        before = sum(len(line) + 1 for line in lines[: place["line"]])
        line = lines[place["line"]].encode("utf-16-le")[: place["character"] * 2]
        return before + len(line.decode("utf-16-le"))

    start, stop = offset(change["range"]["start"]), offset(change["range"]["end"])
    return text[:start] + change["text"] + text[stop:]


if __name__ == "__main__":
    Rogue(sys.argv[1:]).run()
