"""Copies the staged rows of one database to another, or reads the source, and prints the seconds that took.

    FROM=… TO=… server_rows.py executemany    pyodbc's fast_executemany, 1,000 rows a batch
    FROM=… TO=… server_rows.py to_sql         pandas, 1,000 rows a batch
    FROM=… server_rows.py read_sql ROWS       pandas, so many rows of ORDERS_UNIFIED

FROM and TO hold ODBC connection strings. Only the writing, or the reading, is timed.
"""

import os
import sys
import time
from urllib.parse import quote_plus

import pyodbc

TABLES = ("STG_MON_CustMasterSchedule", "STG_MON_CustMasterSchedule_Subitems")
#: Numbers that the server gives, and the key that refers to one of them.
LEFT_OUT = {"stg_id", "stg_subitem_id", "stg_parent_stg_id"}
ROWS_A_BATCH = 1_000


def staged():
    connection = pyodbc.connect(os.environ["FROM"])
    for table in TABLES:
        described = connection.execute(f"SELECT * FROM [dbo].[{table}] WHERE 1 = 0").description
        names = [column[0] for column in described if column[0] not in LEFT_OUT]
        listed = ", ".join(f"[{name}]" for name in names)
        yield table, names, [tuple(row) for row in connection.execute(f"SELECT {listed} FROM [dbo].[{table}]").fetchall()]


def executemany(tables):
    connection = pyodbc.connect(os.environ["TO"])
    cursor = connection.cursor()
    # FreeTDS crashes under it.
    cursor.fast_executemany = "tds" not in connection.getinfo(pyodbc.SQL_DRIVER_NAME).lower()
    for table, names, rows in tables:
        marks = ", ".join("?" * len(names))
        insert = f"INSERT INTO [dbo].[{table}] ({', '.join(f'[{name}]' for name in names)}) VALUES ({marks})"
        for start in range(0, len(rows), ROWS_A_BATCH):
            cursor.executemany(insert, rows[start : start + ROWS_A_BATCH])
            connection.commit()


def engine(variable):
    import sqlalchemy

    return sqlalchemy.create_engine(f"mssql+pyodbc:///?odbc_connect={quote_plus(os.environ[variable])}")


def to_sql(tables):
    import pandas

    target = engine("TO")
    for table, names, rows in tables:
        frame = pandas.DataFrame.from_records(rows, columns=names)
        frame.to_sql(table, target, schema="dbo", if_exists="append", index=False, chunksize=ROWS_A_BATCH)


def read_sql(rows):
    import pandas

    frame = pandas.read_sql(f"SELECT TOP {int(rows)} * FROM [dbo].[ORDERS_UNIFIED]", engine("FROM"))
    if len(frame) != int(rows):
        sys.exit(f"{len(frame)} rows were read")


def main():
    way = sys.argv[1]
    work = {"executemany": executemany, "to_sql": to_sql, "read_sql": read_sql}[way]
    given = sys.argv[2] if way == "read_sql" else list(staged())
    started = time.perf_counter()
    work(given)
    print(time.perf_counter() - started)


if __name__ == "__main__":
    main()
