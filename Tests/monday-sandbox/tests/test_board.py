"""Groups, moves, archived and deleted items, the cap."""

from client import BOARD, SUBITEM_BOARD


def test_new_groups_go_to_the_top_unless_chained(api):
    for title in "ABC":
        api.create_group(title)
    assert api.groups() == ["C", "B", "A", "Group Title"]
    previous = api.create_group("D", relative_to="topics", method="after_at").data["m0"]["id"]
    api.create_group("E", relative_to=previous, method="after_at")
    api.create_group("F", relative_to=previous, method="before_at")
    assert api.groups() == ["C", "B", "A", "Group Title", "F", "D", "E"]


def test_a_method_alone_means_top_or_bottom(api):
    api.create_group("bottom", method="before_at")
    api.create_group("top", method="after_at")
    assert api.groups() == ["top", "Group Title", "bottom"]


def test_two_groups_may_have_one_title(api):
    assert api.create_group("twin").data["m0"]["id"] != api.create_group("twin").data["m0"]["id"]


def test_a_group_title_has_255_characters_at_most(api):
    assert api.create_group("x" * 255).data["m0"]
    assert api.create_group("x" * 256).data["m0"] is None


def test_an_item_without_group_goes_to_the_first_active_group(api):
    api.create_group("first")
    item = api.create_item("x").data["m0"]["id"]
    assert api.item(item)["group"]["title"] == "first"


def test_an_item_is_moved_and_groups_that_are_gone_are_refused(api):
    group = api.create_group("A").data["m0"]["id"]
    item = api.create_item("x", group="topics").data["m0"]["id"]
    move = "mutation ($i: ID, $g: String!) { m0: move_item_to_group(item_id: $i, group_id: $g) { id } }"
    assert api.post(move, {"i": item, "g": group}).data["m0"]
    assert api.item(item)["group"]["id"] == group
    assert api.post(move, {"i": item, "g": "gone"}).codes == ["ResourceNotFoundException"]


def test_deleting_a_group_deletes_its_items_and_the_last_group_stays(api):
    group = api.create_group("A").data["m0"]["id"]
    item = api.create_item("x", group=group).data["m0"]["id"]
    delete = "mutation ($b: ID!, $g: String!) { m0: delete_group(board_id: $b, group_id: $g) { id } }"
    assert api.post(delete, {"b": BOARD, "g": group}).data["m0"]
    assert api.item(item)["state"] == "deleted"
    last = api.post(delete, {"b": BOARD, "g": "topics"})
    assert (last.status, last.codes) == (409, ["DeleteLastGroupException"])


CHANGE = (
    "mutation ($b: ID!, $i: ID!, $v: JSON!, $g: String!) {"
    " c0: change_multiple_column_values(board_id: $b, item_id: $i, column_values: $v) { id state }"
    " c1: move_item_to_group(item_id: $i, group_id: $g) { id state } }"
)


def test_items_that_are_off_the_board_take_no_changes_unless_the_board_is_told_to(api):
    item = api.create_item("x").data["m0"]["id"]
    change = {"b": BOARD, "i": item, "v": '{"name": "y"}', "g": "topics"}
    assert api.post(CHANGE, change).data["c0"] == {"id": item, "state": "active"}
    api.admin("edit", {"do": "archive", "item": item})
    assert api.post(CHANGE, change).codes == ["InvalidItemIdException"] * 2
    api.admin("settings", {"archived_takes_changes": True})
    assert api.post(CHANGE, change).data["c0"] == {"id": item, "state": "archived"}
    api.admin("edit", {"do": "delete", "item": item})
    assert api.post(CHANGE, change).codes == ["InvalidItemIdException"] * 2


def test_a_deleted_subitem_is_gone_from_its_parent_and_from_the_subitem_board(api):
    item = api.create_item("x").data["m0"]["id"]
    create = 'mutation ($i: ID!) { m0: create_subitem(parent_item_id: $i, item_name: "Size M") { id } }'
    first, second = (api.post(create, {"i": item}).data["m0"]["id"] for _ in range(2))
    delete = "mutation ($i: ID!) { m0: delete_item(item_id: $i) { id } }"
    assert api.post(delete, {"i": first}).data["m0"] == {"id": first}
    read = (
        "query ($i: [ID!]!, $b: [ID!]) { items(ids: $i) { subitems { id } }"
        " boards(ids: $b) { items_page(limit: 500) { items { id parent_item { id } } } } }"
    )
    answer = api.post(read, {"i": [item], "b": [SUBITEM_BOARD]}).data
    assert [child["id"] for child in answer["items"][0]["subitems"]] == [second]
    assert {"id": second, "parent_item": {"id": item}} in answer["boards"][0]["items_page"]["items"]
    assert first not in [child["id"] for child in answer["boards"][0]["items_page"]["items"]]


