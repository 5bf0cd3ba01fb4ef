"""Writes rows as a SQLite table, as CSV, or as NDJSON."""

import csv
import json
import sqlite3
from contextlib import closing

from .layout import create_table, quoted

BUSY_SECONDS = 60


def to_sqlite(path, table, layout, rows):
    """Creates the table anew and fills it in one transaction; a reader sees the old rows or the new ones."""
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"DROP TABLE IF EXISTS {quoted(table)}")
        connection.execute(_one_statement(create_table(table)))
        marks = ", ".join("?" * len(layout.names))
        names = ", ".join(quoted(name) for name in layout.names)
        connection.executemany(f"INSERT INTO {quoted(table)} ({names}) VALUES ({marks})", rows)
        connection.execute("COMMIT")


def to_csv(file, layout, rows):
    writer = csv.writer(file)
    writer.writerow(layout.names)
    writer.writerows(rows)


def to_ndjson(file, layout, rows):
    """Nulls are left out of a row, as most programs write them."""
    for row in rows:
        shown = {name: value for name, value in zip(layout.names, row, strict=True) if value is not None}
        file.write(json.dumps(shown, ensure_ascii=False) + "\n")


def _one_statement(script):
    return "\n".join(line for line in script.splitlines() if not line.startswith("--")).strip().rstrip(";")
