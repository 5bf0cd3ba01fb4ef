"""What is found on the board and in the production and error tables, in the form in which the model tells what should be."""

import sqlite3
import sys
from collections import Counter
from contextlib import closing

from checker import Checker, _difference
from installation import KEY_COLUMN, TESTS
from model import Look

sys.path.insert(0, str(TESTS / "demo"))
import check as demo  # noqa: E402


class Comparison(Checker):
    """Reads all by other ways than the programs do."""

    def look(self, row):
        """What a row must look like on the board; None for a row that can't be read."""
        if row["CUSTOMER PRICE"] == "much":
            return None
        if not hasattr(self, "labels"):
            with closing(sqlite3.connect(self.installation.source)) as database:
                self.labels = demo.size_labels(database)
        self.orders = [row]
        return Look(*next(iter(self._wanted())))

    def read(self, is_wild):
        """Takes the state of board and tables in; of a wild world without sizes of no pieces, and without who is gone."""
        self.is_wild = is_wild
        self._read()
        self.shown = [(self._shown(item), item) for item in self.items]
        self.rows = self._sql(self.installation.warehouse, 'SELECT * FROM "MON_CustMasterSchedule"')
        self._sizes = {}
        for size in self._sql(self.installation.warehouse, 'SELECT * FROM "MON_CustMasterSchedule_Subitems"'):
            self._sizes.setdefault(size["order_key"], []).append(size)

    def compare(self, model, unchecked):
        """What differs from the model; `unchecked` names what is not looked at."""
        found = Counter(look for look, _ in self.shown)
        yield from self._differs("on the board", found, self._plain_looks(model.board()))
        keys = {item["id"]: item["columns"].get(KEY_COLUMN) for _, item in self.shown}
        yield from (f"order key {key} on {n} items" for key, n in Counter(keys.values()).items() if n > 1 or not key)
        items = {(row["order_key"], str(row["Item ID"])) for row in self.rows}
        yield from (f"item {item} is in no row of production under its key" for item in keys if (keys[item], item) not in items)
        rows = self.rows
        if self.is_wild:
            rows = [row for row in rows if row["order_key"] in keys.values()]
        wanted = model.production() if not self.is_wild else Counter((*look, "") for look in self._plain_looks(model.board()).elements())
        yield from self._differs("in production", Counter(map(self._promoted, rows)), Counter(map(self._comparable, wanted.elements())))
        yield from self._compare_errors(model, unchecked)

    # --- the board ---

    def _shown(self, item):
        title, group, customer, cells, _ = self._on_board(item)
        sizes = [(s["columns"].get(self.size), int(float(s["columns"].get(self.quantity) or 0))) for s in item["subitems"]]
        return title, group, customer, cells, self._told(sizes)

    def _told(self, sizes):
        """The sizes that are compared, twice what is there twice."""
        return tuple(sorted((label, n) for label, n in sizes if n or not self.is_wild))

    def _plain_looks(self, looks):
        return Counter((*look[:4], self._told(look[4])) for look in looks.elements())

    # --- the tables ---

    def _promoted(self, row):
        names = {name.lower(): name for name in row}
        cells = tuple(self._plain(f, row[names[self._staging(f).lower()]]) for f in self._fields)
        sizes = [(size["Size"], int(size["Order Qty"])) for size in self._sizes.get(row["order_key"], [])]
        status = row["change_type"] if row["change_type"] in ("ARCHIVED", "ZEROED") else ""
        return row["Title"], row["Group"], row["CUSTOMER"], cells, self._told(sizes), status

    def _comparable(self, wanted):
        title, group, customer, cells, sizes, status = wanted
        return title, group, customer, tuple(map(self._plain, self._fields, cells)), self._told(sizes), status

    @property
    def _fields(self):
        return [f for f in self.fields if f.get("monday")]

    def _compare_errors(self, model, unchecked):
        """Each row that can't be read has one open error row, and so has each order that died."""
        rows = self._sql(
            self.installation.warehouse,
            'SELECT error_key, order_number FROM "ERR_MON_CustMasterSchedule" WHERE resolved_date IS NULL UNION ALL '
            'SELECT error_key, order_number FROM "ERR_MON_CustMasterSchedule_Subitems" WHERE resolved_date IS NULL',
        )
        rejects = [r["order_number"] for r in rows if r["error_key"].startswith("reject:")]
        yield from self._differs("open error rows of rejected rows", Counter(rejects), Counter(model.rejected))
        dead = self._sql(self.installation.journal, "SELECT count(*) AS n FROM job WHERE state = 'dead'")[0]["n"]
        if "dead" not in unchecked:
            yield from self._differs("dead jobs", dead, model.dead())
            yield from self._differs("open error rows of dead jobs", len(rows) - len(rejects), model.dead())
        others = self._sql(
            self.installation.journal, "SELECT state, count(*) AS n FROM job WHERE finished_ms IS NULL AND state <> 'dead' GROUP BY 1"
        )
        yield from (f"{job['n']} jobs are {job['state']} at the end of the day" for job in others)

    @staticmethod
    def _differs(what, found, wanted):
        if found == wanted:
            return
        if isinstance(found, Counter):
            extra, missing = list((found - wanted).elements()), list((wanted - found).elements())
            yield f"{what}: {len(extra)} too many, {len(missing)} missing; {_difference(extra, missing)}"
        else:
            yield f"{what}: {found}, not {wanted}"
