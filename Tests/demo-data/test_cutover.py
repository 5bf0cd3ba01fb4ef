"""The world before ordersync, as the sandbox and the production tables get it."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).resolve().parent
SQL = HERE.parents[1] / "sql" / "sqlite" / "V0001_sqlite_predecessor_tables.sql"


def run(program, *arguments):
    return subprocess.run([sys.executable, HERE / program, *arguments], check=True, capture_output=True, text=True).stdout


def test_a_board_and_production_rows_without_keys_are_made_of_the_source(tmp_path):
    database, board = tmp_path / "orders.sqlite", tmp_path / "board.json"
    run("generate.py", "--sqlite", database, "--rows", "200")
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(SQL.read_text())
    options = ["--drifted", "5", "--missing", "4", "--doubled", "3", "--by-hand", "2"]
    told = json.loads(run("cutover.py", board, "--sqlite", database, *options))
    main, subitems = json.loads(board.read_text())["boards"]
    items = main["items"]
    assert told["items"] == len(items) == told["rows"] - 4 + 3 + 2
    assert len({item["id"] for item in items}) == len(items)
    assert not any("text_ordersync_key" in item["values"] for item in items)
    assert {"labels": ["GREYSON"]} in [item["values"].get("dropdown_mkr542p2") for item in items]
    assert sum("BY A PERSON" in str(item["values"]) for item in items) == 5
    assert subitems["type"] == "sub_items_board"
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute('SELECT "Item ID", CUSTOMER FROM MON_CustMasterSchedule').fetchall()
        assert {row[0] for row in rows} == {item["id"] for item in items if "hand" not in item["name"]}
        assert "GREYSON" in {row[1] for row in rows} and "GREYSON CLOTHIERS" not in {row[1] for row in rows}
        sizes = connection.execute("SELECT count(*) FROM MON_CustMasterSchedule_Subitems").fetchone()[0]
        assert sizes == told["subitems"] == sum(len(item["subitems"]) for item in items)
