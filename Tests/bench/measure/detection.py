"""Detection: ordersync-enqueue over the whole source, first when every order is new, then when none has changed."""

import json
import sqlite3
from contextlib import closing
from statistics import median

from . import configuration
from .lab import YARDSTICKS, interleaved, ratio
from .table import Row, megabytes, rate

ROWS = 100_000
#: The yardstick is slow, and its rate does not depend on the number of rows.
YARDSTICK_ROWS = 20_000
ROUNDS = 3
GOAL = 20_000
MEMORY_GOAL = 100 * 2**20


def measure(lab):
    rows = ROWS * lab.scale
    source = lab.source(rows)
    environment = configuration.write(lab.fresh(), source)

    def run(expected):
        usage = lab.program("ordersync-enqueue", "--all", "--json", environment=environment)
        report = json.loads(usage.output)
        if report[expected] != rows:
            raise SystemExit(f"bench: {rows} rows should be {expected}: {usage.output}")
        return usage

    columns = lab.folder / "columns.txt"
    columns.write_text("\n".join(read_columns(source, environment)))
    yardstick_usages = []

    def hash_rows():
        usage = lab.python(
            YARDSTICKS / "hash_rows.py", configuration.connection(source), "ORDERS_UNIFIED", columns, YARDSTICK_ROWS
        )
        yardstick_usages.append(usage)
        return YARDSTICK_ROWS / float(usage.output)

    first = run("new")
    usages = []

    def detect():
        usages.append(run("unchanged"))
        return rows / usages[-1].seconds

    rates = interleaved(ROUNDS, {"detect": detect, "hash": hash_rows})
    reached = median(rates["detect"])
    peak = max(usage.peak_bytes for usage in usages)
    yardstick = f"{rate(median(rates['hash']), 'rows')} pyodbc and hashlib"
    yield Row(
        f"detection, {rows:,} rows of 268 columns, none changed",
        rate(reached, "rows"),
        yardstick,
        ratio(rates["detect"], rates["hash"]),
        f"≥ {GOAL:,} rows/s",
        reached >= GOAL,
    )
    yield Row(
        "  its peak memory",
        megabytes(peak),
        f"{megabytes(max(usage.peak_bytes for usage in yardstick_usages))} for {YARDSTICK_ROWS:,} rows",
        None,
        f"≤ {megabytes(MEMORY_GOAL)}",
        peak <= MEMORY_GOAL,
    )
    yield Row(
        "detection and enqueue, all new",
        rate(rows / first.seconds, "rows"),
        yardstick,
        rows / first.seconds / median(rates["hash"]),
        "",
        None,
    )
    yield Row("  its peak memory", megabytes(first.peak_bytes), "", None, f"≤ {megabytes(MEMORY_GOAL)}", first.peak_bytes <= MEMORY_GOAL)


def read_columns(source, environment):
    """The columns that ordersync reads: those of the field map and the sizes."""
    import yaml

    from .lab import FIELD_MAP

    field_map = yaml.safe_load(FIELD_MAP.read_text(encoding="utf-8"))
    own = field_map["source"]
    with closing(sqlite3.connect(source)) as connection:
        table = [(name, kind) for _, name, kind, *_ in connection.execute('PRAGMA table_info("ORDERS_UNIFIED")')]
    names = [name for name, _ in table]
    sizes = table[names.index(own["sizes"]["after"]) + 1 : names.index(own["sizes"]["before"])]
    wanted = {field["source"] for field in field_map["fields"]}
    wanted |= {name for name in own.values() if isinstance(name, str)} - {own["record_uuid"]}
    wanted |= {name for name, kind in sizes if "INT" in kind.upper()}
    return [name for name in names if name in wanted]
