"""Points, requests, concurrency, calls a day, and what the headers say of them."""

import threading
import time

from client import BOARD


def test_a_create_costs_30001_points_and_the_headers_agree_with_the_field(api):
    api.settings(plan="pro")
    answer = api.post(
        'mutation ($b: ID!) { create_item(board_id: $b, item_name: "x") { id } complexity { before query after } }', {"b": BOARD}
    )
    assert answer.data["complexity"] == {"before": 10_000_000, "query": 30_001, "after": 9_969_999}
    assert answer.limits()["complexityMinute"]["r"] == 9_969_999
    assert answer.headers["RateLimit-Policy"] == (
        '"minuteRate";q=2500;w=60, "concurrency";q=100;qu="concurrent-requests", "complexityMinute";q=10000000;w=60;qu="content-bytes"'
    )


def test_an_exhausted_budget_refuses_before_anything_is_done_and_is_full_after_a_minute(api):
    api.settings(points_per_minute=100_000)
    done = [api.create_item(f"x{n}") for n in range(3)]
    assert [answer.status for answer in done] == [200, 200, 200]
    refused = api.create_item("too many")
    assert (refused.status, refused.codes) == (429, ["COMPLEXITY_BUDGET_EXHAUSTED"])
    wait = refused.json["errors"][0]["extensions"]["retry_in_seconds"]
    assert 0 < wait <= 60
    assert refused.headers["Retry-After"] == str(wait)
    assert refused.limits()["complexityMinute"] == {"r": 0, "t": wait}
    assert len(api.items()) == 3
    api.advance(wait)
    assert api.create_item("again").status == 200


def test_a_batch_is_charged_as_a_whole(api):
    api.settings(points_per_minute=100_000)
    assert api.create_items([(f"x{n}", None) for n in range(4)]).status == 429
    assert api.items() == []
    assert api.create_items([(f"x{n}", None) for n in range(3)]).status == 200


def test_a_failed_alias_is_refunded(api):
    api.settings(plan="pro")
    answer = api.create_items([("x", None), ("", None)])
    assert answer.limits()["complexityMinute"]["r"] == 10_000_000 - 30_001 - 100


def test_one_request_may_cost_five_million_points(api):
    answer = api.create_items([(f"x{n}", None) for n in range(167)])
    assert answer.codes == ["REQUEST_MAX_COMPLEXITY_EXCEEDED"]
    assert api.create_items([(f"x{n}", None) for n in range(166)]).data["m165"]


def test_costs_can_be_other_than_published(api):
    api.settings(costs={"create_item": 10_000})
    answer = api.post('mutation ($b: ID!) { create_item(board_id: $b, item_name: "x") { id } complexity { query } }', {"b": BOARD})
    assert answer.data["complexity"]["query"] == 10_001


def test_requests_a_minute_count_failed_ones_too(api):
    api.settings(requests_per_minute=3)
    api.create_item("")
    api.create_item("x")
    last = api.post("{ me { id } }")
    assert last.limits()["minuteRate"]["r"] == 0
    assert last.limits()["minuteRate"]["t"] > 0
    refused = api.post("{ me { id } }")
    assert (refused.status, refused.codes) == (429, ["RATE_LIMIT_EXCEEDED"])
    api.advance(int(refused.headers["Retry-After"]))
    assert api.post("{ me { id } }").status == 200


def test_requests_at_once_are_limited(api):
    api.settings(concurrency=2, latency={"create_item": 0.6})
    threads = [threading.Thread(target=api.create_item) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    refused = api.post("{ me { id } }")
    assert (refused.status, refused.codes) == (429, ["maxConcurrencyExceeded"])
    assert refused.limits()["concurrency"] == {"r": 0, "t": 1}
    for thread in threads:
        thread.join()
    assert api.post("{ me { id } }").limits()["concurrency"]["r"] == 1
    assert api.counts()["most_in_flight"] == 3


def test_calls_a_day_end_at_midnight(api):
    api.settings(calls_per_day=2)
    for _ in range(2):
        assert api.post("{ me { id } }").status == 200
    refused = api.post("{ me { id } }")
    assert (refused.status, refused.codes) == (429, ["DAILY_LIMIT_EXCEEDED"])
    assert 0 < int(refused.headers["Retry-After"]) <= 86_400
    api.advance(int(refused.headers["Retry-After"]))
    assert api.post("{ me { id } }").status == 200


def test_plan_and_daily_limit_can_be_asked_for(api):
    api.settings(plan="standard")
    answer = api.post("{ platform_api { daily_limit { base total } } account { tier plan { tier } } }")
    assert answer.data == {
        "platform_api": {"daily_limit": {"base": 1000, "total": 1000}},
        "account": {"tier": "standard", "plan": {"tier": "standard"}},
    }


def test_overlapping_mutations_on_one_board_are_locked_out_when_that_is_set(api):
    api.settings(board_lock=1, latency={"create_item": 0.6, "create_subitem": 0.6})
    parent = api.create_item("parent").data["m0"]["id"]
    running = threading.Thread(target=api.create_item)
    running.start()
    time.sleep(0.3)
    locked = api.create_item("second")
    assert locked.status == 423
    assert locked.json["errors"][0]["extensions"] == {"status_code": 423}
    assert api.create_subitem(parent).data["m0"], "another board is not locked"
    running.join()
    assert api.create_item("later").data["m0"]
    assert api.counts()["most_in_flight_by_board"][BOARD] == 1


def test_a_request_over_the_time_limit_is_answered_504_and_still_carried_out(api):
    api.settings(execution_limit=0.2, latency={"create_item": 0.5})
    answer = api.create_item("slow", key="k")
    assert answer.status == 504
    assert api.items() == []
    assert api.create_item("slow", key="k").status == 409
    time.sleep(0.8)
    assert [item["name"] for item in api.items()] == ["slow"]
    assert api.create_item("slow", key="k").headers["Idempotency-Replayed"] == "true"


def test_an_unknown_setting_is_refused(api):
    answer = api.request("POST", "/_sandbox/settings", '{"serach_lag": 3}')
    assert answer.status == 400
    assert "serach_lag" in answer.json["error"]


def test_requests_that_share_an_item_at_the_same_time_are_counted(api):
    api.settings(latency={"change_multiple_column_values": 0.4})
    one, two = (api.create_item(name).data["m0"]["id"] for name in ("one", "two"))

    def change_both(first, second):
        threads = [threading.Thread(target=api.change, args=(item, {"text_mkr5ej2x": "1"})) for item in (first, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    change_both(one, two)
    assert api.counts()["requests_that_shared_an_item"] == 0
    change_both(one, one)
    assert api.counts()["requests_that_shared_an_item"] == 1
