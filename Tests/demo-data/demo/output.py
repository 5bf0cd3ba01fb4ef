"""Writes rows as a SQLite table, to a T-SQL server, as CSV, or as NDJSON."""

import csv
import json
import sqlite3
from contextlib import closing

from .layout import SERVER_DDL, create_table, quoted

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


def to_server(connection_string, table, layout, rows):
    """Creates the table anew in the schema dbo of the connection's database, and fills it in one transaction."""
    import pyodbc

    name = f"[dbo].[{table.replace(']', ']]')}]"
    script = SERVER_DDL.read_text(encoding="utf-8").replace("[dbo].[ORDERS_UNIFIED]", name).rpartition("GO")[0]
    with closing(pyodbc.connect(connection_string, autocommit=True)) as connection:
        cursor = connection.cursor()
        cursor.execute(f"IF OBJECT_ID(N'{name}') IS NOT NULL DROP TABLE {name}")
        cursor.execute(script)
        connection.autocommit = False
        stored = 0
        for row in rows:
            # Only what is there: a driver that asks the server what a NULL is may lose the rows before it.
            given = [(column, value) for column, value in zip(layout.names, row, strict=True) if value is not None]
            names = ", ".join(f"[{column.replace(']', ']]')}]" for column, _ in given)
            marks = ", ".join("?" * len(given))
            cursor.execute(f"INSERT INTO {name} ({names}) VALUES ({marks})", [value for _, value in given])
            stored += 1
        connection.commit()
        found = cursor.execute(f"SELECT COUNT(*) FROM {name}").fetchval()
    if found != stored:
        raise OSError(f"of {stored} rows, {found} were stored")


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
