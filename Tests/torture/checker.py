"""Compares source, board, production tables and journal, reading each by other ways than the programs do.

Orders are compared as a multiset of all their cells and sizes, so a missing one, a second one and a wrong value each show,
whatever the programs believe of who is who.
"""

import re
import sqlite3
import sys
from collections import Counter
from contextlib import closing

import yaml
from installation import KEY_COLUMN, ROOT, TESTS

sys.path.insert(0, str(TESTS / "demo"))
import check as demo  # noqa: E402

NULL_WORDS = demo.NULL_WORDS
FINAL_JOBS = {"done", "superseded", "discarded"}


class Checker:
    def __init__(self, installation):
        self.installation = installation
        self.wrong = []
        self.figures = {}
        self.field_map = yaml.safe_load((ROOT / "systemd" / "fieldmap.yaml").read_text())
        self.fields = [f for f in self.field_map["fields"] if f.get("rule") != "customer"]
        aliases = self.field_map["customers"]
        self.canonical = {a.lower(): name for name, others in aliases.items() for a in [name, *(others or [])]}

    def run(self):
        self._read()
        self._check_board()
        self._check_identity()
        self._check_production()
        self._check_staging_and_batches()
        self._check_journal()
        return self.wrong

    # --- reading ---

    def _read(self):
        with closing(sqlite3.connect(self.installation.source)) as database:
            database.row_factory = sqlite3.Row
            self.labels = demo.size_labels(database)
            self.orders = [dict(row) for row in database.execute('SELECT * FROM "ORDERS_UNIFIED"')]
        state = self.installation.ask("state")
        self.counts = state["counts"]
        board = next(b for b in state["boards"] if b["type"] == "board")
        self.groups = [g for g in board["groups"] if not g["archived"] and not g["deleted"]]
        self.columns = board["columns"]
        self.items = []
        for group in self.groups:
            for item in group["items"]:
                if item["state"] == "active":
                    subitems = [s for s in item["subitems"] if s["state"] == "active"]
                    self.items.append(item | {"group": group["title"], "subitems": subitems})
        self.size = self.field_map["subitems"]["size"]["column"]
        self.quantity = self.field_map["subitems"]["quantity"]["column"]
        self.subitems = [(i, s) for i in self.items for s in i["subitems"]]

    def _sql(self, database, sql):
        return self.installation.query(database, sql)

    # --- the board ---

    def _check_board(self):
        self._same("cells and sizes on the board", Counter(map(self._on_board, self.items)), self._wanted())
        keys = Counter(i["columns"].get(KEY_COLUMN) for i in self.items)
        self._none("items without an order key", [i["name"] for i in self.items if not i["columns"].get(KEY_COLUMN)])
        self._none("order keys on more than one item", [k for k, n in keys.items() if n > 1])
        sizes = Counter((i["id"], s["columns"].get(self.size)) for i, s in self.subitems)
        self._none("sizes with more than one subitem under an item", [k for k, n in sizes.items() if n > 1])
        titles = Counter(g["title"] for g in self.groups)
        self._none("groups made twice", [t for t, n in titles.items() if n > 1])
        for column in self.columns:
            texts = Counter(column.get("labels") or [])
            self._none(f"labels made twice in {column['id']}", [t for t, n in texts.items() if n > 1])
        for count in ("key_with_other_body", "requests_that_shared_an_item", "bugs"):
            self._same(f"the sandbox's {count}", self.counts[count], 0)
        missing, extra = len(self.orders) - len(keys), len(self.items) - len(keys)
        self.figures |= {
            "orders": len(self.orders), "items": len(self.items), "subitems": len(self.subitems),
            "missing": missing, "duplicate": extra, "groups": len(self.groups),
        }  # fmt: skip

    def _wanted(self):
        """What each source row must look like on the board."""
        return Counter(
            (
                demo.title(order),
                self._group(order),
                self._customer(order),
                tuple(demo.expected_cell(f, order[f["source"]]) for f in self.fields if f.get("monday")),
                tuple(sorted((label, order[label]) for label in self.labels if (order[label] or 0) > 0)),
            )
            for order in self.orders
        )

    def _on_board(self, item):
        def cell(field):
            text = item["columns"].get(field["monday"]["column"]) or ""
            return demo.number(text) if demo.is_number(field) else text

        sizes = ((s["columns"].get(self.size), int(float(s["columns"].get(self.quantity) or 0))) for s in item["subitems"])
        return (
            item["name"],
            item["group"],
            item["columns"].get(self._customer_column) or "",
            tuple(cell(f) for f in self.fields if f.get("monday")),
            # A size that is gone keeps its subitem, with nothing left to make.
            tuple(sorted((size, quantity) for size, quantity in sizes if quantity)),
        )

    @property
    def _customer_column(self):
        return next(f for f in self.field_map["fields"] if f.get("rule") == "customer")["monday"]["column"]

    def _customer(self, order):
        name = " ".join((order["CUSTOMER NAME"] or "").split())
        return self.canonical.get(name.lower(), name)

    def _group(self, order):
        def season(column):
            text = (order[column] or "").strip()
            return "" if text.lower() in NULL_WORDS else text

        name = order["CUSTOMER NAME"].strip().upper()
        return f"{name} {season('CUSTOMER SEASON') or season('AAG SEASON') or 'UNKNOWN_SEASON'}"

    # --- who is who ---

    def _check_identity(self):
        """The ledger knows each source row by its uuid, and each item by its order key."""
        ledger = self._sql(self.installation.journal, "SELECT order_key, record_uuid, item_id FROM ledger")
        known = {row["record_uuid"].lower(): row for row in ledger if row["record_uuid"]}
        self._none("source rows that the ledger does not know", [
            o["AAG ORDER NUMBER"] for o in self.orders if o["record_uuid"].lower() not in known
        ])  # fmt: skip
        self._same(
            "items of the ledger",
            Counter((r["order_key"], str(r["item_id"])) for r in ledger),
            Counter((i["columns"].get(KEY_COLUMN), i["id"]) for i in self.items),
        )
        items = {i["columns"].get(KEY_COLUMN): i for i in self.items}
        for order in self.orders:
            row = known.get(order["record_uuid"].lower())
            if row and row["order_key"] in items and items[row["order_key"]]["name"] != demo.title(order):
                self.wrong.append(f"{demo.title(order)} is on the item {items[row['order_key']]['name']!r}")
        subitems = self._sql(
            self.installation.journal,
            "SELECT order_key, size, id, quantity FROM ledger_subitem",
        )
        self._same(
            "subitems of the ledger",
            Counter((r["order_key"], r["size"], str(r["id"]), r["quantity"]) for r in subitems),
            Counter(self._board_subitem(i, s) for i, s in self.subitems),
        )

    def _board_subitem(self, item, subitem):
        columns = subitem["columns"]
        quantity = int(float(columns.get(self.quantity) or 0))
        return item["columns"].get(KEY_COLUMN), columns.get(self.size), subitem["id"], quantity

    # --- the warehouse ---

    def _check_production(self):
        rows = self._sql(self.installation.warehouse, 'SELECT * FROM "MON_CustMasterSchedule"')
        self._same(
            "promoted orders",
            Counter((r["order_key"], str(r["Item ID"]), r["Title"], r["Group"]) for r in rows),
            Counter((i["columns"].get(KEY_COLUMN), i["id"], i["name"], i["group"]) for i in self.items),
        )
        stored = {name.lower(): name for name in (rows[0] if rows else {})}
        fields = [f for f in self.fields if self._staging(f).lower() in stored]
        self._same(
            "promoted values",
            Counter(tuple(self._plain(f, r[stored[self._staging(f).lower()]]) for f in fields) for r in rows),
            Counter(tuple(self._plain(f, demo.expected_cell(f, o[f["source"]])) for f in fields) for o in self.orders),
        )
        sizes = self._sql(self.installation.warehouse, 'SELECT * FROM "MON_CustMasterSchedule_Subitems"')
        self._same(
            "promoted sizes",
            Counter((r["order_key"], r["Size"], str(r["subitem_id"]), int(r["Order Qty"])) for r in sizes),
            Counter(self._board_subitem(i, s) for i, s in self.subitems),
        )
        self._same("parents of promoted sizes", Counter((r["order_key"], r["parent_item_id"]) for r in sizes), Counter(
            (i["columns"].get(KEY_COLUMN), i["id"]) for i, _ in self.subitems
        ))  # fmt: skip
        self.figures |= {"promoted": len(rows), "promoted sizes": len(sizes)}

    @staticmethod
    def _staging(field):
        return field["staging"].get("column") or field["source"]

    def _plain(self, field, value):
        if value is None or value == "":
            return None
        return round(float(value), 6) if demo.is_number(field) else str(value)

    def _check_staging_and_batches(self):
        batches = self._sql(self.installation.warehouse, 'SELECT * FROM "MON_BatchProcessing"')
        self._none("batches without an end", [b["batch_id"] for b in batches if not b["end_time"]])
        self._none("batches with an unfinished status", [
            b["status"] for b in batches if b["status"] not in ("COMPLETED", "COMPLETED_WITH_ERRORS", "NO_RECORDS", "FAILED")
        ])  # fmt: skip
        self._none("batches that count more than they hold", [
            b["batch_id"] for b in batches if (b["successful_records"] or 0) + (b["failed_records"] or 0) > (b["total_records"] or 0)
        ])  # fmt: skip
        known = self._sql(self.installation.journal, "SELECT id FROM batch")
        self._same("batch rows", {b["batch_id"].lower() for b in batches} - {b["id"].lower() for b in known}, set())
        for table in ("STG_MON_CustMasterSchedule", "STG_MON_CustMasterSchedule_Subitems"):
            found = self._sql(self.installation.warehouse, f'SELECT stg_status, count(*) AS n FROM "{table}" GROUP BY 1')
            self.figures[table.replace("MON_CustMasterSchedule", "")] = {r["stg_status"]: r["n"] for r in found}
        errors = self._sql(self.installation.warehouse, 'SELECT error_key, resolved_date FROM "ERR_MON_CustMasterSchedule"')
        errors += self._sql(self.installation.warehouse, 'SELECT error_key, resolved_date FROM "ERR_MON_CustMasterSchedule_Subitems"')
        self._none("error rows of orders that are done", [e["error_key"] for e in errors if not e["resolved_date"]])
        self.figures |= {"batches": len(batches), "error rows": len(errors)}

    # --- the journal ---

    def _check_journal(self):
        journal = self.installation.journal
        self._same("integrity of the journal", self._sql(journal, "PRAGMA integrity_check"), [{"integrity_check": "ok"}])
        self._none("broken references in the journal", self._sql(journal, "PRAGMA foreign_key_check"))
        self._none("jobs that are stuck", self._sql(
            journal, "SELECT id, order_key, state, stage, errors, last_code, last_message FROM job WHERE finished_ms IS NULL"
        ))  # fmt: skip
        self._none("effects without an outcome", self._sql(
            journal, "SELECT id, kind, state, sends FROM effect WHERE state <> 'settled' OR EXISTS "
            "(SELECT 1 FROM effect_target t WHERE t.effect_id = effect.id AND t.outcome IS NULL)"
        ))  # fmt: skip
        self._none("alarms", self._sql(journal, "SELECT kind, order_key, size, group_title, known_id, other_id FROM alarm"))
        self._none("open batches", self._sql(journal, "SELECT id FROM batch WHERE closed_ms IS NULL OR reported_ms IS NULL"))
        self._none("error rows that were not written", self._sql(
            journal, "SELECT error_key FROM error_row WHERE written_ms IS NULL OR resolved_ms IS NULL OR resolution_written_ms IS NULL"
        ))  # fmt: skip
        self._none("orders whose last snapshot is not on the board", self._sql(
            journal,
            "SELECT ledger.order_key FROM ledger LEFT JOIN synced ON synced.order_seq = ledger.seq"
            " LEFT JOIN snapshot ON snapshot.job_id = synced.job_id"
            " WHERE snapshot.fingerprint IS NOT ledger.fingerprint_enqueued",
        ))  # fmt: skip
        jobs = self._sql(journal, "SELECT state, count(*) AS n FROM job GROUP BY 1")
        effects = self._sql(journal, "SELECT outcome, doubted, count(*) AS n FROM effect_target GROUP BY 1, 2")
        self.figures |= {
            "stuck": sum(j["n"] for j in jobs if j["state"] not in FINAL_JOBS),
            "jobs": {j["state"]: j["n"] for j in jobs},
            "outcomes": {f"{e['outcome']}{' after doubt' if e['doubted'] else ''}": e["n"] for e in effects},
            "sent again": self._sql(journal, "SELECT count(*) AS n FROM effect WHERE sends > 1")[0]["n"],
            "faults": sum(n for name, n in self.counts.items() if name.startswith("fault ")),
            "requests": self.counts["requests"],
        }

    # --- what does not fit ---

    def _none(self, what, found):
        if found:
            self.wrong.append(f"{what}: {len(found)}, such as {found[:3]}")

    def _same(self, what, found, expected):
        if found == expected:
            return
        if isinstance(found, Counter):
            extra, missing = list((found - expected).elements()), list((expected - found).elements())
            self.wrong.append(f"{what}: {len(extra)} too many, {len(missing)} missing; {_difference(extra, missing)}")
        else:
            self.wrong.append(f"{what}: {found!r}, not {expected!r}"[:600])


def _difference(extra, missing):
    """The first pair that differs, cut to the parts that do."""
    if extra and missing and isinstance(extra[0], tuple):
        pair = next(((a, b) for a in extra for b in missing if a[0] == b[0]), None)
        if pair:
            parts = [(x, y) for x, y in zip(*pair, strict=True) if x != y]
            return f"{pair[0][0]!r}: found, wanted {[_inner(x, y) for x, y in parts]}"[:900]
    return re.sub(r"\s+", " ", f"found {extra[:2]}, wanted {missing[:2]}")[:900]


def _inner(found, wanted):
    """The members of two tuples that differ, else the two values."""
    if isinstance(found, tuple) and len(found) == len(wanted):
        return [(x, y) for x, y in zip(found, wanted, strict=True) if x != y]
    return found, wanted
