"""An app of several files, as the tests of the language server know it."""

from __future__ import annotations

from typing import Any

FILES = {
    "app.toml": """name = "shop"
layout = "main.kdl"

[sources.desk]
kind = "sqlite"
path = "desk.sqlite"
schema = "schema.sql"
""",
    "schema.sql": """CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    status TEXT NOT NULL CHECK (status IN ('open', 'sent')),
    total NUMERIC
);
""",
    "main.kdl": """// Grüße 🌿 aus dem Büro
layout 1 title="Shop"
use "parts/fields.kdl"

table orders sort="-id"
table people source="customers" filter="id == list.current.customer_id"

command order.ship title="Ship 🚚" when="list.current.status == 'open'" run="desk.ship:send" {
    confirm "🌿🌿 Ship {list.current.id}?"
}

window {
    state wanted "open"
    row {
        search id=find placeholder="🌿 Search"
        button command=order.ship
        button "Look" run="desk.ship:look"
    }
    grid orders id=list filter="customer.name contains find.text and status != wanted" {
        show id
        show customer.name label="Who"
        on current-changed "app.reload"
    }
    form of=list.current.customer { field name; field city }
    titled "People" lines=2 { grid people id=names }
    include "parts/end.kdl"
}
""",
    "parts/fields.kdl": """component titled {
    param text
    param lines default=1
    column { state inner 0; label text style=heading; slot; input inner label=text; label "{inner} {lines}" tip=text }
}
""",
    "parts/end.kdl": 'status { label "{orders.count} orders, {list.current.total}" }\n',
    "scripts/desk/ship.py": """def send(app, when=None):
    \"\"\"Send the order.\"\"\"
    app.table("orders")
    return app.key("list")


def look(app):
    pass
""",
}
MAIN = FILES["main.kdl"]


def said(problems: list[dict[str, Any]]) -> list[str]:
    """The messages of problems."""
    return [one["message"] for one in problems]
