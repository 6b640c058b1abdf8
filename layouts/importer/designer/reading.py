"""``import_form``: a .ui file → a layout of one window."""

from __future__ import annotations

from pathlib import PurePath

from layouts.importer.designer.arrange import name_fields
from layouts.importer.designer.container import Converter, tell_tab_order, window_body
from layouts.importer.designer.element import read_elements
from layouts.importer.designer.form import Form
from layouts.importer.designer.menu import menu_bar, read_actions, read_connections, toolbar
from layouts.importer.designer.property import Properties
from layouts.importer.draft import Draft, Outcome
from layouts.importer.piece import Piece


def import_form(content: bytes, file: str) -> Outcome:
    """The layout of a .ui file.

    Args:
        content: The file's bytes.
        file: What it is called in messages.

    Raises:
        ImportFileError: there is no form in it.
    """
    root = read_elements(content, file)
    main = root.first("widget")
    assert main is not None
    draft = Draft(file)
    form = Form(root, draft)
    converter = Converter(form, main)
    name_fields(form, main)
    read_connections(form, root)
    checked = read_actions(form)
    properties = Properties(main)
    title = properties.text("windowTitle").replace("[*]", "").strip() or main.name or PurePath(file).stem
    widgets = [(form.class_of(one), one) for one in main.all("widget")]
    bars = [piece for cls, one in widgets if cls == "QMenuBar" for piece in menu_bar(form, one, checked)]
    bars += [piece for cls, one in widgets if cls == "QToolBar" for piece in toolbar(form, one)]
    window = Piece("window", (), {"title": title, **_size(properties)}, [*bars, *window_body(converter, main)])
    tell_tab_order(form, root)
    return draft.finish(title, f"{title}: taken over from {PurePath(file).name}. It is yours to edit.", window)


def _size(properties: Properties) -> dict[str, int]:
    """The window's size, when it is one."""
    parts = properties.parts("geometry")
    found = {name: int(parts[name]) for name in ("width", "height") if parts.get(name, "").isdecimal()}
    # Controls are higher here, and have their labels above them.
    return {name: min(max(size * 5 // 4, 320), 1600) for name, size in found.items()} if len(found) == 2 else {}
