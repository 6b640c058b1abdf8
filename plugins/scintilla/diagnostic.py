"""Problems of a text: waves below it, signs in the margin, a sentence below the line that the caret stands in."""

from __future__ import annotations

from collections.abc import Sequence

from plugins.api import SEVERITIES, Diagnostic
from plugins.scintilla.annotation import Annotations
from plugins.scintilla.code import Code
from plugins.scintilla.host import SCI
from plugins.scintilla.look import ANNOTATION, MARKER

#: Problems that are shown at most; more than these are a wrong language, not problems.
MOST = 2_000


class DiagnosticMarks:
    """The problems of one text.

    Attributes:
        shown: (start, stop, problem) of each, by place; positions in bytes as they were told.
    """

    def __init__(self, code: Code, annotations: Annotations) -> None:
        self._code, self._annotations = code, annotations
        self._told: dict[str, Sequence[Diagnostic]] = {}
        self.shown: list[tuple[int, int, Diagnostic]] = []
        self._line = -1
        self.are_annotated = True
        code.moved.connect(self._follow)

    def show(self, source: str, diagnostics: Sequence[Diagnostic]) -> None:
        """Show these in the place of what the source told before."""
        self._told[source] = tuple(diagnostics)
        self._draw()

    def clear(self) -> None:
        """Forget all of them."""
        self._told = {}
        self._draw()

    def step(self, step: int) -> Diagnostic | None:
        """Go to the next or previous problem, from the end on to the beginning; None where there is none."""
        if not self.shown:
            return None
        caret = self._code.caret
        if step > 0:
            found = next((one for one in self.shown if one[0] > caret), self.shown[0])
        else:
            found = next((one for one in reversed(self.shown) if one[0] < caret), self.shown[-1])
        self._code.select(found[0], found[0])
        self._annotate(self._code.line_of(found[0]))
        return found[2]

    def _draw(self) -> None:
        code, send = self._code, self._code.send
        every = [one for told in self._told.values() for one in told][:MOST]
        self.shown = sorted((*self._part(one), one) for one in every)
        self._annotations.put("problems", {})
        for severity in SEVERITIES:
            send(SCI.SCI_MARKERDELETEALL, MARKER[severity])
            spans = [(start, stop) for start, stop, one in self.shown if one.severity == severity]
            code.mark_spans(severity, spans)
        for start, _, one in self.shown:
            send(SCI.SCI_MARKERADD, code.line_of(start), MARKER.get(one.severity, MARKER["info"]))
        self._line = -1
        self._follow()

    def _part(self, one: Diagnostic) -> tuple[int, int]:
        """Its part in bytes, a letter wide at least."""
        code = self._code
        start = code.position_of(*one.span.start)
        stop = code.position_of(*one.span.stop)
        if stop <= start:
            stop = min(code.send(SCI.SCI_POSITIONAFTER, start), code.length)
            start = code.send(SCI.SCI_POSITIONBEFORE, stop) if stop <= start else start
        return start, stop

    def _follow(self) -> None:
        if self.shown or self._line >= 0:
            self._annotate(self._code.line_of(self._code.caret))

    def _annotate(self, line: int) -> None:
        """Say what is wrong with that line below it, and of no other line."""
        if line == self._line or not self.are_annotated:
            return
        self._line = line
        here = [one for start, _, one in self.shown if self._code.line_of(start) == line]
        if not here:
            self._annotations.put("problems", {})
            return
        worst = min((one.severity for one in here if one.severity in SEVERITIES), key=SEVERITIES.index, default="info")
        text = "\n".join(f"{one.message} ({one.source})" if one.source else one.message for one in here)
        self._annotations.put("problems", {line: (text, ANNOTATION[worst])})
