"""Detection: ordersync-enqueue over the whole source, first when every order is new, then when none has changed, then when
the whole source was loaded anew; and over one customer, beside a million orders of others."""

import hashlib
import json
import sqlite3
import uuid
from contextlib import closing
from statistics import median

from . import configuration
from .lab import YARDSTICKS, interleaved, ratio
from .table import Row, megabytes, rate

ROWS = 100_000
#: The yardstick is slow, and its rate does not depend on the number of rows.
YARDSTICK_ROWS = 10_000
#: A part of the rows, to see whether memory grows with them.
FEW_ROWS = 25_000
ROUNDS = 3
#: As many times the yardstick's rate, and a reload at most so many times the time of a run without changes.
GOAL = 5
RELOAD_GOAL = 2
MEMORY_GOAL = 100 * 2**20
#: What four times the rows may take more.
GROWTH_GOAL = 8 * 2**20
OTHERS = 1_000_000
CUSTOMER_ROWS = 1_000
#: What a customer's run may take beside a million orders of others, as a factor.
OTHERS_GOAL = 1.5


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

    def reload():
        load_anew(source)
        return rows / run("unchanged").seconds

    rates = interleaved(ROUNDS, {"detect": detect, "hash": hash_rows})
    reached = ratio(rates["detect"], rates["hash"])
    peak = max(usage.peak_bytes for usage in usages)
    yardstick = f"{rate(median(rates['hash']), 'rows')} pandas, pyodbc and hashlib"
    yield Row(
        f"detection, {rows:,} rows of 268 columns, none changed",
        rate(median(rates["detect"]), "rows"),
        yardstick,
        reached,
        f"≥ {GOAL} ×",
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
    few = few_rows(lab)
    yield Row(
        f"  and with {FEW_ROWS:,} rows",
        megabytes(few),
        "",
        None,
        f"≥ {megabytes(peak - GROWTH_GOAL)}",
        peak - few <= GROWTH_GOAL,
    )
    reloads = [reload() for _ in range(ROUNDS)]
    slower = median(rates["detect"]) / median(reloads)
    yield Row(
        "detection, all loaded anew under new uuids",
        rate(median(reloads), "rows"),
        f"{rate(median(rates['detect']), 'rows')} none changed",
        1 / slower,
        f"≥ {1 / RELOAD_GOAL} ×",
        slower <= RELOAD_GOAL,
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
    yield one_customer(lab)


def few_rows(lab):
    """The peak memory of a run over a part of the rows, none of which changed."""
    environment = configuration.write(lab.fresh(), lab.source(FEW_ROWS))
    lab.program("ordersync-enqueue", "--all", "--json", environment=environment)
    usages = [lab.program("ordersync-enqueue", "--all", "--json", environment=environment) for _ in range(2)]
    return max(usage.peak_bytes for usage in usages)


def one_customer(lab):
    """A run over one customer, with a ledger that knows no one else, and with one that knows a million orders of others."""
    source = lab.source(CUSTOMER_ROWS, "--customers", "1")
    with closing(sqlite3.connect(source)) as connection:
        customer = connection.execute('SELECT "CUSTOMER NAME" FROM ORDERS_UNIFIED LIMIT 1').fetchone()[0]
    seconds = {}
    environments = {}
    for others in (0, OTHERS):
        folder = lab.fresh()
        environments[others] = configuration.write(folder, source)
        lab.program("ordersync-enqueue", "--customer", customer, environment=environments[others])
        if others:
            fill_ledger(folder / "journal.sqlite", others)
    for _ in range(5):
        for others, environment in environments.items():
            # A changed, a new and a missing order each time would need more; the customer's own part is what is asked.
            usage = lab.program("ordersync-enqueue", "--customer", customer, "--json", environment=environment)
            if json.loads(usage.output)["unchanged"] != CUSTOMER_ROWS:
                raise SystemExit(f"bench: {usage.output}")
            seconds.setdefault(others, []).append(usage.seconds)
    alone, beside = median(seconds[0]), median(seconds[OTHERS])
    return Row(
        f"detection of one customer's {CUSTOMER_ROWS:,} beside {OTHERS:,} known orders",
        f"{beside * 1000:,.0f} ms",
        f"{alone * 1000:,.0f} ms beside none",
        beside / alone,
        f"≤ {OTHERS_GOAL} ×",
        beside <= OTHERS_GOAL * alone,
    )


def fill_ledger(journal, count):
    """Orders of a thousand other customers, as if they had been enqueued and synced long ago."""

    def orders():
        for number in range(count):
            digest = hashlib.sha256(str(number).encode()).digest()
            other = f"CUSTOMER {number % 1000}"
            yield (
                str(uuid.UUID(bytes=digest[:16])), digest, 1, str(uuid.UUID(bytes=digest[16:])), digest, f"AAG-{number:07}", other,
                other, "STYLE", "BLACK", f"{number // 50}", "2026 SPRING", 1_700_000_000_000,
            )  # fmt: skip

    with closing(sqlite3.connect(journal)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        with connection:
            connection.executemany(
                "INSERT INTO ledger (order_key, key_digest, occurrence, record_uuid, fingerprint_enqueued, order_number, "
                "source_customer, customer, style, colour, po_number, aag_season, enqueued_ms) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                orders(),
            )
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def load_anew(source):
    """Gives every row another identity, as a load does."""
    with closing(sqlite3.connect(source)) as connection, connection:
        connection.create_function("new_uuid", 0, lambda: str(uuid.uuid4()))
        connection.execute("UPDATE ORDERS_UNIFIED SET record_uuid = new_uuid()")


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
