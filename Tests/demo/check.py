#!/usr/bin/env python3
"""Compares what the demo left behind with its source: prints the counts at each stage, and fails on any mismatch.

Reads the source table, the board, the production tables and the programs' answers by other ways than the programs do.
"""

import argparse
import json
import re
import sqlite3
import sys
import urllib.request
from collections import Counter
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
NULL_WORDS = {"", "null", "none", "nan"}
#: What PO 4755 is known to hold.
ORDERS, SIZES, GROUP = 69, 264, "GREYSON CLOTHIERS 2025 FALL"
DRAINED = f"{ORDERS} orders done, 0 died, 0 left"
FIRST_RUN = {"new": ORDERS, "changed": 0, "unchanged": 0, "gone": 0, "rejected": 0, "enqueued": ORDERS}
SECOND_RUN = {"new": 0, "changed": 0, "unchanged": ORDERS, "gone": 0, "rejected": 0, "enqueued": 0}
BATCH_TIMES = (
    "start_time",
    "staging_load_completed",
    "items_creation_completed",
    "subitems_creation_completed",
    "promotion_completed",
    "cleanup_completed",
    "end_time",
)


class Comparison:
    def __init__(self):
        self.wrong = []

    def same(self, what, found, expected):
        if found == expected:
            return
        if isinstance(found, Counter):
            extra, missing = list((found - expected).elements()), list((expected - found).elements())
            self.wrong.append(f"{what}: {len(extra)} too many {extra[:3]}, {len(missing)} missing {missing[:3]}")
        else:
            self.wrong.append(f"{what}: {found!r}, not {expected!r}"[:400])


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="the demo's folder")
    parser.add_argument("--board", required=True, help="address of the sandbox")
    parser.add_argument("--customer", required=True)
    parser.add_argument("--po", required=True)
    return parser.parse_args()


def rows(database, sql, *values):
    return [dict(row) for row in database.execute(sql, values)]


def size_labels(database):
    columns = [(name, kind) for _, name, kind, *_ in database.execute('PRAGMA table_info("ORDERS_UNIFIED")')]
    names = [name for name, _ in columns]
    block = columns[names.index("UNIT OF MEASURE") + 1 : names.index("TOTAL QTY")]
    return [name for name, kind in block if kind == "INT"]


def counts(summary):
    """The counts in what ordersync-enqueue says."""
    found = {word: int(count.replace(",", "")) for word, count in re.findall(r"^  (\w+) +([\d,]+)$", summary, re.MULTILINE)}
    return found | {"enqueued": int(re.search(r"^([\d,]+) jobs? enqueued", summary, re.MULTILINE)[1].replace(",", ""))}


def title(order):
    parts = (order["CUSTOMER STYLE"], order["CUSTOMER COLOUR DESCRIPTION"], order["AAG ORDER NUMBER"])
    return " ".join(part.strip() for part in parts if part and part.strip())


def number(text):
    text = str(text).strip().lower()
    if text in NULL_WORDS:
        return None
    return 0.0 if text == "true" else float(text.strip("$%").replace(",", ""))


def is_number(field):
    """Whether the field holds a number, which may be spelt in many ways."""
    return field.get("rule") == "number" or field["monday"]["type"] == "numbers" or field["staging"]["type"] == "float"


def expected_cell(field, value):
    """What a column of the board must show for a source value; labels are compared by their text."""
    text = "" if value is None else str(value).strip()
    if is_number(field):
        return number(text)
    if field["monday"]["type"] != "long_text":
        text = " ".join(text.split())
    if field.get("rule") == "season" and text.lower() in NULL_WORDS:
        return ""
    return {str(k).lower(): v for k, v in (field.get("values") or {}).items()}.get(text.lower(), text)


def compare_cells(check, field_map, orders, items):
    """Each mapped value of each order, in any order of items of one title."""
    fields = [f for f in field_map["fields"] if f.get("monday") and f.get("rule") != "customer"]
    for field in fields:
        column = field["monday"]["column"]
        numeric = is_number(field)
        wanted = Counter((title(o), expected_cell(field, o[field["source"]])) for o in orders)
        found = Counter(
            (i["name"], number(i["columns"].get(column) or "") if numeric else i["columns"].get(column) or "") for i in items
        )
        for missing in list((wanted - found).keys())[:3]:
            check.same(f"{field['source']} of {missing[0]}", [v for t, v in found if t == missing[0]], missing[1])


