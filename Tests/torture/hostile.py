"""What goes wrong while the daemon works: the network's faults, changes in the source, a warehouse that is locked."""

import random
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import yaml
from installation import TESTS

#: Beside the sandbox's own hostile script: what that one lacks.
MORE = (
    {"name": "executed and not remembered", "action": "not_cached", "match": {"kind": "mutation", "probability": 0.05}},
    {"name": "null in place of all data", "action": "empty_data", "match": {"kind": "mutation", "probability": 0.02}},
    {"name": "an error below an alias", "action": "nested_error", "match": {"operation": "create_item", "probability": 0.02}},
    {"name": "slow", "action": "slow", "seconds": 0.5, "match": {"probability": 0.03}},
    {"name": "conflict", "action": "conflict", "match": {"kind": "mutation", "probability": 0.01}},
    {"name": "a group's answer lost", "action": "lose_answer", "match": {"operation": "create_group", "probability": 0.3}},
    {"name": "a group's answer late", "action": "late_commit", "commit_after": 1.5, "match": {
        "operation": "create_group", "probability": 0.1}},
    {"name": "500 inside 200, nothing done", "action": "internal_error_in_200", "match": {
        "kind": "mutation", "probability": 0.02}},
    {"name": "500 after the commit", "action": "internal_error", "commit": True, "match": {
        "kind": "mutation", "probability": 0.01}},
    {"name": "a page after the commit", "action": "garbage", "commit": True, "match": {"kind": "mutation", "probability": 0.01}},
    {"name": "stall, nothing done", "action": "stall_before", "match": {"probability": 0.005}},
    {"name": "addresses", "action": "throttle", "kind": "ip", "retry_after": 1, "match": {"probability": 0.005}},
    {"name": "points, in older words", "action": "throttle", "kind": "complexity_legacy", "retry_after": 1, "match": {
        "probability": 0.005}},
    {"name": "protection", "action": "throttle", "kind": "protection", "retry_after": 1, "match": {"probability": 0.005}},
    {"name": "an error at an alias, nothing done", "action": "alias_error", "message": "Internal server error", "match": {
        "alias": 2, "kind": "mutation", "probability": 0.01}},
)  # fmt: skip


def fault_script(seed, harm):
    """The rules in force, `harm` times as likely as they are written."""
    script = yaml.safe_load((TESTS / "monday-sandbox" / "faults" / "hostile.yaml").read_text())
    rules = [rule | {"match": dict(rule["match"])} for rule in (*script["rules"], *MORE)]
    for rule in rules:
        rule["match"]["probability"] *= harm
    return {"seed": seed, "rules": rules}


#: Changes every row of production in a transaction that is in the file already (its cache is a page), and waits.
HALF_WRITTEN = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], timeout=5, isolation_level=None)
database.execute("PRAGMA cache_size = 1")
database.execute("BEGIN EXCLUSIVE")
database.execute('UPDATE "MON_CustMasterSchedule" SET "Title" = "Title" || hex(randomblob(400)), "order_key" = NULL')
database.execute('DELETE FROM "MON_BatchProcessing"')
print("half way", flush=True)
time.sleep(60)
"""


class SourceChanges:
    """Edits of the source between two runs of enqueue: every kind of change, and values that come back to what they were."""

    KINDS = ("price=6", "notes=4", "date=3", "season=4", "quantity=8", "size-new=4", "size-gone=4", "cancel=2", "add=3", "twin=1")

    def __init__(self, installation, rng):
        self._installation = installation
        self._rng = rng
        self._flipped = []

    def make(self):
        self._flip_back()
        rng = self._rng
        kinds = rng.sample(self.KINDS, 4)
        options = [word for kind in kinds for word in ("--change", kind)]
        self._installation.generate("--seed", rng.randrange(10**9), *options)
        if rng.random() < 0.4:
            self._installation.generate("--seed", rng.randrange(10**9), "--reload")
        else:
            self._flip()

    def settle(self):
        """The last word of the source: flipped values go back."""
        self._flip_back()

    def _flip(self):
        """A size and a season of some orders change now and change back before the next round."""
        with closing(sqlite3.connect(self._installation.source, timeout=60, isolation_level=None)) as database:
            rows = database.execute(
                'SELECT rowid, "M", "CUSTOMER SEASON" FROM "ORDERS_UNIFIED" WHERE "M" > 0 ORDER BY rowid'
            ).fetchall()
            self._flipped = self._rng.sample(rows, min(12, len(rows)))
            for rowid, quantity, _ in self._flipped:
                database.execute(
                    'UPDATE "ORDERS_UNIFIED" SET "M" = ?, "CUSTOMER SEASON" = ? WHERE rowid = ?', (quantity + 1000, "SP31", rowid)
                )

    def _flip_back(self):
        with closing(sqlite3.connect(self._installation.source, timeout=60, isolation_level=None)) as database:
            for rowid, quantity, season in self._flipped:
                database.execute(
                    'UPDATE "ORDERS_UNIFIED" SET "M" = ?, "CUSTOMER SEASON" = ? WHERE rowid = ?', (quantity, season, rowid)
                )
        self._flipped = []


class WarehouseFoe:
    """Another program that now and then holds the whole warehouse for seconds, or dies in the middle of changing it."""

    def __init__(self, path, seed):
        self._path, self._rng = path, random.Random(f"foe:{seed}")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self.locks = self.deaths = 0

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def _work(self):
        while not self._stop.wait(self._rng.uniform(4, 12)):
            if self._rng.random() < 0.3:
                self._die()
            else:
                self._lock()

    def _lock(self):
        with closing(sqlite3.connect(self._path, timeout=5, isolation_level=None)) as database:
            try:
                database.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                return
            self.locks += 1
            self._stop.wait(self._rng.uniform(0.5, 3.5))
            database.execute("ROLLBACK")

    def _die(self):
        """Leaves a half-written file and its rollback journal behind, as a warehouse does that is killed."""
        foe = subprocess.Popen([sys.executable, "-c", HALF_WRITTEN, self._path], stdout=subprocess.PIPE)
        if foe.stdout.readline():
            self.deaths += 1
            self._stop.wait(self._rng.uniform(0.0, 1.5))
        foe.kill()
        foe.wait()
