"""The demo data is what the demo, the tests and the README say it is."""

import csv
import io
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

from demo import bad, layout  # noqa: E402


def generate(*arguments):
    done = subprocess.run([sys.executable, FOLDER / "generate.py", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def read(path, where="1 = 1", table="ORDERS_UNIFIED"):
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    rows = [dict(row) for row in connection.execute(f'SELECT * FROM "{table}" WHERE {where}')]
    connection.close()
    return rows


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "warehouse.db"
    generate("--sqlite", path)
    return path


def quantities(row):
    return {size: row[size] for size in layout.read().sizes if row[size] is not None and row[size] > 0}


def test_table_has_all_columns_and_161_sizes_between_the_delimiters(demo):
    columns = layout.read()
    assert len(columns.names) == 268
    assert len(columns.sizes) == 161
    assert columns.names[-1] == "record_uuid"
    assert "INFOR COLOUR CODE" not in columns.sizes
    assert list(read(demo)[0]) == list(columns.names)


def test_greyson_4755_has_69_orders_40_with_quantities_and_264_sizes(demo):
    rows = read(demo, "\"CUSTOMER NAME\" = 'GREYSON CLOTHIERS' AND \"PO NUMBER\" = '4755'")
    assert len(rows) == 69
    assert {row["CUSTOMER SEASON"] for row in rows} == {None}
    assert {row["AAG SEASON"] for row in rows} == {"2025 FALL"}
    assert sum(1 for row in rows if quantities(row)) == 40
    assert sum(len(quantities(row)) for row in rows) == 264
    assert any(row["RANGE / COLLECTION"] is None for row in rows)
    assert any(row["RANGE / COLLECTION"] is not None for row in rows)
    assert all(row["TOTAL QTY"] == sum(quantities(row).values()) for row in rows)


def test_a_po_that_begins_with_4755_is_there_for_the_same_customer(demo):
    assert len(read(demo, "\"CUSTOMER NAME\" = 'GREYSON CLOTHIERS' AND \"PO NUMBER\" = '47551'")) == 8


def test_the_golden_order_has_its_five_sizes(demo):
    [row] = read(demo, "\"AAG ORDER NUMBER\" = 'JOO-00505'")
    assert quantities(row) == {"XS": 22, "S": 104, "M": 177, "L": 125, "XL": 72}
    assert row["DELIVERY TERMS"] == "DDP" and row["CATEGORY"] is None


def test_three_twins_share_a_business_key(demo):
    rows = read(demo, "\"AAG ORDER NUMBER\" = 'BOR-00611'")
    assert sorted(sum(quantities(row).values()) for row in rows) == [94, 119, 228]
    assert {(row["CUSTOMER STYLE"], row["CUSTOMER COLOUR DESCRIPTION"]) for row in rows} == {("55012", "ICE")}


def test_the_same_seed_gives_the_same_rows_and_another_seed_others():
    assert generate("--csv", "-", "--rows", "200") == generate("--csv", "-", "--rows", "200")
    assert generate("--csv", "-", "--rows", "200") != generate("--csv", "-", "--rows", "200", "--seed", "2")


def test_rows_is_the_number_of_rows_and_sizes_of_sizes(tmp_path):
    generate("--sqlite", tmp_path / "w.db", "--rows", "5000", "--no-known", "--sizes", "6", "--customers", "4")
    rows = read(tmp_path / "w.db")
    assert len(rows) == 5000
    assert {len(quantities(row)) for row in rows} == {6}
    assert len({row["CUSTOMER NAME"] for row in rows}) == 4


def test_bulk_rows_have_unique_business_keys_and_few_enough_labels_for_a_dropdown(tmp_path):
    generate("--sqlite", tmp_path / "w.db", "--rows", "5000")
    rows = read(tmp_path / "w.db")
    keys = [tuple(row[c] for c in ("AAG ORDER NUMBER", "CUSTOMER NAME", "CUSTOMER STYLE", "CUSTOMER COLOUR DESCRIPTION")) for row in rows]
    assert len(keys) - len(set(keys)) == 3, "only the known twins repeat a key"
    assert len({row["CUSTOMER STYLE"] for row in rows}) < 500
    assert len({row["record_uuid"] for row in rows}) == 5000


def test_csv_and_ndjson_hold_the_same_rows(tmp_path):
    generate("--csv", tmp_path / "rows.csv", "--rows", "300")
    generate("--ndjson", tmp_path / "rows.ndjson", "--rows", "300")
    with open(tmp_path / "rows.csv", newline="") as file:
        from_csv = [{k: v for k, v in row.items() if v != ""} for row in csv.DictReader(file)]
    from_json = [json.loads(line) for line in (tmp_path / "rows.ndjson").read_text().split("\n")[:-1]]
    assert from_csv == [{k: str(v) for k, v in row.items() if v != ""} for row in from_json]


def test_every_kind_of_bad_row_is_there_once(tmp_path):
    generate("--sqlite", tmp_path / "w.db", "--bad")
    rows = read(tmp_path / "w.db", f"\"PO NUMBER\" = '{bad.PO}'")
    assert sorted(row["VALIDATION"] for row in rows) == sorted([*bad.cases(), *bad.odd_but_good()])


def test_a_reload_changes_every_uuid_and_nothing_else(tmp_path):
    path = tmp_path / "w.db"
    generate("--sqlite", path)
    before = read(path)
    generate("--sqlite", path, "--reload")
    after = read(path)
    assert not {row["record_uuid"] for row in before} & {row["record_uuid"] for row in after}
    assert [r["AAG ORDER NUMBER"] for r in before] != [r["AAG ORDER NUMBER"] for r in after], "rows come in another order"

    def without_uuid(rows):
        return sorted(json.dumps({k: v for k, v in row.items() if k != "record_uuid"}) for row in rows)

    assert without_uuid(before) == without_uuid(after)


@pytest.mark.parametrize("kind", ["price", "notes-cleared", "quantity", "size-gone", "size-new", "cancel", "style-and-uuid", "po"])
def test_a_change_touches_the_row_it_reports_and_no_other(tmp_path, kind):
    path = tmp_path / "w.db"
    generate("--sqlite", path)
    before = {row["record_uuid"]: row for row in read(path)}
    [report] = [json.loads(line) for line in generate("--sqlite", path, "--change", kind, "--po", "4755").splitlines()]
    after = read(path)
    old = before.pop(report["uuid"])
    changed = [row for row in after if row not in before.values()]
    assert len(changed) == 1
    assert changed[0] == old | report["new"]
    assert old["PO NUMBER"] == "4755"


def test_rows_are_added_deleted_and_twinned(tmp_path):
    path = tmp_path / "w.db"
    generate("--sqlite", path)
    generate("--sqlite", path, "--change", "add=5", "--change", "delete=2", "--change", "twin=1")
    assert len(read(path)) == len(read_of_default()) + 5 - 2 + 1


def read_of_default():
    return list(csv.DictReader(io.StringIO(generate("--csv", "-"))))


def test_a_wrong_option_is_refused_with_its_reason():
    done = subprocess.run([sys.executable, FOLDER / "generate.py", "--csv", "-", "--change", "price"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "--sqlite" in done.stderr
