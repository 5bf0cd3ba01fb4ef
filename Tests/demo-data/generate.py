#!/usr/bin/env python3
"""Makes ORDERS_UNIFIED rows for the demo and the tests, or changes a table that was made before.

    generate.py --sqlite warehouse.db                        the known orders and a hundred others
    generate.py --sqlite warehouse.db --rows 100000          that many rows in all
    generate.py --csv - --rows 500 --bad                     CSV on standard output, bad rows too
    generate.py --server                                     into a T-SQL server (connection in ORDERSYNC_TEST_SQLSERVER)
    generate.py --sqlite warehouse.db --reload               every row under a new uuid
    generate.py --sqlite warehouse.db --change price=3 --change delete=1 --po 4755
"""

import argparse
import itertools
import json
import os
import random
import sqlite3
import sys
from contextlib import closing

from demo import bad, bulk, known, layout, output
from demo.change import KINDS, SourceTable
from demo.order import OrderMaker

OTHERS = 100


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--sqlite", metavar="FILE", help="SQLite file that holds the table")
    target.add_argument(
        "--server", action="store_true", help="T-SQL server by the ODBC connection string in ORDERSYNC_TEST_SQLSERVER; needs pyodbc"
    )
    target.add_argument("--csv", metavar="FILE", help="CSV file, - for standard output")
    target.add_argument("--ndjson", metavar="FILE", help="NDJSON file, - for standard output")
    parser.add_argument("--table", default="ORDERS_UNIFIED")
    parser.add_argument("--seed", default="1", help="the same seed gives the same rows")
    parser.add_argument("--rows", type=int, help=f"rows in all; without it the known ones and {OTHERS} others")
    parser.add_argument("--no-known", action="store_true", help="leave out the orders that are known one by one")
    parser.add_argument("--sizes", type=int, help="exactly this many sizes in every other order")
    parser.add_argument("--customers", type=int, help="this many customers in the other orders")
    parser.add_argument("--twins", type=float, default=0.0, help="share of other orders that repeat a business key")
    parser.add_argument("--bad", action="store_true", help="add a row for each kind of bad input (PO BAD-1)")
    parser.add_argument("--duplicate-uuid", action="store_true", help="give the last two rows the same uuid")
    parser.add_argument("--reload", action="store_true", help="rewrite an existing table under new uuids")
    parser.add_argument("--change", action="append", default=[], metavar="KIND[=N]", help=f"change rows: {', '.join(KINDS)}")
    parser.add_argument("--customer", help="change only rows of this customer")
    parser.add_argument("--po", help="change only rows of this PO")
    options = parser.parse_args()
    if (options.reload or options.change) and not options.sqlite:
        parser.error("--reload and --change need --sqlite")
    if options.server and not os.environ.get("ORDERSYNC_TEST_SQLSERVER"):
        parser.error("--server needs ORDERSYNC_TEST_SQLSERVER")
    for change in options.change:
        kind, _, count = change.partition("=")
        if kind not in KINDS or not (count or "1").isdigit():
            parser.error(f"--change {change}: KIND is one of {', '.join(KINDS)}, N a number")
    return options


def make_rows(options, columns):
    maker = OrderMaker(columns, random.Random(f"rows:{options.seed}"))
    first = [] if options.no_known else known.rows(maker)
    if options.bad:
        first += bad.rows(maker)
    others = OTHERS if options.rows is None else max(0, options.rows - len(first))
    rows = itertools.chain(first, bulk.rows(maker, others, options.sizes, options.customers, options.twins))
    if options.rows is not None:
        rows = itertools.islice(rows, options.rows)
    if options.duplicate_uuid:
        rows = list(rows)
        rows[-1][columns.index["record_uuid"]] = rows[-2][columns.index["record_uuid"]]
    return rows


def change_table(options):
    with closing(sqlite3.connect(options.sqlite, timeout=output.BUSY_SECONDS, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        source = SourceTable(connection, options.table, options.seed, options.customer, options.po)
        reported = []
        for change in options.change:
            kind, _, count = change.partition("=")
            reported += source.change(kind, int(count or 1))
        if options.reload:
            reported.append({"change": "reload", "rows": source.reload()})
        connection.execute("COMMIT")
    for entry in reported:
        print(json.dumps(entry, ensure_ascii=False))


def write_rows(options):
    columns = layout.read()
    rows = make_rows(options, columns)
    if options.sqlite:
        output.to_sqlite(options.sqlite, options.table, columns, rows)
        return
    if options.server:
        output.to_server(os.environ["ORDERSYNC_TEST_SQLSERVER"], options.table, columns, rows)
        return
    write = output.to_csv if options.csv else output.to_ndjson
    path = options.csv or options.ndjson
    if path == "-":
        write(sys.stdout, columns, rows)
    else:
        with open(path, "w", newline="", encoding="utf-8") as file:
            write(file, columns, rows)


def main():
    options = arguments()
    try:
        if options.reload or options.change:
            change_table(options)
        else:
            write_rows(options)
    except (OSError, sqlite3.Error) as error:
        sys.exit(f"generate.py: {error}")


if __name__ == "__main__":
    main()
