"""The plain way to find changed rows: reads the columns over ODBC, hashes each row, and compares with the hash seen last.

    hash_rows.py CONNECTION TABLE COLUMNS_FILE ROWS

COLUMNS_FILE names a column a line. Prints the seconds that reading, hashing and comparing took.
"""

import hashlib
import sys
import time

import pyodbc


def main():
    connection, table, path, count = *sys.argv[1:4], int(sys.argv[4])
    with open(path, encoding="utf-8") as file:
        columns = ", ".join(f'"{name}"' for name in file.read().splitlines())
    seen = {}
    started = time.perf_counter()
    # An attribute of the environment that SQLite's driver lacks.
    pyodbc.pooling = False
    cursor = pyodbc.connect(connection, autocommit=True).cursor()
    cursor.execute(f'SELECT "record_uuid", {columns} FROM "{table}" LIMIT {count}')
    changed = 0
    while rows := cursor.fetchmany(500):
        for row in rows:
            text = "\x1f".join("" if value is None else str(value) for value in row)
            digest = hashlib.sha256(text.encode()).digest()
            changed += seen.get(row[0]) != digest
            seen[row[0]] = digest
    print(time.perf_counter() - started)
    if changed != count:
        sys.exit(f"hash_rows.py: {changed} rows instead of {count}")


if __name__ == "__main__":
    main()
