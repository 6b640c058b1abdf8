"""Commands that bring a view, or the whole page of a window, on paper or into a PDF file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from kernel.error import EspalierError
from kernel.words import say
from shell.focus import kind_of

#: Where the last folder is remembered, the same as for exports.
_FOLDER = "exchange.folder"
#: What is printed row by row.
_LISTS = ("grid", "list", "cards")


def save_pdf(window: Any) -> None:
    """Ask for a file, then write the view that has the focus, or had it last, into it."""
    view = _view(window)
    if kind_of(view) in _LISTS:
        from widgets.printing.rows import Printing, write_pdf

        title = Printing(view).title
        _into_file(window, title, lambda path: write_pdf(view, path))
    else:
        _save(window, _printable(window, view))


def print_rows(window: Any) -> None:
    """Ask for a printer, then print the same."""
    view = _view(window)
    if kind_of(view) in _LISTS:
        from widgets.printing.rows import Printing
        from widgets.printing.rows import print_rows as print_on

        Printing(view)
        _on_printer(window, lambda printer: print_on(view, printer))
    else:
        _print(window, _printable(window, view))


def save_page(window: Any) -> None:
    """Ask for a file, then write the page of the window into it: as it is seen, then what runs on beyond it."""
    document = _page(window)
    if not document.lists:
        _save(window, document)
        return
    from widgets.printing.rows import into_file, run

    def write(path: Path) -> None:
        run(
            document.lists[0],
            say("Writing {name}", name=path.name),
            lambda report: into_file(path, document.title, lambda device: document.paint(device, report)),
            lambda pages: document.told(path, pages),
        )

    _into_file(window, document.title, write)


def print_page(window: Any) -> None:
    """Ask for a printer, then print the same."""
    document = _page(window)
    if not document.lists:
        _print(window, document)
        return
    from widgets.printing.rows import run, sent_to_printer

    def go(printer: Any) -> None:
        run(document.lists[0], say("Printing"), lambda report: document.paint(printer, report), sent_to_printer)

    _on_printer(window, go)


def _view(window: Any) -> Any:
    """The chart or pivot that the focus is in, else the view that had it last.

    Raises:
        EspalierError: there is nothing that can be printed by itself.
    """
    figures = QApplication.focusWidget()
    while figures is not None and not hasattr(figures, "rows_behind"):
        figures = figures.parentWidget()
    view = figures or window.active_view()
    view = getattr(view, "grid", view) if view is not None and kind_of(view) == "pivot" else view
    if view is None:
        hint = say("choose a list or a form first, or print the whole page")
        raise EspalierError(say("there is no view here"), hint=hint)
    return view


def _printable(window: Any, view: Any) -> Any:
    from widgets.printing.view import of_form, of_picture

    return of_form(view) if kind_of(view) == "form" else of_picture(view, view.accessibleName(), window.theme)


def _page(window: Any) -> Any:
    from shell.focus import views
    from widgets.printing.document import Document

    if window.body is None:
        raise EspalierError(say("this window shows nothing yet"))
    lists = [view for view in views(window, _LISTS) if hasattr(view, "rows")]
    return Document(window.body, window.windowTitle(), window.theme, lists)


def _save(window: Any, printable: Any) -> None:
    from widgets.printing.rows import into_file, told_of

    def write(path: Path) -> None:
        try:
            pages = into_file(path, printable.title, printable.paint)
        except OSError as error:
            raise EspalierError(say("{name} cannot be written: {error}", name=path.name, error=error)) from error
        told = getattr(printable, "told", told_of)
        window.messages.report("success", told(path, pages))

    _into_file(window, printable.title, write)


def _print(window: Any, printable: Any) -> None:
    from widgets.printing.rows import sent_to_printer

    def go(printer: Any) -> None:
        try:
            pages = printable.paint(printer)
        except OSError as error:
            raise EspalierError(say("printing failed: {error}", error=error)) from error
        window.messages.report("success", sent_to_printer(pages))

    _on_printer(window, go)


def _into_file(window: Any, title: str, write: Callable[[Path], None]) -> None:
    from widgets import file_dialog

    plain = "".join(letter if letter.isalnum() or letter in " -_" else "-" for letter in title).strip() or "page"
    folder = Path(str(window.state.recall(_FOLDER) or Path.home()))
    name = file_dialog.name_to_save(window, say("Save as PDF"), str(folder / f"{plain}.pdf"), "PDF (*.pdf)")
    if name:
        path = Path(name)
        path = path if path.suffix else path.with_suffix(".pdf")
        window.remembering.remember(_FOLDER, str(path.parent))
        write(path)


def _on_printer(window: Any, go: Callable[[Any], None]) -> None:
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    if QPrintDialog(printer, window).exec():
        go(printer)
