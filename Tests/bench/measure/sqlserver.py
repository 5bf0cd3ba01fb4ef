"""SQL Server: staging, promotion and reading on the T-SQL server that ORDERSYNC_TEST_SQLSERVER names, beside pyodbc and pandas."""

import os
import sys
import uuid
from contextlib import closing, contextmanager

from .lab import FIELD_MAP, GENERATOR, PROJECT, YARDSTICKS
from .table import Row, rate

ORDERS = 50_000
SIZES_AN_ORDER = 6
PROMOTED = 10_000
ORDERS_A_BATCH = 500
#: The yardsticks are slow, and their rates do not depend on the number of rows: each has the orders it can write in a minute.
YARDSTICK_ORDERS = {"executemany": 400, "to_sql": 60}
SOURCE_ROWS = 100_000
LOADED_ROWS = 1_000
YARDSTICK_SOURCE_ROWS = 5_000
PROMISED = 1_000

VARIABLE = "ORDERSYNC_TEST_SQLSERVER"


def measure(lab):
    if not os.environ.get(VARIABLE):
        print(f"no SQL Server is measured: {VARIABLE} is not set", file=sys.stderr)
        return
    yield from staging(lab)
    yield from reading(lab)


def staging(lab):
    snapshots = lab.make_snapshots("--sizes", SIZES_AN_ORDER)

    def ours(orders, *arguments):
        with database() as environment:
            return orders / float(
                lab.program(
                    "ordersync-bench", "stage", "--field-map", FIELD_MAP, "--snapshots", snapshots, "--orders", orders,
                    "--per-batch", ORDERS_A_BATCH, *arguments, environment=environment,
                ).output
            )  # fmt: skip

    reached = ours(ORDERS)
    rates = {}
    # They write the rows that staging wrote, orders and subitems, to tables of the same shape.
    for way, orders in YARDSTICK_ORDERS.items():
        with database() as environment:
            lab.program(
                "ordersync-bench", "stage", "--field-map", FIELD_MAP, "--snapshots", snapshots, "--orders", orders,
                "--per-batch", ORDERS_A_BATCH, environment=environment,
            )  # fmt: skip
            with database() as target:
                lab.program("ordersync-bench", "stage", "--field-map", FIELD_MAP, "--snapshots", snapshots, "--orders", 0,
                            "--per-batch", 1, environment=target)  # fmt: skip
                variables = {"FROM": environment["ORDERSYNC_BENCH_WAREHOUSE"], "TO": target["ORDERSYNC_BENCH_WAREHOUSE"]}
                seconds = lab.run(sys.executable, YARDSTICKS / "server_rows.py", way, environment=variables).output
                rates[way] = orders / float(seconds)
    best = max(rates.values())
    # FreeTDS crashes under fast_executemany.
    fast = "" if "tds" in os.environ[VARIABLE].lower() else "fast_"
    names = {"executemany": f"pyodbc {fast}executemany", "to_sql": f"pandas to_sql ({YARDSTICK_ORDERS['to_sql']} orders)"}
    told = ", ".join(f"{rate(value, 'orders')} {names[way]}" for way, value in rates.items())
    rows = 1 + SIZES_AN_ORDER
    yield Row(
        f"SQL Server: staging {ORDERS:,} orders, {ORDERS * SIZES_AN_ORDER:,} subitems",
        f"{rate(reached, 'orders')}, {rate(reached * rows, 'rows')}",
        told,
        reached / best,
        f"≥ 2 × the better, ≥ {PROMISED:,} rows/s",
        reached >= 2 * best and reached * rows >= PROMISED,
    )
    for method in ("json", "arrays"):
        yield Row(
            f"  by {method}, {PROMOTED:,} orders",
            rate(ours(PROMOTED, "--bulk", method), "orders"),
            "",
            None,
            "",
            None,
        )
    yield Row(
        f"SQL Server: promotion of {PROMOTED:,} orders",
        rate(ours(PROMOTED, "--promote"), "orders"),
        "",
        None,
        "",
        None,
    )


def reading(lab):
    with database() as environment:
        connection_string = environment["ORDERSYNC_BENCH_WAREHOUSE"]
        lab.run(
            sys.executable, GENERATOR, "--server", "--rows", LOADED_ROWS, "--no-known", environment={VARIABLE: connection_string}
        )
        multiply(connection_string, SOURCE_ROWS)
        reached = SOURCE_ROWS / float(
            lab.program("ordersync-bench", "read", "--field-map", FIELD_MAP, "--rows", SOURCE_ROWS, environment=environment).output
        )
        seconds = lab.run(
            sys.executable,
            YARDSTICKS / "server_rows.py",
            "read_sql",
            str(YARDSTICK_SOURCE_ROWS),
            environment={"FROM": connection_string},
        ).output
    yardstick = YARDSTICK_SOURCE_ROWS / float(seconds)
    yield Row(
        f"SQL Server: reading {SOURCE_ROWS:,} rows of 268 columns",
        rate(reached, "rows"),
        f"{rate(yardstick, 'rows')} pandas read_sql",
        reached / yardstick,
        "≥ 3 ×",
        reached >= 3 * yardstick,
    )


def multiply(connection_string, rows):
    """Copies the table's rows, each under a new uuid, until there are so many."""
    import pyodbc

    sys.path.insert(0, str(PROJECT / "Tests/demo-data"))
    from demo import layout

    names = ", ".join(f"[{name.replace(']', ']]')}]" for name in layout.read().names if name != "record_uuid")
    with closing(pyodbc.connect(connection_string, autocommit=True)) as connection:
        for _ in range(rows // LOADED_ROWS - 1):
            connection.execute(
                f"INSERT INTO [dbo].[ORDERS_UNIFIED] ({names}) SELECT TOP {LOADED_ROWS} {names} FROM [dbo].[ORDERS_UNIFIED]"
            )


@contextmanager
def database():
    """A database of its own on the server, dropped at the end; gives the variables that name it."""
    import pyodbc

    server = os.environ[VARIABLE]
    name = f"ordersync_bench_{uuid.uuid4().hex[:8]}"
    parts = [part for part in server.split(";") if part and not part.lower().startswith("database=")]
    with closing(pyodbc.connect(server, autocommit=True)) as connection:
        connection.execute(f"CREATE DATABASE [{name}]")
    try:
        yield {"ORDERSYNC_BENCH_WAREHOUSE": ";".join([*parts, f"Database={name}"])}
    finally:
        with closing(pyodbc.connect(server, autocommit=True)) as connection:
            connection.execute(f"DROP DATABASE [{name}]")
