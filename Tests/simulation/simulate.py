#!/usr/bin/env python3
"""Plays days of a season over a source, and compares the board with a model after each.

    simulate.py --bin DIR                        30 days over 2,000 orders
    simulate.py --bin DIR --orders 150 --days 8  a short form
    simulate.py --bin DIR --seed 7               the same days again

Every day orders are added, changed in all ways, cancelled, deleted, copied and broken, a person archives items, and now and
then the whole source is loaded anew under new identities. Three runs a day see to it that what is gone is archived. A day on
which nothing changes, or on which all is loaded anew and nothing else, must send no mutation at all.
"""

import argparse
import json
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "torture"), str(HERE.parent / "demo-data")]

from checker import Checker, _difference  # noqa: E402
from demo.change import SourceTable  # noqa: E402
from demo.layout import quoted  # noqa: E402
from installation import KEY_COLUMN, Installation  # noqa: E402
from model import Model, demo  # noqa: E402

#: A text column that the sync never reads: it holds the model's name of the row.
NAME = "PLANNER2"
#: How many orders in a thousand change a day, by what happens to them.
CHANGES = {
    "price": 15, "notes": 8, "notes-cleared": 3, "date": 10, "season": 3, "style": 3, "style-and-uuid": 3, "po": 3,
    "cancel": 2, "quantity": 10, "size-gone": 4, "size-new": 4, "delete": 4, "twin": 2, "add": 8,
}  # fmt: skip
QUIET, RELOAD_ONLY = "quiet", "reload only"


class Site(Installation):
    """An installation whose orders leave the board by the second run that misses them."""

    @property
    def _environment(self):
        return super()._environment | {
            "ORDERSYNC_GONE_POLICY": "archive",
            "ORDERSYNC_GONE_CONFIRM": "0s",
            "ORDERSYNC_MONDAY_REMOVED_ITEMS": "recreate",
            "ORDERSYNC_MONDAY_REQUEST_TIMEOUT": "30s",
            "ORDERSYNC_MONDAY_EXECUTION_LIMIT": "30s",
            "ORDERSYNC_WAREHOUSE_STATEMENT_TIMEOUT": "30s",
            "ORDERSYNC_BATCH_ORDERS": "500",
        }


