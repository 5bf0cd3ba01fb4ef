"""The Idempotency-Key: replays, twins, what is not remembered."""

import threading
import time

from client import BOARD


def names(api):
    return [item["name"] for item in api.items()]


def test_the_same_key_brings_the_same_answer_and_executes_once(api):
    first = api.create_item("x", key="k")
    second = api.create_item("x", key="k")
    assert second.body == first.body
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert names(api) == ["x"]
    assert api.counts()["replayed"] == 1


def test_another_key_or_none_executes_again(api):
    for key in ("a", "b", None, None):
        api.create_item("x", key=key)
    assert len(names(api)) == 4


def test_a_key_is_forgotten_after_30_minutes(api):
    api.create_item("x", key="k")
    api.advance(1799)
    assert "Idempotency-Replayed" in api.create_item("x", key="k").headers
    api.advance(2)
    assert "Idempotency-Replayed" not in api.create_item("x", key="k").headers
    assert len(names(api)) == 2


def test_the_key_alone_decides_and_another_body_is_counted_as_the_clients_mistake(api):
    first = api.create_item("one", key="k")
    assert api.create_item("two", key="k").body == first.body
    assert names(api) == ["one"]
    assert api.counts()["key_with_other_body"] == 1


def test_a_partial_and_a_wholly_failed_answer_are_replayed(api):
    for items in ([("x", None), ("", None)], [("", None)]):
        first = api.create_items(items, key=str(len(items)))
        again = api.create_items(items, key=str(len(items)))
        assert again.body == first.body
        assert again.headers["Idempotency-Replayed"] == "true"
    assert names(api) == ["x"]


def test_wholly_failed_answers_are_not_remembered_when_that_is_set(api):
    api.settings(cache_errors=False)
    assert api.create_item("", key="k").codes
    assert "Idempotency-Replayed" not in api.create_item("", key="k").headers


def test_a_twin_of_a_running_request_is_refused_and_replayed_later(api):
    api.settings(latency={"create_item": 0.6})
    running = threading.Thread(target=api.create_item, args=("x",), kwargs={"key": "k"})
    running.start()
    time.sleep(0.3)
    twin = api.create_item("x", key="k")
    assert (twin.status, twin.codes) == (409, ["IDEMPOTENCY_CONFLICT"])
    assert int(twin.headers["Retry-After"]) >= 1
    running.join()
    assert api.create_item("x", key="k").headers["Idempotency-Replayed"] == "true"
    assert names(api) == ["x"]


def test_an_answer_over_one_megabyte_is_executed_and_not_remembered(api):
    api.settings(idempotency_largest=200)
    api.create_items([(f"x{n}", None) for n in range(25)], key="k")
    assert "Idempotency-Replayed" not in api.create_items([(f"x{n}", None) for n in range(25)], key="k").headers
    assert len(names(api)) == 50


def test_beyond_the_memory_set_aside_nothing_is_remembered(api):
    api.settings(idempotency_memory=10)
    api.create_item("x", key="k")
    api.create_item("x", key="k")
    assert len(names(api)) == 2


def test_a_refusal_before_execution_leaves_the_key_free(api):
    api.settings(points_per_minute=10)
    assert api.create_item("x", key="k").status == 429
    api.settings(points_per_minute=None)
    assert api.create_item("x", key="k").data["m0"]


def test_queries_ignore_the_key(api):
    query, variables = "query ($b: [ID!]) { boards(ids: $b) { items_count } }", {"b": [BOARD]}
    assert api.post(query, variables, key="k").data["boards"][0]["items_count"] == 0
    api.create_item("x")
    assert api.post(query, variables, key="k").data["boards"][0]["items_count"] == 1
