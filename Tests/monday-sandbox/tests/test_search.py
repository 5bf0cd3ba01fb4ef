"""Search by column value and its lag; pages and cursors."""

import pytest
from client import BOARD, KEY_COLUMN


def ids(page):
    return {item["id"] for item in page["items"]}


def test_a_value_is_found_by_the_whole_text_in_any_case(api):
    item = api.create_item("x", {KEY_COLUMN: "Key-1"}).data["m0"]["id"]
    assert ids(api.search(KEY_COLUMN, "key-1")) == {item}
    assert ids(api.search(KEY_COLUMN, "key")) == set()
    assert ids(api.search(KEY_COLUMN, "nothing", "KEY-1")) == {item}


def test_a_dropdown_is_found_by_a_part_of_its_text(api):
    item = api.create_item("x", {"dropdown_mkr5677f": {"labels": ["MALTESE BLUE"]}}).data["m0"]["id"]
    assert ids(api.search("dropdown_mkr5677f", "maltese")) == {item}


def test_a_changed_value_is_found_under_the_new_text_only(api):
    item = api.create_item("x", {KEY_COLUMN: "old"}).data["m0"]["id"]
    api.change(item, {KEY_COLUMN: "new"})
    assert ids(api.search(KEY_COLUMN, "old")) == set()
    assert ids(api.search(KEY_COLUMN, "new")) == {item}
    api.change(item, {KEY_COLUMN: None})
    assert ids(api.search(KEY_COLUMN, "new")) == set()


def test_search_lags_while_reads_by_id_do_not(api):
    api.settings(search_lag=30)
    item = api.create_item("x", {KEY_COLUMN: "k"}).data["m0"]["id"]
    subitem = api.create_subitem(item).data["m0"]["id"]
    assert ids(api.search(KEY_COLUMN, "k")) == set()
    assert api.text(item, KEY_COLUMN) == "k"
    assert api.item(item)["subitems"] == [{"id": subitem, "name": "Size M"}]
    api.advance(29)
    assert ids(api.search(KEY_COLUMN, "k")) == set()
    api.advance(2)
    assert ids(api.search(KEY_COLUMN, "k")) == {item}


def test_a_lagging_search_still_finds_the_old_value(api):
    item = api.create_item("x", {KEY_COLUMN: "old"}).data["m0"]["id"]
    api.settings(search_lag=30)
    api.change(item, {KEY_COLUMN: "new"})
    assert ids(api.search(KEY_COLUMN, "old")) == {item}
    api.advance(31)
    assert ids(api.search(KEY_COLUMN, "old")) == set()


def test_rules_of_items_page_lag_too(api):
    api.settings(search_lag=30)
    item = api.create_item("x", {KEY_COLUMN: "k"}).data["m0"]["id"]
    query = (
        "query ($b: [ID!], $v: CompareValue!) { boards(ids: $b) { items_page(query_params: {rules: "
        f"[{{column_id: \"{KEY_COLUMN}\", compare_value: $v}}]}}) {{ items {{ id }} }} }} }}"
    )
    variables = {"b": [BOARD], "v": ["k"]}
    assert api.post(query, variables).data["boards"][0]["items_page"]["items"] == []
    api.advance(31)
    assert api.post(query, variables).data["boards"][0]["items_page"]["items"] == [{"id": item}]


PAGE = "query ($b: [ID!], $l: Int!) { boards(ids: $b) { items_page(limit: $l) { cursor items { id } } } }"
NEXT = "query ($c: String!, $l: Int!) { next_items_page(cursor: $c, limit: $l) { cursor items { id } } }"


def test_pages_follow_one_another_until_the_cursor_is_null(api):
    made = {item["id"] for item in api.create_items([(f"x{n}", None) for n in range(25)]).data.values()}
    page = api.post(PAGE, {"b": [BOARD], "l": 10}).data["boards"][0]["items_page"]
    found, sizes = ids(page), [len(page["items"])]
    while page["cursor"] is not None:
        page = api.post(NEXT, {"c": page["cursor"], "l": 10}).data["next_items_page"]
        found |= ids(page)
        sizes.append(len(page["items"]))
    assert found == made
    assert sizes == [10, 10, 5]


def test_items_come_in_no_useful_order(api):
    made = [item["id"] for item in api.create_items([(f"x{n}", None) for n in range(25)]).data.values()]
    page = api.post(PAGE, {"b": [BOARD], "l": 100}).data["boards"][0]["items_page"]
    assert [item["id"] for item in page["items"]] != made


def test_a_cursor_dies_an_hour_after_the_first_page(api):
    api.create_items([(f"x{n}", None) for n in range(3)])
    cursor = api.post(PAGE, {"b": [BOARD], "l": 1}).data["boards"][0]["items_page"]["cursor"]
    api.advance(3599)
    cursor = api.post(NEXT, {"c": cursor, "l": 1}).data["next_items_page"]["cursor"]
    api.advance(2)
    answer = api.post(NEXT, {"c": cursor, "l": 1})
    assert answer.codes == ["CursorExpiredError"]
    assert answer.data is None


@pytest.mark.parametrize("limit", [0, 501])
def test_a_page_has_1_to_500_items(api, limit):
    assert api.post(PAGE, {"b": [BOARD], "l": limit}).codes == ["InvalidArgumentException"]


def test_search_by_a_column_that_cannot_be_searched_is_refused(api):
    query = (
        "query ($b: ID!) { items_page_by_column_values(board_id: $b, columns: [{column_id: \"lookup_mkrbrdr1\", "
        "column_values: [\"1\"]}]) { cursor } }"
    )
    assert api.post(query, {"b": BOARD}).codes == ["InvalidColumnTypeException"]
