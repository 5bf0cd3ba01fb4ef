"""What happens to a source table between two runs: a reload, and changes of every kind."""

import random
import sqlite3

from .bulk import rows as bulk_rows
from .layout import quoted, read
from .order import OrderMaker

KINDS = (
    "price", "notes", "notes-cleared", "date", "season", "style", "style-and-uuid", "po", "cancel",
    "quantity", "size-gone", "size-new", "delete", "add", "twin",
)  # fmt: skip


class SourceTable:
    """An ORDERS_UNIFIED in SQLite that is changed in one transaction. Rows are picked by the seed."""

    def __init__(self, connection: sqlite3.Connection, table, seed, customer=None, po=None):
        self._connection = connection
        self._table = quoted(table)
        self._rng = random.Random(f"change:{seed}")
        self._layout = read()
        self._at = {name: n + 1 for n, name in enumerate(self._layout.names)}
        self._filter = {"CUSTOMER NAME": customer, "PO NUMBER": po}
        self._maker = OrderMaker(self._layout, self._rng)

    def reload(self):
        """Every row written anew, in another order, each under a new uuid: what a full load does."""
        rows = self._connection.execute(f"SELECT * FROM {self._table}").fetchall()
        self._rng.shuffle(rows)
        uuid = self._layout.index["record_uuid"]
        self._connection.execute(f"DELETE FROM {self._table}")
        fresh = []
        for row in rows:
            row = list(row)
            row[uuid] = self._maker.uuid()
            fresh.append(row)
        self._insert(fresh)
        return len(fresh)

    def change(self, kind, count, among=None):
        """Makes `count` changes of a kind, to rows of these rowids only when they are given; what was changed, old → new."""
        if kind == "add":
            return self._add(count)
        rows = self._connection.execute(f"SELECT rowid, * FROM {self._table}{self._where()}", self._values()).fetchall()
        if among is not None:
            rows = [row for row in rows if row[0] in among]
        if kind in ("quantity", "size-gone", "size-new"):
            rows = [row for row in rows if self._sizes(row)]
        picked = self._rng.sample(rows, min(count, len(rows)))
        return [self._apply(kind, row) for row in picked]

    def _apply(self, kind, row):
        if kind == "delete":
            self._connection.execute(f"DELETE FROM {self._table} WHERE rowid = ?", row[:1])
            return self._report(kind, row, {})
        if kind == "twin":
            copy = list(row[1:])
            size = self._rng.choice(self._sizes(row) or ["M"])
            copy[self._at["record_uuid"] - 1] = self._maker.uuid()
            copy[self._at[size] - 1] = 1000 + self._rng.randrange(1000)
            self._insert([copy])
            return self._report(kind, row, {size: copy[self._at[size] - 1]})
        new = self._new_values(kind, row)
        assignments = ", ".join(f"{quoted(name)} = ?" for name in new)
        self._connection.execute(f"UPDATE {self._table} SET {assignments} WHERE rowid = ?", [*new.values(), row[0]])
        return self._report(kind, row, new)

    def _new_values(self, kind, row):
        rng, old = self._rng, lambda name: row[self._at[name]]
        if kind == "price":
            return {"CUSTOMER PRICE": f"{10 + rng.random() * 40:.2f}", "FINAL FOB (USD)": f"${8 + rng.random() * 30:.2f}"}
        if kind == "notes":
            return {"NOTES": f"{old('NOTES') or ''} CHANGED {rng.randrange(10_000)}".strip()}
        if kind == "notes-cleared":
            return {"NOTES": None}
        if kind == "date":
            return {"EX FACTORY DATE": f"2026-0{1 + rng.randrange(9)}-1{rng.randrange(10)}"}
        if kind == "season":
            return {"CUSTOMER SEASON": f"SP{27 + rng.randrange(3)}"}
        if kind == "style":
            return {"CUSTOMER STYLE": f"{old('CUSTOMER STYLE')}X"}
        if kind == "style-and-uuid":
            return {"CUSTOMER STYLE": f"{old('CUSTOMER STYLE')}Y", "record_uuid": self._maker.uuid()}
        if kind == "po":
            return {"PO NUMBER": f"{old('PO NUMBER')}-R"}
        if kind == "cancel":
            return {"ORDER TYPE": "CANCELLED", "TOTAL QTY": 0} | dict.fromkeys(self._sizes(row), 0)
        sizes = {size: old(size) for size in self._sizes(row)}
        if kind == "quantity":
            changed = {rng.choice(list(sizes)): 500 + rng.randrange(500)}
        elif kind == "size-gone":
            changed = {rng.choice(list(sizes)): rng.choice([0, None])}
        elif kind == "size-new":
            changed = {rng.choice([s for s in self._layout.sizes if s not in sizes]): 1 + rng.randrange(99)}
        else:
            raise ValueError(f"unknown change: {kind} (one of {', '.join(KINDS)})")
        return changed | {"TOTAL QTY": sum(q or 0 for q in (sizes | changed).values())}

    def _add(self, count):
        at = self._layout.index
        taken = self._connection.execute(f"SELECT count(*) FROM {self._table}").fetchone()[0]
        fresh = list(bulk_rows(self._maker, count))
        for n, row in enumerate(fresh):
            row[at["AAG ORDER NUMBER"]] = f"NEW-{taken + n:06}"
            for name, wanted in self._filter.items():
                if wanted is not None:
                    row[at[name]] = wanted
        self._insert(fresh)
        return [{"change": "add", "order": row[at["AAG ORDER NUMBER"]], "uuid": row[at["record_uuid"]]} for row in fresh]

    def _insert(self, rows):
        marks = ", ".join("?" * len(self._layout.names))
        names = ", ".join(quoted(name) for name in self._layout.names)
        self._connection.executemany(f"INSERT INTO {self._table} ({names}) VALUES ({marks})", rows)

    def _sizes(self, row):
        found = ((size, row[self._at[size]]) for size in self._layout.sizes)
        return [size for size, quantity in found if isinstance(quantity, int) and quantity > 0]

    def _report(self, kind, row, new):
        return {
            "change": kind,
            "order": row[self._at["AAG ORDER NUMBER"]],
            "uuid": row[self._at["record_uuid"]],
            "old": {name: row[self._at[name]] for name in new},
            "new": new,
        }

    def _where(self):
        wanted = [f"{quoted(name)} = ?" for name, value in self._filter.items() if value is not None]
        return f" WHERE {' AND '.join(wanted)}" if wanted else ""

    def _values(self):
        return [value for value in self._filter.values() if value is not None]
