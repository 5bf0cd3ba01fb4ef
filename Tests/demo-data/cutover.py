#!/usr/bin/env python3
"""Makes the world before ordersync: a board full of items without order keys, and production rows without them.

The items are those that the predecessor would have made of the rows of ORDERS_UNIFIED in a database: canonical customer names,
prices with a dollar sign lost, texts trimmed. FILE gets the board in the shape that the sandbox loads; the database's own
MON_ tables, which must be there and are emptied first, get the rows.

Beside them, for a cutover to find its way around: items that differ here and there, orders whose item is missing, items that
people made by hand, and orders whose item was made twice over, alike in everything.
"""

import argparse
import json
import os
import random
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import yaml
from demo import layout

PROJECT = Path(__file__).resolve().parents[2]
BOARD = PROJECT / "Tests" / "monday-sandbox" / "boards" / "customer-master-schedule.yaml"
FIRST_ITEM = 9_420_000_001
FIRST_SUBITEM = 9_520_000_001


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("board", metavar="FILE", help="file to write the board to, as JSON")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--sqlite", metavar="FILE", help="SQLite file with ORDERS_UNIFIED and the MON_ tables")
    where.add_argument("--server", action="store_true", help="T-SQL database by the ODBC connection string in ORDERSYNC_TEST_SQLSERVER")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--drifted", type=int, default=0, metavar="N", help="items with a field or two that people changed")
    parser.add_argument("--missing", type=int, default=0, metavar="N", help="orders without an item")
    parser.add_argument("--doubled", type=int, default=0, metavar="N", help="orders with two items alike in everything")
    parser.add_argument("--by-hand", type=int, default=0, metavar="N", help="items that no order explains")
    options = parser.parse_args()
    if options.server and not os.environ.get("ORDERSYNC_TEST_SQLSERVER"):
        parser.error("--server needs ORDERSYNC_TEST_SQLSERVER")
    return options


class FieldMap:
    """What of the field map the predecessor had in common with ordersync."""

    def __init__(self):
        text = yaml.safe_load((PROJECT / "systemd" / "fieldmap.yaml").read_text())
        self.fields = [
            (f["source"], f["staging"].get("column", f["source"]), f["monday"]["column"], f["monday"]["type"], f.get("values", {}))
            for f in text["fields"]
        ]
        self.title = text["title"]
        self.canonical = {}
        for name, aliases in text["customers"].items():
            for alias in [name, *aliases]:
                self.canonical[alias.upper()] = name
        sizes = text["subitems"]
        self.size, self.quantity, self.prefix = sizes["size"]["column"], sizes["quantity"]["column"], sizes["name_prefix"]

    def values(self, row):
        """What the predecessor wrote of a row: board column → (type, text), production column → text."""
        board, production = {}, {}
        for source, staging, column, kind, replaced in self.fields:
            text = str(row[source]).strip() if row[source] is not None else ""
            if source == "CUSTOMER NAME":
                text = self.canonical.get(text.upper(), text)
            text = {key.upper(): value for key, value in replaced.items()}.get(text.upper(), text)
            if kind == "numbers":
                text = _number(text)
            elif kind == "date":
                text = text[:10]
            if text:
                board[column] = (kind, text)
                production[staging] = text
        return board, production

    def name(self, row):
        return " ".join(str(row[part]).strip() for part in self.title if row[part] is not None and str(row[part]).strip())


def _number(text):
    """The predecessor parsed plain floats only, and lost the rest."""
    if text.upper() == "TRUE":
        return "0"
    try:
        return f"{float(text):g}"
    except ValueError:
        return ""


def _written(kind, text):
    """A value in the form in which the board takes it."""
    if kind == "dropdown":
        return {"labels": [text]}
    if kind == "status":
        return {"label": text}
    if kind == "date":
        return {"date": text}
    if kind == "long_text":
        return {"text": text}
    return text


