"""What happens to the source, day by day."""

import sqlite3
import sys
from collections import Counter
from contextlib import closing

from installation import TESTS

sys.path.insert(0, str(TESTS / "demo-data"))
from demo.change import SourceTable  # noqa: E402
from demo.layout import quoted  # noqa: E402

#: A text column that the sync never reads: it holds the model's name of the row.
NAME = "PLANNER2"
#: How many orders in a thousand change a day, by what happens to them.
CHANGES = {
    "price": 15, "notes": 8, "notes-cleared": 3, "date": 10, "season": 3, "style": 3, "style-and-uuid": 3, "po": 3,
    "cancel": 2, "quantity": 10, "size-gone": 4, "size-new": 4, "delete": 4, "twin": 2, "add": 8, "come-back": 1,
}  # fmt: skip
#: After these it may be hard to say who is who: a family sees one of them a day.
OF_IDENTITY = {"style", "style-and-uuid", "delete", "twin", "come-back"}
#: A board's dropdown takes 500 labels, so styles that are corrected become one of these.
CORRECTED_STYLES = 60
#: What is looked at to pick a row.
PICKED = ("rowid", NAME, "AAG ORDER NUMBER", "CUSTOMER NAME", "CUSTOMER STYLE", "CUSTOMER COLOUR DESCRIPTION", "TOTAL QTY")
BROKEN_ROWS = 2
BROKEN, MENDED = "much", "12.50"


def key(row):
    return row["AAG ORDER NUMBER"], row["CUSTOMER NAME"], row["CUSTOMER STYLE"], row["CUSTOMER COLOUR DESCRIPTION"]


def family(row):
    return key(row)[:2]


