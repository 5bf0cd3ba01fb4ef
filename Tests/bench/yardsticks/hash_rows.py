"""The plain way to find changed rows: pandas reads the columns over ODBC, each row is hashed, and compared with the hash seen last.

    hash_rows.py CONNECTION TABLE COLUMNS_FILE ROWS

COLUMNS_FILE names a column a line. Prints the seconds that reading, hashing and comparing took.
"""

import hashlib
import sys
import time
import warnings

import pandas
import pyodbc

#: Rows at a time: all at once would take gigabytes, and be no faster.
PORTION = 5_000


def digest(row):
    """Row by row is how people do it, and faster than joining columns of text."""
    return hashlib.sha256("\x1f".join(map(str, row)).encode()).digest()


def main():
    connection, table, path, count = *sys.argv[1:4], int(sys.argv[4])
    with open(path, encoding="utf-8") as file:
        columns = ", ".join(f'"{name}"' for name in file.read().splitlines())
    # pandas says that it was tested with SQLAlchemy only; people use it like this all the same.
    warnings.filterwarnings("ignore", category=UserWarning)
    # An attribute of the environment that SQLite's driver lacks.
    pyodbc.pooling = False
    seen = {}
    changed = 0
    started = time.perf_counter()
    source = pyodbc.connect(connection, autocommit=True)
    sql = f'SELECT "record_uuid", {columns} FROM "{table}" LIMIT {count}'
    for frame in pandas.read_sql(sql, source, index_col="record_uuid", chunksize=PORTION):
        for uuid, found in frame.apply(digest, axis=1).items():
            changed += seen.get(uuid) != found
            seen[uuid] = found
    print(time.perf_counter() - started)
    if changed != count:
        sys.exit(f"hash_rows.py: {changed} rows instead of {count}")


if __name__ == "__main__":
    main()
