"""Calls of tools that are true on the shop and must be shown."""

# ruff: noqa: E501  a call is one line here
from __future__ import annotations

from tests.mentor.lies import rewrites as r
from tests.mentor.lies.calls import SLOW, Call, code, finding

INDEXES: tuple[tuple[str, str], ...] = (
    (SLOW, "CREATE INDEX orders_day_idx ON orders (date(placed_at))"),
    ("SELECT id FROM orders WHERE total = 64", "CREATE INDEX orders_total_shipped_idx ON orders (total, shipped_at)"),
    ("SELECT id FROM orders WHERE status = 'void' AND total = 64", "CREATE INDEX orders_status_total_idx ON orders (status, total)"),
    ("SELECT product FROM items WHERE order_id = 7", "CREATE INDEX items_order_idx ON items (order_id)"),
    (r.JOINED, "CREATE INDEX items_order_product_idx ON items (order_id, product)"),
    ("SELECT id FROM customers WHERE city = 'Oslo'", "CREATE INDEX customers_city_email_idx ON customers (city, email)"),
    ("SELECT id FROM orders WHERE shipped_at IS NULL AND status = 'open'", "CREATE INDEX orders_waiting_idx ON orders (status) WHERE shipped_at IS NULL"),
    ("SELECT id FROM customers WHERE referrer_id = 9", "CREATE INDEX customers_referrer_idx ON customers (referrer_id)"),
)  # fmt: skip

FINDINGS: tuple[Call, ...] = (
    finding("orders has 6,000 rows, and date(o.placed_at) is computed for each of them."),
    finding("orders.total can be NULL.", "cell", "o.status = 'paid'"),
    finding("There is no index on orders(status)."),
    finding("The condition date(o.placed_at) = '2026-03-02' hides placed_at from orders_placed_idx."),
    finding("customers.email is unique, so one customer has one address."),
    finding("Every order belongs to one customer: orders.customer_id is never NULL."),
)

CODE: tuple[Call, ...] = (
    code("def add(a, b):\n    return a + b\n", "from app import add\n\ndef test_add():\n    assert add(1, 2) == 3\n"),
)
