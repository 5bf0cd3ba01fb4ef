"""A small client of the sandbox; it hides nothing of what the server does to a connection."""

import http.client
import json
from dataclasses import dataclass

BOARD = "9200517329"
SUBITEM_BOARD = "9200771505"
KEY_COLUMN = "text_ordersync_key"
TOKEN = "sandbox-token"


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def data(self):
        return self.json["data"]

    @property
    def codes(self):
        return [error.get("extensions", {}).get("code") for error in self.json.get("errors", [])]

    def limits(self):
        """The RateLimit header as name → {"r": …, "t": …}."""
        found = {}
        for part in self.headers["RateLimit"].split(","):
            name, *values = part.strip().split(";")
            found[name.strip('"')] = {k: int(v) for k, v in (value.split("=") for value in values)}
        return found


class Client:
    def __init__(self, port):
        self.port = port
        self.log_file = None

    def post(self, query, variables=None, key=None, token=TOKEN, version="2026-10", timeout=20):
        """One API request on a connection of its own; raises what a lost answer raises."""
        headers = {"Content-Type": "application/json", "Authorization": token, "API-Version": version}
        if key is not None:
            headers["Idempotency-Key"] = key
        body = query if isinstance(query, bytes) else json.dumps({"query": query, "variables": variables or {}})
        return self.request("POST", "/v2", body, headers, timeout)

    def request(self, method, path, body=None, headers=None, timeout=20):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, dict(response.headers), response.read())
        finally:
            connection.close()

    # --- what a person at the keyboard does ---

    def admin(self, name, body=None):
        answer = self.request("GET" if body is None else "POST", f"/_sandbox/{name}", None if body is None else json.dumps(body))
        assert answer.status == 200, answer.body
        return answer.json

    def settings(self, **values):
        return self.admin("settings", values)

    def faults(self, *rules, seed=0):
        return self.admin("faults", {"seed": seed, "rules": list(rules)})

    def advance(self, seconds):
        self.admin("clock", {"advance": seconds})

    def state(self):
        return self.admin("state")

    def items(self):
        """Items of the main board in all groups, archived and deleted ones too."""
        return [item for group in self.state()["boards"][0]["groups"] for item in group["items"]]

    def counts(self):
        return self.state()["counts"]

    # --- mutations ---

    def create_item(self, name="order", values=None, group=None, key=None, labels=True, **options):
        return self.create_items([(name, values)], group=group, key=key, labels=labels, **options)

    def create_items(self, items, group=None, key=None, labels=True, **options):
        """One request with aliases m0, m1, …"""
        variables = {"board": BOARD, "group": group, "labels": labels}
        declared, fields = ["$board: ID!", "$group: String", "$labels: Boolean"], []
        for n, (name, values) in enumerate(items):
            declared += [f"$n{n}: String!", f"$v{n}: JSON"]
            variables |= {f"n{n}": name, f"v{n}": None if values is None else json.dumps(values)}
            fields.append(
                f"m{n}: create_item(board_id: $board, group_id: $group, item_name: $n{n}, column_values: $v{n}, "
                f"create_labels_if_missing: $labels) {{ id }}"
            )
        return self.post(f"mutation ({', '.join(declared)}) {{ {' '.join(fields)} }}", variables, key, **options)

    def create_subitem(self, parent, name="Size M", values=None, key=None):
        return self.post(
            "mutation ($p: ID!, $n: String!, $v: JSON) { m0: create_subitem(parent_item_id: $p, item_name: $n, "
            "column_values: $v, create_labels_if_missing: true) { id board { id } parent_item { id } } }",
            {"p": parent, "n": name, "v": None if values is None else json.dumps(values)},
            key,
        )

    def change(self, item, values, board=BOARD, labels=True, key=None):
        return self.post(
            "mutation ($b: ID!, $i: ID, $v: JSON!, $l: Boolean) { m0: change_multiple_column_values(board_id: $b, "
            "item_id: $i, column_values: $v, create_labels_if_missing: $l) { id } }",
            {"b": board, "i": item, "v": json.dumps(values), "l": labels},
            key,
        )

    def create_group(self, title, relative_to=None, method=None, key=None):
        return self.post(
            "mutation ($b: ID!, $t: String!, $r: String, $m: PositionRelative) { m0: create_group(board_id: $b, "
            "group_name: $t, relative_to: $r, position_relative_method: $m) { id } }",
            {"b": BOARD, "t": title, "r": relative_to, "m": method},
            key,
        )

    # --- reads ---

    def item(self, item_id, *columns):
        answer = self.post(
            "query ($i: [ID!], $c: [String!]) { items(ids: $i) { id name state group { id title } "
            "column_values(ids: $c) { id text value } subitems { id name } } }",
            {"i": [item_id], "c": list(columns) or None},
        )
        return answer.data["items"][0] if answer.data["items"] else None

    def text(self, item_id, column):
        return self.item(item_id, column)["column_values"][0]["text"]

    def search(self, column, *values, limit=100):
        answer = self.post(
            "query ($b: ID!, $c: [ItemsPageByColumnValuesQuery!], $l: Int!) { items_page_by_column_values(board_id: $b, "
            "columns: $c, limit: $l) { cursor items { id name } } }",
            {"b": BOARD, "c": [{"column_id": column, "column_values": list(values)}], "l": limit},
        )
        return answer.data["items_page_by_column_values"]

    def groups(self):
        answer = self.post("query ($b: [ID!]) { boards(ids: $b) { groups { id title } } }", {"b": [BOARD]})
        return [group["title"] for group in answer.data["boards"][0]["groups"]]
