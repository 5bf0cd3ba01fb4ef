"""The page at `/`."""

from client import BOARD


def page(api, path="/"):
    answer = api.request("GET", path)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    return answer.body.decode()


def test_it_shows_groups_items_values_and_nested_subitems(api):
    group = api.create_group("GREYSON CLOTHIERS 2025 FALL").data["m0"]["id"]
    item = api.create_item("MSP25K40 WHITE GRE-04801", {"text_mkr5ej2x": "4755"}, group=group).data["m0"]["id"]
    api.create_subitem(item, "Size XS", {"dropdown_mkrak7qp": {"labels": ["XS"]}, "numeric_mkra7j8e": "22"})
    html = page(api)
    assert "Customer Master Schedule" in html
    for text in ("GREYSON CLOTHIERS 2025 FALL", "MSP25K40 WHITE GRE-04801", "PO NUMBER", "4755", "Size XS", "22"):
        assert text in html
    assert "1 item, 1 subitem" in html
    assert "FINAL FOB (USD)" not in html, "columns without a value are left out"
    assert "FINAL FOB (USD)" in page(api, "/?all")


def test_nothing_from_the_board_becomes_markup(api):
    attack = "<script>alert(1)</script>\"'&"
    group = api.create_group(attack).data["m0"]["id"]
    item = api.create_item(attack, {"text_mkr5ej2x": attack, "dropdown_mkr5677f": {"labels": [attack]}}, group=group).data["m0"]["id"]
    api.create_subitem(item, attack)
    html = page(api)
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4


def test_removed_items_are_not_shown(api):
    item = api.create_item("GONE").data["m0"]["id"]
    api.admin("edit", {"do": "delete", "item": item})
    assert "GONE" not in page(api)


def test_long_groups_have_pages(api):
    for start in range(0, 225, 25):
        api.create_items([(f"order {n:03}", None) for n in range(start, start + 25)], group="topics")
    html = page(api)
    assert "order 199" in html and "order 200" not in html
    assert "Items 1 to 200 of 225" in html
    later = page(api, "/?group=topics&from=200")
    assert "order 200" in later and "order 199" not in later


def test_a_board_that_is_not_there_is_404(api):
    assert api.request("GET", "/boards/1").status == 404
    assert api.request("GET", f"/boards/{BOARD}").status == 200
