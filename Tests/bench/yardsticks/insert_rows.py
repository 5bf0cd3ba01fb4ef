"""Inserts the rows of a staging table into another file by sqlite3's executemany, and prints the seconds that took.

    insert_rows.py FROM_FILE TO_FILE TABLE ROWS_A_COMMIT

TO_FILE gets the table with its indexes, and its settings: a rollback journal, every commit on the disk.
"""

import sqlite3
import sys
import time


def main():
    source, target, table, rows_a_commit = *sys.argv[1:4], int(sys.argv[4])
    with sqlite3.connect(source) as connection:
        schema = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND sql NOT NULL", [table])]
        columns = [name for _, name, _, _, _, isKey in connection.execute(f'PRAGMA table_info("{table}")') if not isKey]
        names = ", ".join(f'"{name}"' for name in columns)
        rows = connection.execute(f'SELECT {names} FROM "{table}" ORDER BY rowid').fetchall()
    with sqlite3.connect(target, isolation_level=None) as connection:
        for statement in schema:
            connection.execute(statement)
        insert = f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})'
        started = time.perf_counter()
        for start in range(0, len(rows), rows_a_commit):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(insert, rows[start : start + rows_a_commit])
            connection.execute("COMMIT")
        print(time.perf_counter() - started)


if __name__ == "__main__":
    main()
