from __future__ import annotations

from decimal import Decimal

import pytest

from backend_mentor.domain.schema import IndexColumn, TableKind
from backend_mentor.domain.subject import Fact
from tests import servers
from tests.databases.postgres.statements import connect

SCHEMA = """
CREATE TABLE customers (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name varchar(20) NOT NULL COLLATE "C",
    email text DEFAULT md5(random()::text),
    upper_name text GENERATED ALWAYS AS (upper(name)) STORED,
    UNIQUE (email) DEFERRABLE
);
CREATE TABLE orders (
    id int PRIMARY KEY,
    customer int NOT NULL REFERENCES customers ON DELETE CASCADE,
    other int REFERENCES customers DEFERRABLE,
    status text CHECK (status IN ('new', 'done')),
    amount numeric(10, 2)
);
ALTER TABLE orders ADD CONSTRAINT amount_sane CHECK (amount >= 0) NOT VALID;
ALTER TABLE orders ADD CONSTRAINT later FOREIGN KEY (other) REFERENCES customers (id) NOT VALID;
CREATE INDEX orders_open ON orders (customer DESC, (lower(status)), status text_pattern_ops) INCLUDE (amount)
    WHERE status = 'new';
CREATE INDEX orders_hash ON orders USING hash (status);
INSERT INTO customers (name) SELECT 'name ' || n FROM generate_series(1, 50) n;
INSERT INTO orders SELECT n, n % 50 + 1, NULL, CASE WHEN n % 10 = 0 THEN 'new' WHEN n % 3 = 0 THEN NULL ELSE 'done' END,
    n % 7 FROM generate_series(1, 1000) n;
CREATE VIEW open_orders AS SELECT * FROM orders WHERE status = 'new';
CREATE MATERIALIZED VIEW totals AS SELECT customer, sum(amount) AS total FROM orders GROUP BY customer;
CREATE TABLE events (at date NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE events_26 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE parent (id int PRIMARY KEY, note text NOT NULL);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE secret (id int PRIMARY KEY);
ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
ALTER TABLE secret FORCE ROW LEVEL SECURITY;
CREATE TABLE never_counted (id int);
CREATE SCHEMA app;
CREATE TABLE app.orders (id int);
CREATE TABLE app.invoices (id int);
"""


@pytest.fixture(scope="module")
def urls():
    return {}


@pytest.fixture
def schema(postgres, urls):
    if postgres not in urls:
        urls[postgres] = servers.make_database(postgres, SCHEMA)
        servers.execute(urls[postgres], "ANALYZE customers, orders, totals, events")
    return connect(urls[postgres]).schema()


def test_tables_of_the_search_path_come_first_and_without_their_namespace(schema):
    assert schema.table("orders").namespace is None
    assert schema.table("orders", "app").columns[0].name == "id"
    assert schema.table("orders", "public") is schema.table("orders")
    assert schema.table("invoices").namespace == "app"
    assert schema.table("pg_class") is None


def test_columns_say_type_null_default_and_whether_they_are_computed(schema):
    identity, name, email, upper, *_ = schema.table("customers").columns
    assert (identity.type, identity.nullable, identity.default, identity.generated) == (
        "integer",
        False,
        "identity",
        True,
    )
    assert (name.type, name.nullable, name.collation) == ("character varying(20)", False, "C")
    assert (email.nullable, email.default, email.collation) == (True, "md5((random())::text)", None)
    assert upper.generated


def test_an_index_says_order_expression_operator_class_and_condition(schema):
    index = next(index for index in schema.table("orders").indexes if index.name == "orders_open")
    assert index.columns == (
        IndexColumn("customer", descending=True),
        IndexColumn("lower(status)", expression=True),
        IndexColumn("status", operator_class="text_pattern_ops"),
    )
    assert index.include == ("amount",)
    assert index.where == "status = 'new'::text"
    assert index.size_bytes == 16384
    assert index.scans == 0
    assert not index.unique
    assert next(index for index in schema.table("orders").indexes if index.name == "orders_hash").method == "hash"


def test_the_primary_key_is_a_constraint_and_a_deferrable_one_proves_nothing(schema):
    customers = schema.table("customers")
    assert customers.primary_key == ("id",)
    assert all(index.constraint for index in customers.indexes)
    assert customers.unique_keys() == (("id",),)


