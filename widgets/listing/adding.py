"""New rows of a view that cannot show a row before it is stored: in the form that follows it, else in a record over it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from kernel.words import say
from widgets.form_new import can_hold
from widgets.listing.given import NO_MASTER, asked_values, lacks_master

if TYPE_CHECKING:
    from widgets.form import Form


def add_row(view: Any) -> None:
    """Begin a new row with what the filters ask for; where that cannot be, it is said."""
    if not view.actions.may("add"):
        return
    if lacks_master(view):
        view.notice.say(say(NO_MASTER), tone="warning")
        return
    given = asked_values(view)
    if view.adder is not None:
        view.adder(given)
        return
    form = following_form(view, given)
    if form is not None:
        form.start_row(given).given_up.connect(view.take_given_up, Qt.ConnectionType.UniqueConnection)
        return
    from widgets.record.over import RecordOver, over

    (over(view) or RecordOver(view)).start_row(given)


def following_form(view: Any, given: dict[str, Any]) -> Form | None:
    """A form in sight that shows the view's current row and has a field for all that a new row needs."""
    from widgets.form import Form

    for form in view.window().findChildren(Form):
        followed = getattr(form.view, "view", form.view)
        if followed is view and form.isVisibleTo(view.window()) and can_hold(form, given):
            return form
    return None
