"""Every fault: what the client sees of it, and what really became of the request."""

import http.client
import json
import socket
import time

import pytest
from client import KEY_COLUMN
from conftest import FOLDER


def names(api):
    return sorted(item["name"] for item in api.items() if item["state"] == "active")


def lost(api, *arguments, **options):
    """Sends and expects the connection to end without an answer."""
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        api.create_item(*arguments, **options)


def test_an_answer_is_lost_after_the_item_was_made_and_the_key_brings_it_back(api):
    api.faults({"action": "lose_answer", "times": 1})
    lost(api, "x", key="k")
    assert names(api) == ["x"]
    replay = api.create_item("x", key="k")
    assert replay.headers["Idempotency-Replayed"] == "true"
    assert replay.data["m0"]["id"] == api.items()[0]["id"]
    assert names(api) == ["x"]


def test_a_lost_answer_leaves_not_one_byte_and_ends_in_a_reset(api):
    api.faults({"action": "lose_answer"})
    body = json.dumps({"query": 'mutation { create_item(board_id: 9200517329, item_name: "x") { id } }'})
    with socket.create_connection(("127.0.0.1", api.port), 5) as connection:
        connection.sendall(
            f"POST /v2 HTTP/1.1\r\nHost: x\r\nAuthorization: sandbox-token\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    assert names(api) == ["x"]


def test_an_answer_lost_without_a_key_is_made_twice(api):
    api.faults({"action": "lose_answer", "times": 1})
    lost(api, "x")
    api.create_item("x")
    assert names(api) == ["x", "x"]


def test_a_reset_before_leaves_nothing(api):
    api.faults({"action": "reset_before", "times": 1})
    lost(api, "x", key="k")
    assert names(api) == []
    assert "Idempotency-Replayed" not in api.create_item("x", key="k").headers
    assert names(api) == ["x"]


def test_monday_may_execute_without_remembering(api):
    api.faults({"action": "lose_answer", "cache": False, "times": 1})
    lost(api, "x", key="k")
    assert "Idempotency-Replayed" not in api.create_item("x", key="k").headers
    assert names(api) == ["x", "x"]


def test_not_cached_answers_normally_and_forgets(api):
    api.faults({"action": "not_cached", "times": 1})
    assert api.create_item("x", key="k").data["m0"]
    api.create_item("x", key="k")
    assert names(api) == ["x", "x"]


def test_a_commit_may_come_long_after_the_answer_was_lost(api):
    api.faults({"action": "late_commit", "commit_after": 0.6, "times": 1})
    lost(api, "x", {KEY_COLUMN: "late"}, key="k")
    assert names(api) == []
    assert api.search(KEY_COLUMN, "late")["items"] == []
    assert api.create_item("x", key="k").status == 409
    time.sleep(0.9)
    assert names(api) == ["x"]
    assert api.create_item("x", key="k").headers["Idempotency-Replayed"] == "true"


def test_a_batch_may_die_in_the_middle(api):
    api.faults({"action": "partial_commit", "commit": 3, "times": 1})
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        api.create_items([(f"x{n}", None) for n in range(8)], key="k")
    assert names(api) == ["x0", "x1", "x2"]
    assert [entry["args"]["item_name"] for entry in api.admin("log")] == ["x0", "x1", "x2"]


@pytest.mark.parametrize("fraction", [0.0, 0.5, 0.99])
def test_a_body_is_cut_after_the_commit(api, fraction):
    api.faults({"action": "cut_body", "fraction": fraction, "times": 1})
    with pytest.raises(http.client.IncompleteRead) as cut:
        api.create_item("x", key="k")
    whole = api.create_item("x", key="k")
    assert whole.body.startswith(cut.value.partial)
    assert len(cut.value.partial) == int(len(whole.body) * fraction)
    assert names(api) == ["x"]


def test_a_stall_keeps_the_client_waiting_after_the_commit(api):
    api.faults({"action": "stall", "seconds": 30, "times": 1})
    with pytest.raises(TimeoutError):
        api.create_item("x", key="k", timeout=0.5)
    assert names(api) == ["x"]


def test_a_stall_before_does_nothing_and_ends_in_a_reset(api):
    api.faults({"action": "stall_before", "seconds": 0.3, "times": 1})
    lost(api, "x")
    assert names(api) == []


def test_slow_delays_and_then_works(api):
    api.faults({"action": "slow", "seconds": 0.4, "times": 1})
    start = time.monotonic()
    assert api.create_item("x").data["m0"]
    assert time.monotonic() - start >= 0.4


@pytest.mark.parametrize(
    ("rule", "status", "code"),
    [
        ({"action": "bad_gateway"}, 502, None),
        ({"action": "gateway_timeout"}, 504, None),
        ({"action": "internal_error"}, 500, None),
        ({"action": "internal_error_in_200"}, 200, None),
        ({"action": "garbage"}, 200, None),
        ({"action": "throttle"}, 429, "COMPLEXITY_BUDGET_EXHAUSTED"),
        ({"action": "throttle", "kind": "complexity_in_200"}, 200, "COMPLEXITY_BUDGET_EXHAUSTED"),
        ({"action": "throttle", "kind": "minute"}, 429, "RATE_LIMIT_EXCEEDED"),
        ({"action": "throttle", "kind": "concurrency"}, 429, "maxConcurrencyExceeded"),
        ({"action": "throttle", "kind": "daily"}, 429, "DAILY_LIMIT_EXCEEDED"),
        ({"action": "throttle", "kind": "ip"}, 429, "IP_RATE_LIMIT_EXCEEDED"),
        ({"action": "throttle", "kind": "protection"}, 200, "tooManyRequests"),
        ({"action": "locked"}, 423, None),
        ({"action": "conflict"}, 409, "IDEMPOTENCY_CONFLICT"),
        ({"action": "unauthorized"}, 401, "NOT_AUTHENTICATED"),
        ({"action": "blocked"}, 200, "API_TEMPORARILY_BLOCKED"),
    ],
)
def test_an_answer_in_place_of_the_work(api, rule, status, code):
    api.faults(rule | {"times": 1})
    answer = api.create_item("x", key="k")
    assert answer.status == status
    if code is not None:
        assert answer.codes == [code]
    assert names(api) == []
    assert api.create_item("x", key="k").data["m0"], "the key is free again"


def test_a_502_is_html_and_a_504_is_text(api):
    api.faults({"action": "bad_gateway", "match": {"nth": 1}}, {"action": "gateway_timeout", "match": {"nth": 2}})
    gateway, timeout = api.create_item("x"), api.create_item("x")
    assert gateway.headers["Content-Type"] == "text/html" and b"<h1>502" in gateway.body
    assert timeout.headers["Content-Type"] == "text/plain" and timeout.body == b"upstream request timeout"


def test_a_500_inside_200_hides_in_extensions(api):
    api.faults({"action": "internal_error_in_200"})
    body = api.create_item("x").json
    assert body["data"] is None
    assert body["errors"][0]["extensions"] == {"status_code": 500, "error_code": "INTERNAL_SERVER_ERROR", "service": "monolith"}


@pytest.mark.parametrize("action", ["bad_gateway", "internal_error", "internal_error_in_200", "gateway_timeout", "empty_data"])
def test_an_error_may_hide_a_commit(api, action):
    api.faults({"action": action, "commit": True, "times": 1})
    answer = api.create_item("x", key="k")
    assert answer.status in (200, 500, 502, 504)
    assert names(api) == ["x"]
    assert api.create_item("x", key="k").headers["Idempotency-Replayed"] == "true"
    assert names(api) == ["x"]


def test_the_wait_may_stand_in_the_body_alone(api):
    api.faults({"action": "throttle", "retry_after": 3, "retry_header": False})
    answer = api.create_item("x")
    assert "Retry-After" not in answer.headers
    assert answer.json["errors"][0]["extensions"]["retry_in_seconds"] == 3


def test_retry_after_is_what_the_script_says(api):
    api.faults({"action": "throttle", "retry_after": 3})
    answer = api.create_item("x")
    assert answer.headers["Retry-After"] == "3"
    assert answer.json["errors"][0]["extensions"]["retry_in_seconds"] == 3
    assert answer.limits()["complexityMinute"] == {"r": 0, "t": 3}


def test_401_for_a_while(api):
    api.faults({"action": "unauthorized", "lasts": 100})
    assert api.create_item("x").status == 401
    assert api.post("{ me { id } }").status == 401
    api.advance(101)
    assert api.create_item("x").data["m0"]


def test_a_null_alias_without_an_error_may_hide_a_commit_or_nothing(api):
    api.faults(
        {"action": "null_alias", "match": {"alias": 1, "nth": 1}},
        {"action": "null_alias", "commit": False, "match": {"alias": 1, "nth": 2}},
    )
    hidden = api.create_items([("a", None), ("b", None), ("c", None)])
    assert hidden.data["m1"] is None and "errors" not in hidden.json
    assert names(api) == ["a", "b", "c"]
    nothing = api.create_items([("d", None), ("e", None), ("f", None)])
    assert nothing.data["m1"] is None and "errors" not in nothing.json
    assert names(api) == ["a", "b", "c", "d", "f"]


def test_a_label_error_for_one_value_lets_the_others_through(api):
    api.faults({"action": "label_error", "match": {"value": "BADLABEL"}})
    answer = api.create_items([("a", None), ("b", {"dropdown_mkr5677f": {"labels": ["BADLABEL"]}}), ("c", None)])
    assert answer.codes == ["ColumnValueException"]
    assert answer.json["errors"][0]["path"] == ["m1"]
    assert names(api) == ["a", "c"]


def test_an_alias_error_has_the_code_that_is_asked_for(api):
    rule = {"action": "alias_error", "code": "UserUnauthorizedException", "status_code": 403, "message": "no"}
    api.faults(rule | {"match": {"alias": "m0"}})
    answer = api.create_items([("a", None), ("b", None)])
    assert answer.json["errors"][0]["extensions"]["code"] == "UserUnauthorizedException"
    assert answer.json["errors"][0]["extensions"]["status_code"] == 403
    assert names(api) == ["b"]


def test_a_nested_error_stands_beside_an_item_that_was_made(api):
    api.faults({"action": "nested_error", "match": {"alias": 0}})
    answer = api.create_item("x")
    assert answer.data["m0"]["id"]
    assert answer.json["errors"][0]["path"] == ["m0", "group"]
    assert names(api) == ["x"]


def test_poison_answers_500_every_time_it_is_in_the_batch(api):
    api.faults({"action": "poison", "match": {"value": "POISON"}})
    for _ in range(3):
        assert api.create_items([("a", None), ("POISON", None)]).status == 500
    assert names(api) == []
    assert api.create_items([("a", None), ("b", None)]).data["m1"]


def test_a_large_answer_is_not_remembered(api):
    api.faults({"action": "pad_answer", "times": 1})
    assert len(api.create_item("x", key="k").body) > 2_000_000
    assert "Idempotency-Replayed" not in api.create_item("x", key="k").headers


def test_conditions_nth_every_skip_times_and_operation(api):
    api.faults({"action": "locked", "match": {"nth": [2, 4]}})
    assert [api.create_item("x").status for _ in range(5)] == [200, 423, 200, 423, 200]
    api.faults({"action": "locked", "match": {"every": 3}})
    assert [api.create_item("x").status for _ in range(6)] == [200, 200, 423, 200, 200, 423]
    api.faults({"action": "locked", "skip": 2, "times": 1})
    assert [api.create_item("x").status for _ in range(4)] == [200, 200, 423, 200]
    api.faults({"action": "locked", "match": {"operation": "create_group"}})
    assert [api.create_item("x").status, api.create_group("x").status] == [200, 423]
    api.faults({"action": "locked", "match": {"operation": ["create_group", "create_item"]}})
    assert [api.create_item("x").status, api.create_group("x").status] == [423, 423]
    api.faults({"action": "locked", "match": {"kind": "query"}})
    assert [api.create_item("x").status, api.post("{ me { id } }").status] == [200, 423]


def test_conditions_keyed_and_replay(api):
    api.faults({"action": "lose_answer", "match": {"replay": True}, "times": 1})
    assert api.create_item("x", key="k").status == 200
    lost(api, "x", key="k")
    assert api.create_item("x", key="k").headers["Idempotency-Replayed"] == "true"
    api.faults({"action": "locked", "match": {"keyed": False}})
    assert [api.create_item("x").status, api.create_item("x", key="j").status] == [423, 200]


def test_a_probability_repeats_from_its_seed(api):
    def pattern(seed):
        api.faults({"action": "locked", "match": {"probability": 0.4}}, seed=seed)
        return [api.create_item("x").status for _ in range(30)]

    first = pattern(7)
    assert first == pattern(7)
    assert first != pattern(8)
    assert {200, 423} == set(first)


def test_the_first_rule_that_fires_decides_and_each_counts_for_itself(api):
    api.faults({"action": "locked", "match": {"nth": 1}, "name": "first"}, {"action": "unauthorized", "match": {"nth": 2}})
    assert [api.create_item("x").status for _ in range(3)] == [423, 401, 200]
    assert [(rule["name"], rule["seen"], rule["hits"]) for rule in api.admin("faults")] == [("first", 3, 1), ("1-unauthorized", 3, 1)]
    assert api.counts()["fault first"] == 1


@pytest.mark.parametrize(
    "rule",
    [
        {"action": "explode"},
        {"action": "locked", "time": 1},
        {"action": "locked", "match": {"operaton": "x"}},
        {"action": "throttle", "kind": "no"},
    ],
)
def test_a_mistake_in_a_script_is_refused(api, rule):
    answer = api.request("POST", "/_sandbox/faults", json.dumps([rule]))
    assert answer.status == 400
    assert "fault rule 0" in answer.json["error"]


def test_rules_can_be_added_and_given_as_yaml(api):
    assert api.request("POST", "/_sandbox/faults", "rules:\n  - {action: locked, times: 1}\n").status == 200
    assert api.request("POST", "/_sandbox/faults?add", "- action: unauthorized\n  match: {nth: 2}\n").status == 200
    assert [api.create_item("x").status for _ in range(3)] == [423, 401, 200]


def test_a_client_that_goes_away_does_not_stop_its_request(api):
    api.settings(latency={"create_item": 0.5})
    with pytest.raises(TimeoutError):
        api.create_item("x", timeout=0.1)
    assert names(api) == []
    time.sleep(0.8)
    assert names(api) == ["x"]


def test_every_named_answer_can_be_asked_for(api):
    for kind in ("complexity_legacy", "minute_other_code", "field", "max_complexity", "unauthorized_legacy", "garbage"):
        api.faults({"action": "throttle", "kind": kind})
        assert api.create_item("x").status in (200, 401, 429)
    assert names(api) == []


def test_the_hostile_script_loads_and_fires(api):
    script = (FOLDER / "faults" / "hostile.yaml").read_text()
    assert api.request("POST", "/_sandbox/faults", script).status == 200
    seen = set()
    for n in range(60):
        try:
            seen.add(api.create_items([("a", None), ("b", None), ("c", None)], key=str(n), timeout=0.5).status)
        except (OSError, http.client.HTTPException) as error:
            seen.add(type(error).__name__)
    assert {200, 429, "ConnectionResetError"} & seen == {200, 429, "ConnectionResetError"}
    assert sum(rule["hits"] for rule in api.admin("faults")) > 5


def test_a_stalled_request_lets_go_of_its_place_when_the_client_leaves(api):
    api.settings(concurrency=1)
    api.faults({"action": "stall", "times": 1})
    with pytest.raises(TimeoutError):
        api.create_item("x", timeout=0.3)
    time.sleep(0.6)
    assert api.create_item("y").status == 200