class Season:
    def __init__(self, source, rng, orders, is_wild):
        self.source, self.rng, self.orders, self.is_wild = source, rng, orders, is_wild
        self._names = 0
        #: The rows that were deleted, by name, as they last were.
        self._deleted = {}

    def rows(self):
        """All rows as dictionaries, each with its name."""

        def read(connection):
            connection.execute(f"CREATE INDEX IF NOT EXISTS simulation_names ON ORDERS_UNIFIED ({quoted(NAME)})")
            self._name(connection)
            return [row | {"name": row[NAME]} for row in self._select(connection, "*")]

        return self._edit(read)

    def reload(self, seed):
        self._edit(lambda connection: SourceTable(connection, "ORDERS_UNIFIED", seed).reload())

    def change(self, seed, will_reload):
        """A busy day; when all is loaded anew in its evening, one that a reader of the rules can still follow."""
        self._touched = set()
        self._edit(lambda connection: self._change(SourceTable(connection, "ORDERS_UNIFIED", seed), connection, will_reload))

    @property
    def deleted(self):
        """The rows that are gone, as they last were."""
        return self._deleted.values()

    # --- changes ---

    def _change(self, table, connection, will_reload):
        connection.execute("UPDATE ORDERS_UNIFIED SET [CUSTOMER PRICE] = ? WHERE [CUSTOMER PRICE] = ?", (MENDED, BROKEN))
        kinds = list(CHANGES)
        self.rng.shuffle(kinds)
        for kind in kinds:
            share = CHANGES[kind] * self.orders / 1000
            for _ in range(int(share) + (self.rng.random() < share % 1)):
                self._apply(kind, table, connection, will_reload)
        self._break(connection)

    def _apply(self, kind, table, connection, will_reload):
        if kind == "add":
            return self._add(table, connection)
        if kind == "come-back":
            return self._come_back(connection)
        row = self._pick(connection, kind, will_reload)
        if row is None:
            return None
        if kind in OF_IDENTITY:
            self._touched.add(family(row))
        if kind == "delete":
            self._deleted[row[NAME]] = self._select(connection, "*", "WHERE rowid = ?", row["rowid"])[0]
        if kind in ("style", "style-and-uuid"):
            style = f"CORRECTED{self.rng.randrange(CORRECTED_STYLES):02}"
            connection.execute("UPDATE ORDERS_UNIFIED SET [CUSTOMER STYLE] = ? WHERE rowid = ?", (style, row["rowid"]))
            if kind == "style-and-uuid":
                connection.execute("UPDATE ORDERS_UNIFIED SET record_uuid = ? WHERE rowid = ?", (self._uuid(), row["rowid"]))
            return None
        table.change(kind, 1, among={row["rowid"]})
        if kind == "twin":
            self._name(connection)
        return None

    def _add(self, table, connection):
        """A new order under a number that no order ever had."""
        table.change("add", 1)
        self._names += 1
        connection.execute(
            "UPDATE ORDERS_UNIFIED SET [AAG ORDER NUMBER] = ? WHERE rowid = (SELECT max(rowid) FROM ORDERS_UNIFIED)",
            (f"ADDED-{self._names:06}",),
        )
        self._name(connection)

    def _come_back(self, connection):
        """A row that was deleted some days ago stands there again, under its uuid of then or another one."""
        names = [name for name, row in self._deleted.items() if family(row) not in self._touched]
        if not names:
            return
        row = self._deleted.pop(self.rng.choice(names))
        if self.rng.random() < 0.5:
            row["record_uuid"] = self._uuid()
        self._touched.add(family(row))
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO ORDERS_UNIFIED ({', '.join(map(quoted, row))}) VALUES ({marks})", list(row.values()))

    def _pick(self, connection, kind, will_reload):
        rows = self._select(connection, ", ".join(map(quoted, PICKED)))
        if not self.is_wild:
            rows = self._tellable(rows, kind, will_reload)
        if kind in ("quantity", "size-gone", "size-new"):
            rows = [row for row in rows if (row["TOTAL QTY"] or 0) > 0]
        return self.rng.choice(rows) if rows else None

    def _tellable(self, rows, kind, will_reload):
        """Those of which the rules tell who they are, whatever is done to them."""
        all_rows = [*rows, *self._deleted.values()]
        keys = Counter(map(key, all_rows))
        gone = {family(row) for row in self._deleted.values()}
        if kind in OF_IDENTITY:
            rows = [row for row in rows if family(row) not in self._touched]
        if kind == "twin":
            return [] if will_reload else [row for row in rows if family(row) not in gone]
        if kind == "broken" or (will_reload and kind != "delete"):
            rows = [row for row in rows if keys[key(row)] == 1 and family(row) not in self._touched]
        return rows

    def _break(self, connection):
        for _ in range(BROKEN_ROWS):
            if row := self._pick(connection, "broken", True):
                connection.execute("UPDATE ORDERS_UNIFIED SET [CUSTOMER PRICE] = ? WHERE rowid = ?", (BROKEN, row["rowid"]))

    # --- rows ---

    def _uuid(self):
        digits = f"{self.rng.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def _edit(self, body):
        with closing(sqlite3.connect(self.source, timeout=30)) as connection, connection:
            return body(connection)

    @staticmethod
    def _select(connection, columns, condition="", *values):
        cursor = connection.execute(f"SELECT {columns} FROM ORDERS_UNIFIED {condition}", values)
        names = [name for name, *_ in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def _name(self, connection):
        """Names the rows that have no name, or bear that of the row they are a copy of."""
        copies = connection.execute(
            f"SELECT rowid FROM ORDERS_UNIFIED AS one WHERE {quoted(NAME)} IS NULL OR {quoted(NAME)} NOT LIKE 'sim-%' OR EXISTS "
            f"(SELECT 1 FROM ORDERS_UNIFIED AS other WHERE other.{quoted(NAME)} = one.{quoted(NAME)} AND other.rowid < one.rowid)"
        ).fetchall()
        for (row,) in copies:
            self._names += 1
            connection.execute(f"UPDATE ORDERS_UNIFIED SET {quoted(NAME)} = ? WHERE rowid = ?", (f"sim-{self._names:06}", row))
