"""What each column type takes, and how it is read back."""

import json

import pytest
from client import BOARD, SUBITEM_BOARD

TEXT, LONG_TEXT, NUMBER, DATE = "text_mkr5ej2x", "long_text_mkr5hass", "numeric_mkr5cact", "date_mkr5zp5"
STATUS, DROPDOWN = "color_mkr5yf27", "dropdown_mkr5677f"


@pytest.mark.parametrize(
    ("column", "written", "text", "value"),
    [
        (TEXT, "4755", "4755", "4755"),
        (LONG_TEXT, {"text": "a\nb"}, "a\nb", {"text": "a\nb"}),
        (LONG_TEXT, "plain", "plain", {"text": "plain"}),
        (NUMBER, "28.86", "28.86", "28.86"),
        (NUMBER, 12, "12", "12"),
        (DATE, {"date": "2025-05-20"}, "2025-05-20", {"date": "2025-05-20", "icon": ""}),
        (DATE, "2025-05-20", "2025-05-20", {"date": "2025-05-20", "icon": ""}),
        (STATUS, {"label": "PCE"}, "PCE", {"index": 7, "post_id": None}),
        (STATUS, {"index": 7}, "PCE", {"index": 7, "post_id": None}),
        (DROPDOWN, {"labels": ["WHITE", "NAVY"]}, "WHITE, NAVY", {"ids": [0, 1]}),
        (DROPDOWN, {"ids": [1]}, "NAVY", {"ids": [1]}),
    ],
)
def test_a_value_is_read_back_as_text_and_as_json_in_a_string(api, column, written, text, value):
    answer = api.create_item("x", {column: written}, labels=False)
    [read] = api.item(answer.data["m0"]["id"], column)["column_values"]
    assert read["text"] == text
    assert json.loads(read["value"]) == value


@pytest.mark.parametrize("column", [TEXT, LONG_TEXT, NUMBER, DATE, STATUS, DROPDOWN])
@pytest.mark.parametrize("empty", [None, ""])
def test_null_and_the_empty_string_clear_a_value(api, column, empty):
    filled = {TEXT: "a", LONG_TEXT: "a", NUMBER: "1", DATE: "2025-05-20", STATUS: "PCE", DROPDOWN: "WHITE"}
    item = api.create_item("x", filled).data["m0"]["id"]
    assert api.change(item, {column: empty}).data["m0"]
    [read] = api.item(item, column)["column_values"]
    assert (read["text"], read["value"]) == ("", None)


