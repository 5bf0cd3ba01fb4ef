"""Batches of aliased mutations, and the shapes of their answers."""

import json

from client import BOARD, SUBITEM_BOARD

DROPDOWN = "dropdown_mkr5677f"


def test_aliases_are_carried_out_in_the_order_of_the_document(api):
    api.create_items([(f"order {n}", None) for n in range(25)])
    log = api.admin("log")
    assert [entry["args"]["item_name"] for entry in log] == [f"order {n}" for n in range(25)]
    ids = [int(entry["result"]) for entry in log]
    assert ids == sorted(ids)


def test_a_failed_alias_is_null_with_an_error_at_its_path_and_the_others_are_carried_out(api):
    answer = api.create_items([("first", None), ("second", {DROPDOWN: {"labels": ["NO SUCH"]}}), ("third", None)], labels=False)
    assert answer.status == 200
    assert answer.data["m0"]["id"] and answer.data["m2"]["id"]
    assert answer.data["m1"] is None
    [error] = answer.json["errors"]
    assert error["path"] == ["m1"]
    assert error["extensions"]["code"] == "ColumnValueException"
    assert error["extensions"]["error_data"]["column_validation_error_code"] == "missingLabel"
    assert [item["name"] for item in api.items()] == ["first", "third"]


def test_all_aliases_may_fail_and_the_status_is_still_200(api):
    answer = api.create_items([("", None), ("x" * 256, None)])
    assert answer.status == 200
    assert answer.data == {"m0": None, "m1": None}
    assert answer.codes == ["InvalidArgumentException", "ItemNameTooLongException"]
    assert api.items() == []


def test_a_name_of_255_characters_passes_and_is_counted_in_utf16(api):
    assert api.create_item("x" * 255).data["m0"]
    assert api.create_item("😀" * 128).data["m0"] is None


def test_mixed_mutations_stand_beside_complexity(api):
    answer = api.post(
        'mutation ($b: ID!) { g: create_group(board_id: $b, group_name: "A") { id } i: create_item(board_id: $b, item_name: "x") '
        "{ id name } complexity { before after query reset_in_x_seconds } }",
        {"b": BOARD},
    )
    assert answer.data["g"]["id"].startswith("group_")
    assert answer.data["complexity"]["query"] == 40_001
    assert answer.data["complexity"]["before"] - answer.data["complexity"]["after"] == 40_001


def test_an_item_and_a_subitem_tell_where_they_are(api):
    item = api.create_item("parent").data["m0"]["id"]
    subitem = api.create_subitem(item, values={"dropdown_mkrak7qp": {"labels": ["M"]}}).data["m0"]
    assert subitem["board"] == {"id": SUBITEM_BOARD}
    assert subitem["parent_item"] == {"id": item}
    assert api.item(item)["subitems"] == [{"id": subitem["id"], "name": "Size M"}]


def test_an_invalid_document_has_messages_and_no_data(api):
    answer = api.post("mutation { create_item(board: 1) { id } }")
    assert answer.status == 200
    assert "data" not in answer.json
    assert all("extensions" not in error for error in answer.json["errors"])


def test_column_values_must_be_a_string_that_holds_json(api):
    query = "mutation ($b: ID!, $v: JSON) { create_item(board_id: $b, item_name: \"x\", column_values: $v) { id } }"
    refused = api.post(query, {"b": BOARD, "v": {"text_mkr5ej2x": "4755"}})
    assert "data" not in refused.json
    broken = api.post(query, {"b": BOARD, "v": "{not json"})
    assert broken.codes == ["JsonParseException"]
    array = api.post(query, {"b": BOARD, "v": "[1]"})
    assert array.codes == ["InvalidArgumentException"]
    assert api.items() == []


def test_a_body_that_is_not_a_request_is_400(api):
    assert api.post(b"{").status == 400
    assert api.post(json.dumps({"variables": {}}).encode()).status == 400
    assert api.post(json.dumps({"query": "{me{id}}", "variables": "{}"}).encode()).status == 400


def test_a_wrong_token_is_401(api):
    answer = api.post("{ me { id } }", token="wrong")
    assert answer.status == 401
    assert answer.codes == ["NOT_AUTHENTICATED"]
    assert api.post("{ me { id } }", token="Bearer sandbox-token").status == 200


def test_what_is_not_there_is_named_in_the_error(api):
    item = api.create_item("x").data["m0"]["id"]
    assert api.change("123", {}).codes == ["InvalidItemIdException"]
    assert api.change(item, {}, board="77").codes == ["InvalidBoardIdException"]
    assert api.change(item, {}, board=SUBITEM_BOARD).codes == ["InvalidItemIdException"]
    assert api.create_item("x", {"text_nowhere": "a"}).codes == ["InvalidColumnIdException"]
    answer = api.create_item("x", group="gone")
    assert answer.codes == ["ResourceNotFoundException"]
    assert answer.json["errors"][0]["extensions"]["status_code"] == 404


def test_the_answer_says_which_version_served_it(api):
    assert api.post("{ me { id } }").headers["API-Version"] == "2026-10"
    assert api.post("{ me { id } }", version="2026-07").headers["API-Version"] == "2026-07"
    assert api.post("{ me { id } }", version="2024-10").headers["API-Version"] == "2025-04"
    assert api.post("{ me { id } }", version="2031-01").headers["API-Version"] == "2026-10"
    assert api.post("{ me { id } }", version="newest").codes == ["InvalidVersionException"]


def test_every_answer_carries_a_request_id(api):
    first, second = api.post("{ me { id } }"), api.post("{ me { id } }")
    assert first.json["extensions"]["request_id"] != second.json["extensions"]["request_id"]
    assert first.headers["X-Request-Id"]