class Simulation:
    def __init__(self, options, folder):
        self.options = options
        self.rng = random.Random(f"simulation:{options.seed}")
        self.site = Site(folder, options.bin.resolve(), options.seed, "25m")
        self.checker = Checker(self.site)
        self.names = 0
        self.wrong = []
        self.totals = Counter()
        #: The item of each order, for orders that look like no other.
        self.items = {}
        self._known, self._alone, self._alone_before = set(), set(), set()

    def run(self):
        self.site.generate(
            "--seed", self.options.seed, "--rows", self.options.orders, "--no-known", "--customers", 12, "--twins", 0.05
        )
        self._program("ordersyncd", "migrate")
        self.model = Model(self._look)
        for day in range(1, self.options.days + 1):
            started = time.monotonic()
            self.day(day)
            if not self.options.json:
                print(f"day {day:2}: {self.said}, {time.monotonic() - started:.1f} s", flush=True)
            if self.wrong:
                break

    def day(self, day):
        kind = "first" if day == 1 else QUIET if day % 6 == 5 else RELOAD_ONLY if day % 6 == 0 else "busy"
        if kind == "busy":
            self._people()
            self._change(day)
        if kind == RELOAD_ONLY or (kind == "busy" and self.rng.random() < 0.4):
            self._edit(lambda connection: SourceTable(connection, "ORDERS_UNIFIED", self._seed(day)).reload())
        rows = self._rows()
        self._know(rows)
        counts = self.model.take(rows)
        self.said = f"{kind}, {len(rows)} rows, " + ", ".join(f"{n} {what}" for what, n in sorted(counts.items()))
        self.totals.update(counts)
        sent = self._mutations()
        for _ in range(3):
            report = json.loads(self._program("ordersync-enqueue", "--all", "--json").stdout)
            self.totals["jobs"] += report["enqueued"]
            self._program("ordersyncd", "drain")
        self._compare(day)
        if kind in (QUIET, RELOAD_ONLY) and self._mutations() != sent:
            self.wrong.append(f"day {day} ({kind}): {self._mutations() - sent} mutations, where nothing had changed")

    # --- what happens ---

    def _seed(self, day):
        return f"{self.options.seed}:{day}"

    def _edit(self, body):
        with closing(sqlite3.connect(self.site.source, timeout=30)) as connection, connection:
            return body(connection)

    def _change(self, day):
        def edit(connection):
            table = SourceTable(connection, "ORDERS_UNIFIED", self._seed(day))
            connection.execute("UPDATE ORDERS_UNIFIED SET [CUSTOMER PRICE] = '12.50' WHERE [CUSTOMER PRICE] = 'much'")
            kinds = list(CHANGES)
            self.rng.shuffle(kinds)
            for kind in kinds:
                count = CHANGES[kind] * self.options.orders / 1000
                table.change(kind, int(count) + (self.rng.random() < count % 1))
            broken = connection.execute("SELECT rowid FROM ORDERS_UNIFIED ORDER BY rowid").fetchall()
            for (row,) in self.rng.sample(broken, min(2, len(broken))):
                connection.execute("UPDATE ORDERS_UNIFIED SET [CUSTOMER PRICE] = 'much' WHERE rowid = ?", (row,))
            self._name(connection)

        self._edit(edit)

    def _name(self, connection):
        """Names the rows that have no name, or bear that of the row they are a copy of."""
        copies = connection.execute(
            f"SELECT rowid FROM ORDERS_UNIFIED AS one WHERE {quoted(NAME)} IS NULL OR {quoted(NAME)} NOT LIKE 'sim-%' OR EXISTS "
            f"(SELECT 1 FROM ORDERS_UNIFIED AS other WHERE other.{quoted(NAME)} = one.{quoted(NAME)} AND other.rowid < one.rowid)"
        ).fetchall()
        for (row,) in copies:
            self.names += 1
            connection.execute(f"UPDATE ORDERS_UNIFIED SET {quoted(NAME)} = ? WHERE rowid = ?", (f"sim-{self.names:06}", row))

    def _people(self):
        """A person archives a few items: of orders that are alone under their business key."""
        for name in self.rng.sample(sorted(self.items.keys() & self._alone - self.model.removed.keys()), 3):
            self.model.removed[name] = self.items.pop(name)
            self.site.ask("edit", {"do": "archive", "item": self.model.removed[name]})

    # --- what is compared ---

    def _rows(self):
        def read(connection):
            connection.row_factory = sqlite3.Row
            self._name(connection)
            return [dict(row) | {"name": row[NAME]} for row in connection.execute("SELECT * FROM ORDERS_UNIFIED")]

        return self._edit(read)

    def _look(self, row):
        """What a row must look like on the board."""
        if row["CUSTOMER PRICE"] == "much":
            return None
        self.checker.orders = [row]
        if not hasattr(self.checker, "labels"):
            with closing(sqlite3.connect(self.site.source)) as database:
                self.checker.labels = demo.size_labels(database)
        return next(iter(self.checker._wanted()))

    def _compare(self, day):
        self.checker._read()
        looks = [(self.checker._on_board(item), item) for item in self.checker.items]
        found, wanted = Counter(look for look, _ in looks), self.model.board()
        if found != wanted:
            extra, missing = list((found - wanted).elements()), list((wanted - found).elements())
            self.wrong.append(f"day {day}: {len(extra)} too many, {len(missing)} missing; {_difference(extra, missing)}")
        keys = Counter(item["columns"].get(KEY_COLUMN) for _, item in looks)
        self.wrong += [f"day {day}: order key {key} on {n} items" for key, n in keys.items() if n > 1 or not key]
        self._compare_identity(day, looks)

    def _compare_identity(self, day, looks):
        """An order whose business key is its own and stays is on the item where it was, whatever else changed of it."""
        by_look = {look: item["id"] for look, item in looks}
        stayed = self._alone & self._alone_before
        for name in stayed & self.items.keys() & self.model.orders.keys():
            item = by_look.get(self.model.orders[name])
            if item and self.items[name] != item:
                self.wrong.append(f"day {day}: {self.model.orders[name][0]!r} was on item {self.items[name]} and is on {item}")
            self.totals["stayed on their item"] += item is not None
        found = Counter(self.model.orders.values())
        self.items = {
            name: by_look[look] for name, look in self.model.orders.items() if found[look] == 1 and look in by_look
        }

    def _know(self, rows):
        """Who is alone under their business key, with the key: (name, key) of each."""
        keys = {r["name"]: (r["AAG ORDER NUMBER"], r["CUSTOMER NAME"], r["CUSTOMER STYLE"], r["CUSTOMER COLOUR DESCRIPTION"]) for r in rows}
        counts = Counter(keys.values())
        known = {(name, key) for name, key in keys.items() if counts[key] == 1}
        before, self._known = self._known, known
        self._alone_before = {name for name, _ in before}
        self._alone = {name for name, _ in known & before} if before else {name for name, _ in known}
        # Whoever else may be meant now by what was archived: the person puts it back.
        for name in [name for name in self.model.removed if name not in self._alone and name in keys]:
            self.site.ask("edit", {"do": "restore", "item": self.model.removed.pop(name)})

    def _mutations(self):
        return self.site.ask("state")["counts"]["mutations"]

    def _program(self, *command):
        for _ in range(10):
            done = self.site.run(*command, within=600)
            if done.returncode != 75:
                break
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stdout[-2000:]} {done.stderr[-2000:]}")
        return done


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path, required=True, help="folder of the programs")
    parser.add_argument("--orders", type=int, default=2000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, help="of everything that is left to chance")
    parser.add_argument("--folder", type=Path, help="work there and keep it; else it is kept only after a failure")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args()


def main():
    options = arguments()
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1_000_000)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="ordersync-simulation-"))
    print(f"SEED={options.seed}: {options.orders} orders, {options.days} days", file=sys.stderr, flush=True)
    simulation = Simulation(options, folder)
    try:
        simulation.run()
    finally:
        simulation.site.close()
    if options.json:
        print(json.dumps({"seed": options.seed, "wrong": simulation.wrong} | simulation.totals))
    else:
        print(", ".join(f"{n} {what}" for what, n in sorted(simulation.totals.items())))
    for mistake in simulation.wrong:
        print(f"WRONG  {mistake}", file=sys.stderr)
    if simulation.wrong:
        print(f"What is left: {folder}; again: make simulation SEED={options.seed}", file=sys.stderr)
    elif options.folder is None:
        shutil.rmtree(folder)
    sys.exit(1 if simulation.wrong else 0)


if __name__ == "__main__":
    main()