class World:
    def __init__(self, options, fields, sizes):
        self.random = random.Random(f"cutover:{options.seed}")
        self.fields = fields
        self.sizes = sizes
        self.items, self.orders, self.subitems = [], [], []
        self.groups = {}

    def group(self, row):
        season = next((s for s in (row["CUSTOMER SEASON"], row["AAG SEASON"]) if s and s.strip().lower() not in ("nan", "none", "null")), "")
        title = f"{(row['CUSTOMER NAME'] or '').strip().upper()} {season.strip() or 'UNKNOWN_SEASON'}"
        return self.groups.setdefault(title, f"group_mk{len(self.groups):04}"), title

    def add(self, row, drift=False):
        board, production = self.fields.values(row)
        if drift:
            board.pop(self.random.choice(["long_text_mkr5hass", "text_mkr5kbc6", "numeric_mkr5nhr7"]), None)
            board["text_mkrh94rx"] = ("text", "BY A PERSON")
        item = FIRST_ITEM + len(self.items)
        group, title = self.group(row)
        subitems = []
        for size in self.sizes:
            if (row[size] or 0) <= 0:
                continue
            subitem = FIRST_SUBITEM + len(self.subitems)
            values = {self.fields.size: {"labels": [size]}, self.fields.quantity: str(row[size])}
            subitems.append({"id": subitem, "name": self.fields.prefix + size, "values": values})
            self.subitems.append((str(item), str(subitem), size, str(row[size])))
        name = self.fields.name(row)
        values = {column: _written(*value) for column, value in board.items()}
        self.items.append({"id": item, "name": name, "group": group, "values": values, "subitems": subitems})
        self.orders.append({"Title": name, "Group": title, "Item ID": item, **production})

    def by_hand(self, number):
        title, group = next(iter(self.groups.items()))
        item = FIRST_ITEM + len(self.items)
        self.items.append({"id": item, "name": f"Made by hand {number}", "group": group, "values": {}, "subitems": []})


def main():
    options = arguments()
    columns = layout.read()
    fields = FieldMap()
    world = World(options, fields, columns.sizes)
    driver, place = _database(options)
    try:
        with closing(driver.connect(place)) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT * FROM ORDERS_UNIFIED")
            names = [column[0] for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            rows.sort(key=lambda row: row["record_uuid"])
            keys = ("AAG ORDER NUMBER", "CUSTOMER NAME", "CUSTOMER STYLE", "CUSTOMER COLOUR DESCRIPTION")
            # The predecessor passed over rows with a null key.
            rows = [row for row in rows if all(row[key] and row[key].strip() for key in keys)]
            special = world.random.sample(range(len(rows)), options.drifted + options.missing + options.doubled)
            drifted = set(special[: options.drifted])
            missing = set(special[options.drifted : options.drifted + options.missing])
            doubled = set(special[options.drifted + options.missing :])
            for n, row in enumerate(rows):
                if n in missing:
                    continue
                world.add(row, drift=n in drifted)
                if n in doubled:
                    world.add(row)
            for n in range(options.by_hand):
                world.by_hand(n)
            _fill(cursor, world)
            connection.commit()
            for table, made in (("MON_CustMasterSchedule", world.orders), ("MON_CustMasterSchedule_Subitems", world.subitems)):
                stored = cursor.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
                if stored != len(made):
                    sys.exit(f"cutover.py: of {len(made)} rows of {table}, {stored} were stored")
    except driver.Error as error:
        sys.exit(f"cutover.py: {error}")
    boards = yaml.safe_load(BOARD.read_text())
    boards["boards"][0]["groups"] += [{"id": i, "title": title} for title, i in world.groups.items()]
    boards["boards"][0]["items"] = world.items
    Path(options.board).write_text(json.dumps(boards, ensure_ascii=False))
    print(json.dumps({"rows": len(rows), "items": len(world.items), "subitems": len(world.subitems)}))


def _database(options):
    """The driver, and what it connects to."""
    if options.sqlite:
        return sqlite3, options.sqlite
    import pyodbc

    return pyodbc, os.environ["ORDERSYNC_TEST_SQLSERVER"]


def _fill(cursor, world):
    cursor.execute("DELETE FROM MON_CustMasterSchedule")
    cursor.execute("DELETE FROM MON_CustMasterSchedule_Subitems")
    cursor.execute("SELECT * FROM MON_CustMasterSchedule WHERE 1 = 0")
    present = {column[0] for column in cursor.description}
    for order in world.orders:
        order = {name: value for name, value in order.items() if name in present}
        names = ", ".join(layout.quoted(name) for name in order)
        cursor.execute(f"INSERT INTO MON_CustMasterSchedule ({names}) VALUES ({', '.join('?' * len(order))})", list(order.values()))
    cursor.executemany(
        'INSERT INTO MON_CustMasterSchedule_Subitems (parent_item_id, subitem_id, "Size", "Order Qty", subitem_board_id)'
        " VALUES (?, ?, ?, ?, '9200771505')",
        world.subitems,
    )


if __name__ == "__main__":
    main()
