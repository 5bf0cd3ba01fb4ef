"""The sandbox as a whole: one account's boards, its limits, its memory of keys, its faults and its logs."""

import random
from collections import Counter

from graphql import GraphQLError

from . import answers, seed
from .clock import Clock
from .engine import Engine
from .faults import FaultScript
from .idempotency import IdempotencyCache
from .limits import Limits
from .record import MutationLog, RequestLog
from .resolvers import make_schema
from .settings import Settings
from .world import World


class Sandbox:
    def __init__(self, settings=None, log_path=None, board_path=None, clock=None):
        self.settings = settings or Settings()
        self._first_settings = vars(self.settings).copy()
        self.clock = clock or Clock()
        self.mutations = MutationLog(log_path)
        self.requests = RequestLog()
        self.faults = FaultScript(self.clock)
        self._board_path = board_path
        self._reset_world(None)

    def reset(self, boards=None):
        """As at the start: settings, boards, no faults, no remembered keys; `boards` replaces the seed file."""
        self.settings.merge(self._first_settings)
        self.mutations.clear()
        self.requests.clear()
        self.faults.load([])
        self._reset_world(boards)

    def latency(self, field):
        """Seconds that a call of a field takes now."""
        seconds = self.settings.latency.get(field, self.settings.latency.get("default", 0))
        if not seconds:
            return 0
        return seconds * (1 + self.settings.jitter * self._random.uniform(-1, 1))

    def state(self):
        """Everything on the boards, and the counts a test looks at, as JSON."""
        return {
            "boards": [_board(board) for board in self.world.boards.values()],
            "counts": dict(self.requests.counts)
            | {
                "mutations": len(self.mutations.entries),
                "most_in_flight": self.limits.most_in_flight,
                "most_in_flight_by_board": {str(k): v for k, v in self.most_on_board.items()},
                "requests_that_shared_an_item": self.overlaps,
                "key_with_other_body": self.idempotency.other_body,
                "bugs": len(self.bugs),
            },
            "faults": self.faults.describe(),
            "points_left": self.limits.left(),
        }

    def _reset_world(self, boards):
        self.world = World(self.clock, self.settings)
        self.engine = Engine(make_schema(self.world), self.settings)
        self.limits = Limits(self.clock, self.settings)
        self.idempotency = IdempotencyCache(self.clock, self.settings)
        self.on_board = Counter()
        self.on_item = Counter()
        self.overlaps = 0
        self.most_on_board = {}
        self.bugs = []
        self._random = random.Random(self.settings.seed)
        if boards is None:
            seed.load(self.world, self._board_path)
        else:
            seed.plant(self.world, boards)

    # --- what runs at the same time ---

    def touched(self, calls):
        """The boards and the items that the mutations of a request touch; a new subitem touches its parent."""
        boards, items = set(), set()
        for call in calls:
            item = self.world.items.get(_number(call.args.get("item_id")))
            parent = self.world.items.get(_number(call.args.get("parent_item_id")))
            items |= {i.id for i in (item, parent) if i is not None}
            if call.args.get("board_id") is not None:
                boards.add(_number(call.args["board_id"]))
            elif item is not None:
                boards.add(item.board.id)
            elif parent is not None:
                boards.add(parent.board.subitem_board)
        return boards, items

    def enter(self, boards, items):
        """Counts a mutating request on its boards and items; False when one of the boards is locked."""
        limit = self.settings.board_lock
        if limit is not None and any(self.on_board[board] >= limit for board in boards):
            return False
        for board in boards:
            self.on_board[board] += 1
            self.most_on_board[board] = max(self.most_on_board.get(board, 0), self.on_board[board])
        self.overlaps += any(self.on_item[item] for item in items)
        self.on_item.update(items)
        return True

    def leave(self, boards, items):
        self.on_board.subtract(boards)
        self.on_item.subtract(items)
        for item in items:
            if not self.on_item[item]:
                del self.on_item[item]


def invalid(errors):
    """A document or variables that do not fit the schema: message and locations only, no `data`."""
    body = {"errors": [_plain(error) for error in errors]}
    return answers.of(200, body, "GraphQL validation")


def _plain(error: GraphQLError):
    formatted = error.formatted
    return {k: formatted[k] for k in ("message", "locations") if k in formatted}


def _number(value):
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _board(board):
    groups = {id(group): [] for group in board.groups}
    for item in board.items.values():
        if item.parent is None:
            groups[id(item.group)].append(_item(item))
    return {
        "id": str(board.id),
        "name": board.name,
        "type": board.type,
        "items_count": board.active_count,
        "columns": [
            {"id": c.id, "title": c.title, "type": c.type}
            | ({"labels": list(c.labels.by_id.values())} if c.labels else {})
            for c in board.columns.values()
        ],
        "groups": [
            {"id": g.id, "title": g.title, "archived": g.archived, "deleted": g.deleted, "items": groups[id(g)]}
            for g in board.groups
        ],
    }


def _item(item):
    shown = {
        "id": str(item.id),
        "name": item.name,
        "state": item.state,
        "columns": {column_id: cell.text for column_id, cell in item.cells.items()},
    }
    if item.parent is None:
        shown["subitems"] = [_item(subitem) for subitem in item.subitems]
    return shown