def test_only_validated_and_immediate_foreign_keys_hold(schema):
    keys = {key.name: key for key in schema.table("orders").foreign_keys}
    assert keys["orders_customer_fkey"].holds
    assert keys["orders_customer_fkey"].on_delete == "CASCADE"
    assert keys["orders_customer_fkey"].referenced_columns == ("id",)
    assert not keys["orders_other_fkey"].holds, "deferrable"
    assert not keys["later"].holds, "not validated"


def test_only_validated_checks_hold(schema):
    checks = {check.name: check for check in schema.table("orders").checks}
    assert checks["orders_status_check"].holds
    assert not checks["amount_sane"].holds
    assert checks["amount_sane"].expression == "amount >= 0::numeric"


def test_statistics_are_values_and_counts(schema):
    orders = schema.table("orders")
    assert orders.rows == 1000
    assert orders.analyzed
    assert orders.size_bytes > 8192
    identifier, status, amount = (orders.column(name).statistics for name in ("id", "status", "amount"))
    assert (identifier.distinct, identifier.low, identifier.high, identifier.correlation) == (1000, 1, 1000, 1.0)
    assert (status.distinct, status.null_fraction) == (2, 0.3)
    assert status.common == (("done", pytest.approx(0.6)), ("new", pytest.approx(0.1)))
    assert (amount.low, amount.high) == (Decimal("0.00"), Decimal("6.00")), "from the common values: no histogram"


def test_what_was_never_counted_is_unknown_and_not_empty(schema):
    table = schema.table("never_counted")
    assert (table.rows, table.analyzed, table.columns[0].statistics) == (None, False, None)


def test_each_kind_of_relation_is_told_apart(schema):
    kinds = {
        "orders": TableKind.TABLE,
        "open_orders": TableKind.VIEW,
        "totals": TableKind.MATERIALIZED_VIEW,
        "events": TableKind.PARTITIONED,
    }
    assert {name: schema.table(name).kind for name in kinds} == kinds
    assert "status = 'new'" in schema.table("open_orders").definition


def test_inheritance_takes_what_a_parent_promises(schema):
    parent = schema.table("parent")
    assert parent.inherits
    assert parent.unique_keys() == ()
    assert parent.column("note").nullable
    assert schema.table("child").inherits
    assert not schema.table("events").inherits


def test_row_security_is_seen(schema):
    assert schema.table("secret").row_security is False, "a superuser passes"
    assert not schema.table("orders").row_security


def test_row_security_holds_for_a_role_that_it_binds(postgres, urls, schema):
    role = f"bound_{urls[postgres].split('?')[0].rsplit('_', 1)[1]}"
    servers.execute(urls[postgres], f"CREATE ROLE {role} LOGIN; GRANT SELECT ON secret TO {role}")
    bound = connect(urls[postgres].replace("postgres@", f"{role}@")).schema()
    assert bound.table("secret").row_security
    assert bound.table("invoices") is None, "no USAGE on its schema"


def test_settings_are_those_of_the_session(schema):
    settings = dict(schema.settings)
    assert settings["work_mem"] == "4MB"
    assert {"random_page_cost", "jit", "server_encoding", "TimeZone", "DateStyle"} <= settings.keys()


def test_version_18_knows_constraints_that_are_not_checked(postgres18, new_database):
    url = new_database(
        postgres18,
        """CREATE TABLE a (id int PRIMARY KEY);
        CREATE TABLE t (id int, a int REFERENCES a NOT ENFORCED, n int, CONSTRAINT positive CHECK (n > 0) NOT ENFORCED);
        INSERT INTO t VALUES (NULL, 1, 1);
        ALTER TABLE t ADD CONSTRAINT id_given NOT NULL id NOT VALID;""",
    )
    table = connect(url).schema().table("t")
    assert table.column("id").nullable
    assert not table.foreign_keys[0].holds
    assert not table.checks[0].holds


def test_a_fact_is_asked_of_a_table_outside_the_search_path_too(postgres, urls, schema):
    assert schema.table("invoices").namespace == "app"
    assert connect(urls[postgres]).holds(Fact("invoices", "id > 0", "")) is True