def main():
    options = arguments()
    check = Comparison()
    database = sqlite3.connect(options.folder / "warehouse.db")
    database.row_factory = sqlite3.Row
    field_map = yaml.safe_load((ROOT / "systemd" / "fieldmap.yaml").read_text())
    with urllib.request.urlopen(f"{options.board}/_sandbox/state") as answer:
        boards = json.load(answer)["boards"]
    board = next(b for b in boards if b["type"] == "board")
    first, second = (counts((options.folder / f"{name}.txt").read_text()) for name in ("first", "second"))
    drained = (options.folder / "drain.txt").read_text().strip()

    orders = rows(
        database, 'SELECT * FROM "ORDERS_UNIFIED" WHERE "CUSTOMER NAME" = ? AND "PO NUMBER" = ?', options.customer, options.po
    )
    labels = size_labels(database)
    sizes = [(title(o), label, o[label]) for o in orders for label in labels if (o[label] or 0) > 0]
    groups = [g for g in board["groups"] if g["items"]]
    items = [i for g in groups for i in g["items"] if i["state"] == "active"]
    subitem = field_map["subitems"]
    made = [
        (i["name"], s["columns"].get(subitem["size"]["column"]), int(float(s["columns"][subitem["quantity"]["column"]])))
        for i in items
        for s in i["subitems"]
    ]
    staged = rows(database, 'SELECT stg_status, count(*) AS n FROM "STG_MON_CustMasterSchedule" GROUP BY 1')
    staged_sizes = rows(database, 'SELECT stg_status, count(*) AS n FROM "STG_MON_CustMasterSchedule_Subitems" GROUP BY 1')
    promoted = rows(database, 'SELECT * FROM "MON_CustMasterSchedule"')
    promoted_sizes = rows(database, 'SELECT * FROM "MON_CustMasterSchedule_Subitems"')
    batches = rows(database, 'SELECT * FROM "MON_BatchProcessing"')

    table = [
        ("in the source", f"{len(orders)} orders", f"{len(sizes)} sizes above zero"),
        ("enqueued", f"{first['enqueued']} jobs", ""),
        ("staged", f"{sum(r['n'] for r in staged)} orders", f"{sum(r['n'] for r in staged_sizes)} sizes"),
        ("created", f"{len(items)} items", f"{len(made)} subitems"),
        ("promoted", f"{len(promoted)} orders", f"{len(promoted_sizes)} sizes"),
        ("second run", f"{second['new']} new", ""),
    ]
    for stage, orders_there, rest in table:
        print(f"  {stage:<14} {orders_there:>11}   {rest}".rstrip())
    print("\nGroups: " + ", ".join(f"{g['title']} ({len(g['items'])} items)" for g in groups))
    print(f"Board:  {options.board}/")

    check.same("orders in the source", len(orders), ORDERS)
    check.same("sizes in the source", len(sizes), SIZES)
    check.same("the first run", first, FIRST_RUN)
    check.same("the drain", drained, DRAINED)
    check.same("groups with items", [g["title"] for g in groups], [GROUP])
    check.same("items", Counter(i["name"] for i in items), Counter(map(title, orders)))
    check.same("subitems", Counter(made), Counter(sizes))
    compare_cells(check, field_map, orders, items)
    check.same("staged orders", {r["stg_status"]: r["n"] for r in staged}, {"PROMOTED": ORDERS})
    check.same("staged sizes", {r["stg_status"]: r["n"] for r in staged_sizes}, {"PROMOTED": SIZES})
    check.same("promoted items", Counter(str(r["Item ID"]) for r in promoted), Counter(i["id"] for i in items))
    made_ids = Counter(s["id"] for i in items for s in i["subitems"])
    check.same("promoted subitems", Counter(str(r["subitem_id"]) for r in promoted_sizes), made_ids)
    check.same("POs promoted", {str(r["PO NUMBER"]) for r in promoted}, {options.po})
    ranges = [Counter((r["AAG ORDER NUMBER"], r["RANGE / COLLECTION"]) for r in table) for table in (promoted, orders)]
    check.same("RANGE / COLLECTION", *ranges)
    check.same("error rows", rows(database, 'SELECT count(*) AS n FROM "ERR_MON_CustMasterSchedule"'), [{"n": 0}])
    outcomes = [(b["status"], b["successful_records"], b["failed_records"]) for b in batches]
    check.same("batches", outcomes, [("COMPLETED", ORDERS, 0)])
    for batch in batches:
        check.same("times not set in the batch", [t for t in BATCH_TIMES if not batch[t]], [])
    check.same("the second run", second, SECOND_RUN)

    for mistake in check.wrong:
        print(f"WRONG  {mistake}", file=sys.stderr)
    sys.exit(1 if check.wrong else 0)


if __name__ == "__main__":
    main()
