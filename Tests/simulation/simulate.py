#!/usr/bin/env python3
"""Plays days of a season over a source, and compares board, production and error tables with a model after each.

    simulate.py --bin DIR                        30 days over 2,000 orders, in each world
    simulate.py --bin DIR --world zero           in one of them
    simulate.py --bin DIR --orders 150 --days 8  a short form
    simulate.py --bin DIR --seed 7               the same days again

Every day orders are added, changed in all ways, cancelled, deleted, copied, broken and brought back, a person takes items and
subitems off the board, and now and then the whole source is loaded anew under new identities. A world is one choice of what the
configuration leaves open: what comes of orders that are gone, of removed items, and of sizes that are gone. Three runs a day see
to it that what is gone is dealt with. A day on which nothing changes, or on which all is loaded anew and nothing else, must send
no mutation at all.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "torture"), str(HERE.parent / "demo-data")]

from comparison import Comparison  # noqa: E402
from installation import Installation  # noqa: E402
from model import Model  # noqa: E402
from season import Season, family, key  # noqa: E402
from worlds import WORLDS  # noqa: E402

QUIET, RELOAD_ONLY = "quiet", "reload only"
#: How many items, and how many subitems, a person takes off the board on a busy day.
REMOVED_ITEMS, REMOVED_SUBITEMS = 3, 2


class Site(Installation):
    """An installation that deals with orders that are gone by the second run that misses them."""

    def __init__(self, folder, programs, seed, world):
        self.world = world
        super().__init__(folder, programs, seed, "25m")

    @property
    def _environment(self):
        return super()._environment | self.world.environment | {
            "ORDERSYNC_GONE_CONFIRM": "0s",
            "ORDERSYNC_MONDAY_REQUEST_TIMEOUT": "30s",
            "ORDERSYNC_MONDAY_EXECUTION_LIMIT": "30s",
            "ORDERSYNC_WAREHOUSE_STATEMENT_TIMEOUT": "30s",
            "ORDERSYNC_BATCH_ORDERS": "500",
        }  # fmt: skip


class Simulation:
    def __init__(self, options, world, folder):
        self.options, self.world = options, world
        self.rng = random.Random(f"simulation:{world.name}:{options.seed}")
        self.site = Site(folder, options.bin.resolve(), options.seed, world)
        self.season = Season(self.site.source, self.rng, options.orders, world.is_wild)
        self.comparison = Comparison(self.site)
        self.model = Model(world, self.comparison.look)
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
        for day in range(1, self.options.days + 1):
            started = time.monotonic()
            self.day(day)
            if not self.options.json:
                print(f"{self.world.name} day {day:2}: {self.said}, {time.monotonic() - started:.1f} s", flush=True)
            if self.wrong:
                return
        self._clear_up()

    def day(self, day):
        kind = "first" if day == 1 else QUIET if day % 6 == 5 else RELOAD_ONLY if day % 6 == 0 else "busy"
        is_loaded = kind == RELOAD_ONLY or (kind == "busy" and self.rng.random() < 0.4)
        if kind == "busy":
            self._people()
            self.season.change(f"{self.options.seed}:{day}", is_loaded)
        if is_loaded:
            self.season.reload(f"{self.options.seed}:{day}")
        rows = self.season.rows()
        self._know(rows)
        counts = self.model.take(rows)
        self.said = f"{kind}{', loaded anew' if is_loaded else ''}, {len(rows)} rows, " + ", ".join(
            f"{n} {what}" for what, n in sorted(counts.items())
        )
        self.totals.update(counts)
        sent = self._mutations()
        for _ in range(3):
            report = json.loads(self._program("ordersync-enqueue", "--all", "--json").stdout)
            self.totals["jobs"] += report["enqueued"]
            # 1 says that orders died.
            self._program("ordersyncd", "drain", accept=(0, 1) if self.model.dead() else (0,))
        self._compare(day)
        if kind in (QUIET, RELOAD_ONLY) and self._mutations() != sent:
            self.wrong.append(f"day {day} ({kind}): {self._mutations() - sent} mutations, where nothing had changed")

    # --- people at the board ---

    def _people(self):
        """People take a few items and subitems off the board, and put items back that were missed."""
        removed = [order for order in self.model.orders.values() if order.is_removed]
        if not self.world.is_wild and removed and self.rng.random() < 0.4:
            self._restore(removed)
        alone = sorted(self.items.keys() & self._alone)
        for name in self.rng.sample(alone, min(REMOVED_ITEMS, len(alone))):
            order = self.model.orders[name]
            order.is_removed, order.item = True, self.items.pop(name)
            self.site.ask("edit", {"do": "archive", "item": order.item})
            self.totals["items removed"] += 1
        if self.world.removed_items == "recreate" and not self.world.is_wild:
            self._remove_subitems()

    def _restore(self, orders):
        for order in orders:
            self.site.ask("edit", {"do": "restore", "item": order.item})
            self.model.restore(order)
        self._program("ordersync-replay", "retry", "--all", "--yes", accept=(0, 1))
        self._program("ordersyncd", "drain")

    def _remove_subitems(self):
        shown = {item["id"]: item for _, item in self.comparison.shown}
        names = sorted(name for name in self.items.keys() & self._alone if shown[self.items[name]]["subitems"])
        for name in self.rng.sample(names, min(REMOVED_SUBITEMS, len(names))):
            subitem = self.rng.choice(shown[self.items[name]]["subitems"])
            self.model.orders[name].lost.add(subitem["columns"][self.comparison.size])
            self.site.ask("edit", {"do": self.rng.choice(["archive", "delete"]), "item": subitem["id"]})
            self.items.pop(name)
            self.totals["subitems removed"] += 1

    def _clear_up(self):
        """At the end people put back what is missed, a repair brings the rest, and the audit finds nothing more."""
        if not self.world.is_wild:
            self._restore([order for order in self.model.orders.values() if order.is_removed])
        self._program("ordersyncd", "audit", "--repair", accept=(0, 1))
        self._program("ordersyncd", "drain", accept=(0, 1))
        audit = self._program("ordersyncd", "audit", accept=(0, 1))
        if audit.returncode:
            self.wrong.append(f"after a repair the audit finds: {audit.stdout[-1500:]}")

    # --- what is compared ---

    def _compare(self, day):
        self.comparison.read(self.world.is_wild)
        unchecked = {"dead"} if self.world.is_wild else set()
        self.wrong += [f"{self.world.name}, day {day}: {what}" for what in self.comparison.compare(self.model, unchecked)]
        self._compare_identity(day)

    def _compare_identity(self, day):
        """An order whose business key is its own and stays is on the item where it was, whatever else changed of it."""
        by_look = {look: item["id"] for look, item in self.comparison.shown}
        looks = {name: self._look(order) for name, order in self.model.orders.items() if order.is_on_board}
        stayed = self._alone & self._alone_before
        for name in stayed & self.items.keys() & looks.keys():
            item = by_look.get(looks[name])
            if item and self.items[name] != item:
                self.wrong.append(f"day {day}: {looks[name][0]!r} was on item {self.items[name]} and is on {item}")
            self.totals["stayed on their item"] += item is not None
        found = Counter(looks.values())
        self.items = {
            name: by_look[look] for name, look in looks.items()
            if found[look] == 1 and look in by_look and not self.model.orders[name].is_gone
        }  # fmt: skip

    def _look(self, order):
        return next(iter(self.comparison._plain_looks(Counter([order.board()]))))

    def _know(self, rows):
        """Who is alone under their business key, and was so before."""
        keys = {row["name"]: key(row) for row in rows}
        counts = Counter(keys.values())
        known = {(name, key) for name, key in keys.items() if counts[key] == 1}
        before, self._known = self._known, known
        self._alone_before = {name for name, _ in before}
        self._alone = {name for name, _ in known & before} if before else {name for name, _ in known}
        if not self.world.is_wild:
            # Nor may one of its order number and customer be gone, who might be meant as well.
            gone = {family(row) for row in self.season.deleted}
            self._alone -= {row["name"] for row in rows if family(row) in gone}
            return
        # Whoever else may be meant now by what was archived: the person puts it back.
        for name, order in self.model.orders.items():
            if order.is_removed and name not in self._alone and name in keys:
                self.site.ask("edit", {"do": "restore", "item": order.item})
                self.model.restore(order)

    def _mutations(self):
        return self.site.ask("state")["counts"]["mutations"]

    def _program(self, *command, accept=(0,)):
        for _ in range(10):
            done = self.site.run(*command, within=600)
            if done.returncode != 75:
                break
        if done.returncode not in accept:
            raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stdout[-2000:]} {done.stderr[-2000:]}")
        return done


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path, required=True, help="folder of the programs")
    parser.add_argument("--world", choices=WORLDS, action="append", help="play in this one only; repeatable")
    parser.add_argument("--orders", type=int, default=2000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, help="of everything that is left to chance")
    parser.add_argument("--folder", type=Path, help="work there and keep it; else it is kept only after a failure")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args()


def play(options, world):
    """Plays in one world; what was wrong."""
    folder = options.folder / world.name if options.folder else Path(tempfile.mkdtemp(prefix="ordersync-simulation-"))
    simulation = Simulation(options, world, folder)
    try:
        simulation.run()
    finally:
        simulation.site.close()
    if options.json:
        print(json.dumps({"world": world.name, "seed": options.seed, "wrong": simulation.wrong} | simulation.totals))
    else:
        print(f"{world.name}: " + ", ".join(f"{n} {what}" for what, n in sorted(simulation.totals.items())))
    for mistake in simulation.wrong:
        print(f"WRONG  {mistake}", file=sys.stderr)
    if simulation.wrong:
        print(f"What is left: {folder}; again: make simulation WORLD={world.name} SEED={options.seed}", file=sys.stderr)
    elif options.folder is None:
        shutil.rmtree(folder)
    return simulation.wrong


def main():
    options = arguments()
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1_000_000)
    print(f"SEED={options.seed}: {options.orders} orders, {options.days} days", file=sys.stderr, flush=True)
    # Every world is played, whatever is wrong in the one before.
    wrong = [play(options, WORLDS[name]) for name in options.world or WORLDS]
    sys.exit(1 if any(wrong) else 0)


if __name__ == "__main__":
    main()
