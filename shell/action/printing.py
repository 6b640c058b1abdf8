"""Commands that bring the rows of a list on paper, or into a PDF file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kernel.error import EspalierError
from kernel.words import say
from shell.focus import kind_of

#: Where the last folder is remembered, the same as for exports.
_FOLDER = "exchange.folder"


def save_pdf(window: Any) -> None:
    """Ask for a file, then write the rows of the list that had the focus last into it."""
    from PySide6.QtWidgets import QFileDialog

    from widgets.printing.rows import Printing, write_pdf

    grid = _grid(window)
    title = Printing(grid).title
    plain = "".join(letter if letter.isalnum() or letter in " -_" else "-" for letter in title).strip() or "rows"
    folder = Path(str(grid.context.recall(_FOLDER) or Path.home()))
    name, _ = QFileDialog.getSaveFileName(window, say("Save as PDF"), str(folder / f"{plain}.pdf"), "PDF (*.pdf)")
    if name:
        path = Path(name)
        path = path if path.suffix else path.with_suffix(".pdf")
        grid.context.remember(_FOLDER, str(path.parent))
        write_pdf(grid, path)


def print_rows(window: Any) -> None:
    """Ask for a printer, then print the rows of the list that had the focus last."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    from widgets.printing.rows import Printing
    from widgets.printing.rows import print_rows as print_on

    grid = _grid(window)
    Printing(grid)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    if QPrintDialog(printer, window).exec():
        print_on(grid, printer)


def _grid(window: Any) -> Any:
    view = window.active_view()
    view = getattr(view, "grid", view) if view is not None and kind_of(view) == "pivot" else view
    if view is None or kind_of(view) != "grid":
        raise EspalierError(say("there is no list here"), hint=say("choose a list first"))
    return view