@pytest.mark.parametrize(
    ("column", "written"),
    [
        (NUMBER, "$28.86"), (NUMBER, "12,5"), (NUMBER, "inf"), (NUMBER, True), (DATE, "5/20/2025"),
        (DATE, {"date": "2025-02-30"}), (DATE, {"date": "20250520"}), (LONG_TEXT, {"text": "x" * 2001}), (TEXT, {"text": "a"}),
        (DROPDOWN, {"labels": ["WHITE"], "ids": [0]}), (DROPDOWN, {"labels": "WHITE"}), (DROPDOWN, {"labels": [""]}),
        (STATUS, {"label": "x" * 31}),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_form_refuses_the_whole_item(api, column, written):
    answer = api.create_item("x", {TEXT if column != TEXT else NUMBER: "1", column: written})
    assert answer.data["m0"] is None
    assert answer.codes == ["ColumnValueException"]
    assert api.items() == []


def test_long_text_takes_2000_characters(api):
    assert api.create_item("x", {LONG_TEXT: {"text": "x" * 2000}}).data["m0"]


@pytest.mark.parametrize("column", ["formula_mkre54dj", "lookup_mkrbrdr1", "pulse_id_mkr5pb5q", "subtasks_mkr5c0kp"])
def test_computed_columns_cannot_be_written(api, column):
    assert api.create_item("x", {column: "1"}).codes == ["ColumnValueException"]


def test_a_status_label_must_match_in_case_unless_labels_are_made(api):
    refused = api.create_item("x", {STATUS: {"label": "pce"}}, labels=False)
    assert refused.json["errors"][0]["extensions"]["error_data"]["column_validation_error_code"] == "missingLabel"
    item = api.create_item("x", {STATUS: {"label": "pce"}}).data["m0"]["id"]
    assert api.text(item, STATUS) == "pce"


def test_a_status_label_of_digits_is_taken_for_an_id(api):
    item = api.create_item("x", {STATUS: {"label": "7"}}).data["m0"]["id"]
    assert api.text(item, STATUS) == "PCE"
    assert api.create_item("x", {STATUS: {"label": "8"}}).codes == ["ColumnValueException"]


def test_a_status_column_holds_40_labels(api):
    for n in range(39):
        assert api.create_item("x", {STATUS: {"label": f"label {n}"}}).data["m0"]
    assert api.create_item("x", {STATUS: {"label": "one more"}}).codes == ["ColumnValueException"]
    assert api.create_item("x", {STATUS: {"label": "label 38"}}).data["m0"]


def test_a_dropdown_holds_500_labels(api):
    for start in range(2, 500, 100):
        labels = [f"colour {n}" for n in range(start, min(start + 100, 500))]
        assert api.create_item("x", {DROPDOWN: {"labels": labels}}).data["m0"]
    assert api.create_item("x", {DROPDOWN: {"labels": ["one more"]}}).codes == ["ColumnValueException"]


def test_a_refused_item_makes_no_labels(api):
    api.create_item("x", {DROPDOWN: {"labels": ["FRESH"]}, NUMBER: "bad"})
    assert api.create_item("x", {DROPDOWN: {"labels": ["FRESH"]}}, labels=False).codes == ["ColumnValueException"]


def test_a_plain_string_for_a_dropdown_falls_apart_at_its_commas(api):
    item = api.create_item("x", {DROPDOWN: "CORAL, WASHED"}).data["m0"]["id"]
    [read] = api.item(item, DROPDOWN)["column_values"]
    assert len(json.loads(read["value"])["ids"]) == 2
    item = api.create_item("x", {DROPDOWN: {"labels": ["CORAL, WASHED"]}}).data["m0"]["id"]
    [read] = api.item(item, DROPDOWN)["column_values"]
    assert len(json.loads(read["value"])["ids"]) == 1


def test_one_bad_value_changes_nothing_of_an_item(api):
    item = api.create_item("x", {TEXT: "before"}).data["m0"]["id"]
    assert api.change(item, {TEXT: "after", NUMBER: "bad", "name": "renamed"}).codes == ["ColumnValueException"]
    assert api.text(item, TEXT) == "before"
    assert api.item(item)["name"] == "x"


def test_the_key_name_renames_an_item(api):
    item = api.create_item("x").data["m0"]["id"]
    api.change(item, {"name": "renamed"})
    assert api.item(item)["name"] == "renamed"
    api.post(
        'mutation ($b: ID!, $i: ID) { change_simple_column_value(board_id: $b, item_id: $i, column_id: "name", value: "again") { id } }',
        {"b": BOARD, "i": item},
    )
    assert api.item(item)["name"] == "again"


def test_subitems_are_changed_on_their_own_board(api):
    item = api.create_item("x").data["m0"]["id"]
    subitem = api.create_subitem(item).data["m0"]["id"]
    assert api.change(subitem, {"numeric_mkra7j8e": "5"}, board=SUBITEM_BOARD).data["m0"]
    assert api.change(subitem, {"numeric_mkra7j8e": "5"}, board=BOARD).codes == ["InvalidItemIdException"]


def test_a_column_is_made_with_the_id_that_is_asked_for(api):
    query = (
        'mutation ($b: ID!) { create_column(board_id: $b, id: "my_key", title: "KEY", column_type: text, '
        'after_column_id: "name") { id } }'
    )
    assert api.post(query, {"b": BOARD}).data["create_column"] == {"id": "my_key"}
    assert api.post(query, {"b": BOARD}).codes == ["InvalidArgumentException"]
    assert api.create_item("x", {"my_key": "k"}).data["m0"]
    assert [column["id"] for column in api.state()["boards"][0]["columns"]][:2] == ["name", "my_key"]


def test_settings_tell_labels_and_the_subitem_board(api):
    answer = api.post(
        "query ($b: [ID!]) { boards(ids: $b) { columns(ids: [\"color_mkr5yf27\", \"subtasks_mkr5c0kp\"]) { id settings settings_str } } }",
        {"b": [BOARD]},
    )
    by_id = {column["id"]: column for column in answer.data["boards"][0]["columns"]}
    assert by_id["subtasks_mkr5c0kp"]["settings"] == {"boardIds": [int(SUBITEM_BOARD)]}
    assert by_id[STATUS]["settings"]["labels"][0]["label"] == "PCE"
    assert json.loads(by_id[STATUS]["settings_str"]) == {"labels": {"7": "PCE"}}
