"""Pages of items: `items_page`, `items_page_by_column_values`, `next_items_page` and their cursors."""

import random
import secrets
from collections import OrderedDict
from dataclasses import dataclass

from . import errors

LARGEST_PAGE = 500
MOST_CURSORS = 10_000


@dataclass(slots=True)
class Cursor:
    """The rest of a result, as it was when its first page was read."""

    item_ids: list
    position: int
    until: float


class Pages:
    def __init__(self, world):
        self._world = world
        self._cursors = OrderedDict()

    def of(self, board, group, limit=25, cursor=None, query_params=None, **_):
        if cursor is not None:
            if query_params is not None:
                raise errors.ApiError("InvalidArgumentException", "cursor and query_params cannot be used together")
            return self.follow(cursor, limit)
        items = [i for i in board.active_items() if group is None or i.group is group]
        ordered = False
        if query_params:
            items, ordered = self._filter(board, items, query_params)
        return self._first(items, limit, ordered)

    def by_column_values(self, board_id, columns=None, cursor=None, limit=25, **_):
        if cursor is not None:
            if columns is not None:
                raise errors.ApiError("InvalidArgumentException", "cursor and columns cannot be used together")
            return self.follow(cursor, limit)
        if not columns:
            raise errors.ApiError("InvalidArgumentException", "columns is required")
        board = self._world.board(board_id)
        found = None
        for wanted in columns:
            column = self._column(board, wanted["column_id"])
            if column.type in ("mirror", "formula", "tags", "rating", "board_relation", "item_id", "subtasks"):
                raise errors.ApiError("InvalidColumnTypeException", f"Searching by column type {column.type} is not supported")
            items = self._world.search.find(board, column, wanted["column_values"])
            found = items if found is None else [item for item in found if item in items]
        return self._first(found, limit, False)

    def follow(self, token, limit):
        """The next page; a cursor lives 60 minutes from the first page, however often it is followed."""
        _check_limit(limit)
        cursor = self._cursors.get(token)
        if cursor is None or cursor.until <= self._world.clock.now():
            raise errors.ApiError(
                "CursorExpiredError",
                "The cursor provided for pagination has expired. Please refresh your query and obtain a new cursor "
                "to continue fetching items",
            )
        return self._page(cursor.item_ids, cursor.position, limit, cursor.until)

    def _first(self, items, limit, ordered):
        _check_limit(limit)
        if self._world.settings.shuffle and not ordered:
            items = list(items)
            random.Random(f"{self._world.settings.seed}:{len(items)}").shuffle(items)
        until = self._world.clock.now() + self._world.settings.cursor_seconds
        return self._page([item.id for item in items], 0, limit, until)

    def _page(self, item_ids, position, limit, until):
        end = position + limit
        items = [self._world.items[i] for i in item_ids[position:end]]
        token = None
        if end < len(item_ids):
            token = secrets.token_urlsafe(18)
            self._cursors[token] = Cursor(item_ids, end, until)
            if len(self._cursors) > MOST_CURSORS:
                self._cursors.popitem(last=False)
        return {"cursor": token, "items": [item for item in items if item.state == "active"]}

    def _filter(self, board, items, query):
        """Rules see what a search sees, so a fresh value may be missing."""
        ids = query.get("ids")
        if ids is not None:
            if len(ids) > 100:
                raise errors.ApiError("InvalidArgumentException", "query_params.ids is limited to 100 ids")
            wanted = {errors.number(i) for i in ids}
            items = [item for item in items if item.id in wanted]
        rules = query.get("rules") or []
        if rules:
            every = query.get("operator", "and") == "and"
            keep = all if every else any
            items = [item for item in items if keep(self._passes(board, item, rule) for rule in rules)]
        order = query.get("order_by")
        for by in reversed(order or []):
            items = sorted(items, key=lambda i: _order(i, by["column_id"]), reverse=by.get("direction") == "desc")
        return items, bool(order)

    def _passes(self, board, item, rule):
        column_id, operator, wanted = rule["column_id"], rule.get("operator", "any_of"), rule["compare_value"]
        wanted = [str(v).lower() for v in (wanted if isinstance(wanted, list) else [wanted])]
        if column_id == "group":
            return (item.group.id.lower() in wanted) == (operator == "any_of")
        self._column(board, column_id)
        seen = self._world.search.value(item, column_id).lower()
        match operator:
            case "any_of":
                return seen in wanted
            case "not_any_of":
                return seen not in wanted
            case "is_empty":
                return seen == ""
            case "is_not_empty":
                return seen != ""
            case _:
                return any(value in seen for value in wanted)

    def _column(self, board, column_id):
        column = board.columns.get(column_id)
        if column is None:
            raise errors.invalid_column(board.id, column_id)
        return column


def _order(item, column_id):
    """`__creation_log__` orders by age; every other column by its text."""
    return (item.id, "") if column_id in ("__creation_log__", "__last_updated__") else (0, item.text(column_id))


def _check_limit(limit):
    if not 1 <= limit <= LARGEST_PAGE:
        raise errors.ApiError("InvalidArgumentException", f"limit must be between 1 and {LARGEST_PAGE}")