def test_archived_and_deleted_items_are_read_by_id_only(api):
    items = [api.create_item(f"x{n}", {"text_ordersync_key": "k"}).data["m0"]["id"] for n in range(3)]
    subitem = api.create_subitem(items[0]).data["m0"]["id"]
    api.post("mutation ($i: ID) { archive_item(item_id: $i) { id } }", {"i": items[0]})
    api.post("mutation ($i: ID) { delete_item(item_id: $i) { id } }", {"i": items[1]})
    answer = api.post("query ($b: [ID!]) { boards(ids: $b) { items_count items_page { items { id } } } }", {"b": [BOARD]})
    assert answer.data["boards"][0] == {"items_count": 1, "items_page": {"items": [{"id": items[2]}]}}
    assert [item["id"] for item in api.search("text_ordersync_key", "k")["items"]] == [items[2]]
    assert api.item(items[0])["state"] == "archived"
    assert api.item(items[1])["state"] == "deleted"
    assert api.item(subitem)["state"] == "archived", "subitems go with their parent"
    assert api.item(items[0])["subitems"] == []
    only = api.post("query ($i: [ID!]) { items(ids: $i, exclude_nonactive: true) { id } }", {"i": items})
    assert only.data["items"] == [{"id": items[2]}]


def test_an_item_that_is_gone_cannot_be_changed_or_given_subitems(api):
    item = api.create_item("x").data["m0"]["id"]
    api.admin("edit", {"do": "archive", "item": item})
    assert api.change(item, {"text_mkr5ej2x": "a"}).codes == ["InvalidItemIdException"]
    assert api.create_subitem(item).codes == ["InvalidItemIdException"]
    api.admin("edit", {"do": "restore", "item": item})
    assert api.change(item, {"text_mkr5ej2x": "a"}).data["m0"]


def test_a_subitem_that_was_taken_off_by_itself_does_not_come_back_with_its_item(api):
    item = api.create_item("x").data["m0"]["id"]
    kept, before, after = (api.create_subitem(item).data["m0"]["id"] for _ in range(3))
    for do, subject in (("delete", before), ("archive", item), ("delete", after), ("restore", item)):
        api.admin("edit", {"do": do, "item": subject})
    states = [api.item(subject)["state"] for subject in (item, kept, before, after)]
    assert states == ["active", "active", "deleted", "deleted"]


def test_a_full_board_takes_no_more_items(api):
    api.settings(items_limit=3)
    answer = api.create_items([(f"x{n}", None) for n in range(5)])
    assert answer.codes == ["ItemsLimitationException"] * 2
    assert [alias for alias, item in answer.data.items() if item] == ["m0", "m1", "m2"]
    api.admin("edit", {"do": "archive", "item": answer.data["m0"]["id"]})
    assert api.create_item("room again").data["m0"]


def test_items_brings_25_unless_a_limit_says_more_and_takes_100_ids(api):
    ids = [item["id"] for item in api.create_items([(f"x{n}", None) for n in range(40)]).data.values()]
    query = "query ($i: [ID!], $l: Int) { items(ids: $i, limit: $l) { id } }"
    assert len(api.post(query.replace(", $l: Int", "").replace(", limit: $l", ""), {"i": ids}).data["items"]) == 25
    assert {item["id"] for item in api.post(query, {"i": ids, "l": 100}).data["items"]} == set(ids)
    assert api.post(query, {"i": ids * 3, "l": 100}).codes == ["InvalidArgumentException"]


def test_a_person_copies_an_item_with_its_key_and_subitems(api):
    item = api.create_item("x", {"text_ordersync_key": "k", "dropdown_mkr5677f": {"labels": ["WHITE"]}}).data["m0"]["id"]
    api.create_subitem(item, values={"numeric_mkra7j8e": "4"})
    copy = api.admin("edit", {"do": "copy", "item": item})["id"]
    assert {i["id"] for i in api.search("text_ordersync_key", "k")["items"]} == {item, copy}
    assert len(api.item(copy)["subitems"]) == 1


def test_the_state_shows_groups_items_and_subitems(api):
    item = api.create_item("x", {"text_mkr5ej2x": "4755"}).data["m0"]["id"]
    api.create_subitem(item, "Size XS", {"dropdown_mkrak7qp": {"labels": ["XS"]}, "numeric_mkra7j8e": "22"})
    [found] = api.items()
    assert found["columns"] == {"text_mkr5ej2x": "4755"}
    assert [s["columns"] for s in found["subitems"]] == [{"dropdown_mkrak7qp": "XS", "numeric_mkra7j8e": "22"}]


def test_a_reset_can_bring_other_boards(api):
    api.admin(
        "reset",
        {
            "boards": [
                {
                    "id": 5,
                    "name": "Old board",
                    "groups": [{"id": "g", "title": "G"}],
                    "columns": [{"id": "c", "title": "C", "type": "dropdown"}],
                    "items": [{"id": 77, "name": "was here", "values": {"c": {"labels": ["A"]}}, "state": "archived"}],
                }
            ]
        },
    )
    assert api.item("77", "c")["column_values"][0]["text"] == "A"
    assert api.item("77")["state"] == "archived"
