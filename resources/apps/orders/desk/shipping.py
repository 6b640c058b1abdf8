"""What the order desk's commands do."""

from __future__ import annotations

import datetime

from kernel.tables.change import Update
from kernel.tables.error import ConstraintError
from kernel.tables.query import Query


def ship(app):
    """Mark the current order as shipped today."""
    order = _set_status(app, "shipped", shipped=datetime.date.today())
    app.report("success", f"Order {order['id']} is on its way.")


def cancel(app):
    """Mark the current order as cancelled; its lines stay."""
    order = _set_status(app, "cancelled")
    app.report("success", f"Order {order['id']} is cancelled.")


def _set_status(app, status, **values):
    """Write the new status, unless the order left the desk meanwhile; answers the order as it was."""
    key = app.key("orders_view")
    if key is None:
        raise ConstraintError("there is no current order", hint="choose one in the list")
    orders = app.table("orders")
    block = orders.fetch(Query(keys=(key,)), 0, 1)
    if not len(block):
        raise ConstraintError(f"order {key[0]} is no longer there")
    order = block.row(0)
    if order["status"] not in ("open", "packed"):
        raise ConstraintError(f"order {order['id']} is {order['status']} already", column="status")
    orders.commit([Update(block.keys[0], block.versions[0], {"status": status, **values})])
    return order
