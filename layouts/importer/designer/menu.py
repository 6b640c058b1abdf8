"""Actions, menus and tool bars of a .ui file."""

from __future__ import annotations

from layouts.importer.designer.element import Element
from layouts.importer.designer.form import Form
from layouts.importer.designer.property import Properties, without_mnemonic
from layouts.importer.key import Keys
from layouts.importer.piece import Piece, Plain

#: Signals of a connection that a press brings about.
_PRESSES = ("clicked()", "clicked(bool)", "pressed()", "released()", "rejected()", "triggered()", "triggered(bool)")
_CLOSING = ("close()", "reject()", "hide()")
#: Actions that can be checked: id of the command → the state that says whether they are.
Checked = dict[str, Plain]


def read_connections(form: Form, root: Element) -> None:
    """Keep what closes the window; everything else is told, since it is the program's."""
    connections = root.first("connections")
    for one in connections.all("connection") if connections is not None else ():
        told = {child.tag: child.text.strip() for child in one.children}
        sender, signal, slot = told.get("sender", ""), told.get("signal", ""), told.get("slot", "")
        if signal in _PRESSES and slot in _CLOSING:
            form.runs[f"{sender}.rejected" if signal == "rejected()" else sender] = Plain("window.close")
        elif signal != "accepted()" or slot != "accept()":
            receiver = told.get("receiver", "")
            form.draft.lose(one.line, f"the connection of {sender}.{signal} to {receiver}.{slot} is not carried")


def read_actions(form: Form) -> Checked:
    """Make a command of every action."""
    keys, checked = Keys(), Checked()
    for name, action in form.actions.items():
        if action.tag == "actiongroup":
            continue
        properties = Properties(action)
        title = without_mnemonic(properties.text("text") or properties.text("iconText") or name)
        options: dict[str, object] = {}
        if tip := properties.text("toolTip") or properties.text("statusTip"):
            options["doc"] = Plain(" ".join(tip.split()))
        if icon := form.icon(properties):
            options["icon"] = icon
        if key := _key(form, action, properties, keys):
            options["key"] = key
        if properties.flag("checkable"):
            state = form.draft.state(name, properties.flag("checked"))
            form.commands[name] = form.draft.command(name, title, f"{state} = not {state}", **options)
            checked[form.commands[name]] = state
        else:
            form.commands[name] = form.draft.command(name, title, form.runs.get(name, ""), **options)
        for needless in ("iconText", "statusTip", "whatsThis", "enabled", "visible", "font", "autoRepeat"):
            properties.text(needless)
        form.tell_rest(action, properties)
    return checked


def _key(form: Form, action: Element, properties: Properties, keys: Keys) -> Plain | None:
    text = properties.text("shortcut").strip()
    if not text:
        return None
    key = keys.take(text)
    if not key:
        form.draft.lose(action.line, f"the key {text} of {action.name} is another action's too, or no key")
    return Plain(key) if key else None


def menu_bar(form: Form, bar: Element, checked: Checked) -> list[Piece]:
    """A menu bar with its menus."""
    items = _items(form, bar, checked)
    menus = [piece for piece in items if piece.kind == "menu"]
    loose = [piece for piece in items if piece.kind == "item"]
    menus += [Piece("menu", ("Actions",), {}, loose)] if loose else []
    return [Piece("menubar", (), {}, menus)] if menus else []


def _items(form: Form, menu: Element, checked: Checked) -> list[Piece]:
    """The entries of a menu, in order; lines between them only where there is something on both sides."""
    inner = {one.name: one for one in menu.all("widget")}
    found: list[Piece] = []
    for one in menu.all("addaction"):
        if one.name == "separator":
            if found and found[-1].kind != "separator":
                found.append(Piece("separator"))
        elif one.name in inner:
            sub = inner[one.name]
            title = Properties(sub).text("title") or sub.name
            found.append(Piece("menu", (title,), {}, _items(form, sub, checked)))
        elif one.name in form.commands:
            command = form.commands[one.name]
            found.append(Piece("item", (), {"command": command, "checked": checked.get(command)}))
        else:
            form.draft.lose(one.line, f"the entry {one.name} of {menu.name} names no action")
    if found and found[-1].kind == "separator":
        found.pop()
    return found


def toolbar(form: Form, bar: Element) -> list[Piece]:
    """A tool bar with a button for each action."""
    found: list[Piece] = []
    for one in bar.all("addaction"):
        if one.name == "separator":
            found.append(Piece("separator"))
        elif one.name in form.commands:
            found.append(Piece("button", (), {"command": form.commands[one.name]}))
    if bar.all("widget"):
        form.unlike(bar, "has widgets besides actions, which are not carried")
    while found and found[-1].kind == "separator":
        found.pop()
    return [Piece("toolbar", (), {}, found)] if found else []
