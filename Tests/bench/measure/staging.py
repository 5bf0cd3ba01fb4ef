"""Staging: orders into the embedded warehouse over ODBC, in batches as large as the daemon's."""

from statistics import median

from .lab import YARDSTICKS, interleaved, ratio
from .table import Row, rate

ORDERS = 50_000
ORDERS_A_BATCH = 500
TABLE = "STG_MON_CustMasterSchedule"
ROUNDS = 2
GOAL = 10_000


def measure(lab):
    files = []

    def stage():
        files.append(lab.fresh() / "warehouse.db")
        seconds = lab.bench(
            "stage", snapshots=lab.make_snapshots(), warehouse=files[-1], orders=ORDERS, per_batch=ORDERS_A_BATCH
        )
        return ORDERS / seconds

    def executemany():
        source = files[-1] if files else None
        usage = lab.python(YARDSTICKS / "insert_rows.py", source, lab.fresh() / "rows.db", TABLE, ORDERS_A_BATCH)
        return ORDERS / float(usage.output)

    # The yardstick writes the rows that staging wrote, so staging goes first.
    stage()
    rates = interleaved(ROUNDS * lab.scale, {"stage": stage, "executemany": executemany})
    reached = median(rates["stage"])
    yield Row(
        f"staging {ORDERS:,} orders, 93 columns, ODBC",
        rate(reached, "rows"),
        f"{rate(median(rates['executemany']), 'rows')} sqlite3.executemany, no ODBC",
        ratio(rates["stage"], rates["executemany"]),
        f"≥ {GOAL:,} rows/s",
        reached >= GOAL,
    )
