"""The account's boards and everything that can be done to them, by the API or by a person."""

import json
import random

from . import errors
from .board import Board, Group, Item
from .columns import WITH_LABELS, Column, check
from .labels import Labels
from .search import SearchIndex

NAME_LIMIT = 255
FIRST_ITEM_ID = 9731000001  # ten digits, above 32 bits, as the real ones


class World:
    """Boards in memory. Every change checks all it needs before it touches anything."""

    def __init__(self, clock, settings):
        self.clock = clock
        self.settings = settings
        self.boards = {}
        self.items = {}
        self.search = SearchIndex(clock, settings)
        self._random = random.Random(settings.seed)
        self._next_item = FIRST_ITEM_ID

    # --- looking up ---

    def board(self, board_id):
        board = self.boards.get(errors.number(board_id))
        if board is None:
            raise errors.invalid_board(board_id)
        return board

    def item(self, item_id, states=("active",)):
        item = self.items.get(errors.number(item_id))
        if item is None or item.state not in states:
            raise errors.invalid_item(item_id)
        return item

    # --- groups ---

    def create_group(self, board_id, title, relative_to=None, method=None, color=None, group_id=None):
        board = self.board(board_id)
        _check_name(title, "Group name")
        anchor = None
        if relative_to is not None:
            anchor = board.group(relative_to)
            if anchor is None:
                raise errors.missing_group(board_id, relative_to)
        group = Group(group_id or self._group_id(board), title, color or "#579bfc")
        board.place(group, anchor, method)
        return group

    def remove_group(self, board_id, group_id, how):
        board = self.board(board_id)
        group = board.group(group_id)
        if group is None or not group.active:
            raise errors.missing_group(board_id, group_id)
        if len(board.active_groups()) == 1:
            raise errors.ApiError("DeleteLastGroupException", "Cannot delete the last group of a board", status_code=409)
        for item in [i for i in board.items.values() if i.group is group]:
            self.set_state(item, how)
        group.archived, group.deleted = how == "archived", how == "deleted"
        return group

    def update_group(self, board_id, group_id, attribute, value):
        board = self.board(board_id)
        group = board.group(group_id)
        if group is None:
            raise errors.missing_group(board_id, group_id)
        if attribute == "title":
            _check_name(value, "Group name")
            group.title = value
        elif attribute == "color":
            group.color = value
        else:
            anchor = board.group(value)
            if anchor is None or anchor is group:
                raise errors.missing_group(board_id, value)
            board.groups.remove(group)
            board.place(group, anchor, "before_at" if attribute.endswith("before") else "after_at")
        return group

    # --- items ---

    def create_item(self, board_id, name, group_id=None, values=None, create_labels=False, item_id=None):
        board = self.board(board_id)
        _check_name(name, "Item name")
        if group_id is None:
            group = board.active_groups()[0]
        else:
            group = board.group(group_id)
            if group is None or not group.active:
                raise errors.missing_group(board_id, group_id)
        plans = self._check_values(board, values, create_labels)
        self._check_room(board)
        return self._add(board, group, None, name, plans, item_id)

    def create_subitem(self, parent_id, name, values=None, create_labels=False, item_id=None):
        parent = self.item(parent_id)
        if parent.board.subitem_board is None:
            raise errors.ApiError("NoSubitemsColumnInThisBoard", "The board has no subitems column")
        board = self.board(parent.board.subitem_board)
        _check_name(name, "Item name")
        plans = self._check_values(board, values, create_labels)
        self._check_room(board)
        item = self._add(board, board.groups[0], parent, name, plans, item_id)
        parent.subitems.append(item)
        return item

    def change_values(self, board_id, item_id, values, create_labels=False):
        """All columns or none; the key `name` renames the item."""
        board = self.board(board_id)
        item = self._changeable(item_id)
        if item.board is not board:
            raise errors.invalid_item(item_id)
        values = dict(values)
        name = values.pop("name", None)
        if name is not None:
            _check_name(name, "Item name")
        plans = self._check_values(board, values, create_labels)
        texts = self._write(item, plans)
        if name is not None:
            item.name = name
            texts["name"] = name
        self.search.wrote(item, texts)
        return item

    def move(self, item_id, group_id):
        item = self._changeable(item_id)
        group = item.board.group(group_id)
        if group is None or not group.active:
            raise errors.missing_group(item.board.id, group_id)
        if item.parent is not None:
            raise errors.ApiError("InvalidArgumentException", "Subitems cannot be moved to a group")
        item.group = group
        return item

    def set_state(self, item, state, with_parent=False):
        """Archives, deletes or restores an item with its subitems."""
        if item.state != state:
            item.board.active_count += (state == "active") - (item.state == "active")
            item.state = state
        item.left_with_item = with_parent and state != "active"
        for subitem in item.subitems:
            # What was taken off by itself, before or after, stays off when its item comes back.
            if subitem.left_with_item or (state != "active" and subitem.state == "active"):
                self.set_state(subitem, state, with_parent=True)
        return item

    # --- columns ---

    def create_column(self, board_id, title, kind, column_id=None, description=None, labels=(), settings=None, after=None):
        board = self.board(board_id)
        column_id = column_id or f"{kind}_{self._suffix()}"
        if column_id in board.columns:
            raise errors.ApiError("InvalidArgumentException", f"Column id {column_id} is already in use")
        column = Column(column_id, title, kind, description, settings=settings or {})
        if kind in WITH_LABELS:
            column.labels = Labels(kind, labels)
        if after is not None and after not in board.columns:
            raise errors.invalid_column(board_id, after)
        order = list(board.columns)
        order.insert(order.index(after) + 1 if after is not None else len(order), column_id)
        board.columns[column_id] = column
        board.columns = {name: board.columns[name] for name in order}
        return column

    # --- inside ---

    def add_board(self, board: Board):
        self.boards[board.id] = board
        return board

    def _changeable(self, item_id):
        return self.item(item_id, ("active", "archived") if self.settings.archived_takes_changes else ("active",))

    def _check_values(self, board, values, create_labels):
        plans = []
        for column_id, raw in (values or {}).items():
            column = board.columns.get(column_id)
            if column is None or column.archived:
                raise errors.invalid_column(board.id, column_id)
            plans.append(check(column, raw, create_labels))
        return plans

    def _check_room(self, board):
        if board.items_limit is not None and board.active_count >= board.items_limit:
            raise errors.ApiError(
                "ItemsLimitationException", "Board has reached its items limit", error_data={"board_id": board.id}
            )

    def _add(self, board, group, parent, name, plans, item_id):
        if item_id is None:
            item_id = self._next_item
        self._next_item = max(self._next_item, item_id + 1)
        item = Item(item_id, name, board, group, parent)
        board.items[item.id] = self.items[item.id] = item
        board.active_count += 1
        texts = self._write(item, plans)
        texts["name"] = name
        self.search.wrote(item, texts)
        return item

    def _write(self, item, plans):
        texts = {}
        for plan in plans:
            cell = plan.commit()
            if cell is None:
                item.cells.pop(plan.column.id, None)
            else:
                item.cells[plan.column.id] = cell
            texts[plan.column.id] = None if cell is None else cell.text
        return texts

    def _group_id(self, board):
        while True:
            group_id = f"group_mk{self._suffix(6)}"
            if all(group.id != group_id for group in board.groups):
                return group_id

    def _suffix(self, length=8):
        return "".join(self._random.choices("abcdefghjkmnpqrstvwxyz0123456789", k=length))


def decode_values(text):
    """`column_values` is a string that holds a JSON object; anything else is a mistake of the client's encoder."""
    if text is None:
        return None
    try:
        values = json.loads(text)
    except ValueError:
        raise errors.ApiError("JsonParseException", "Invalid JSON in column values", status_code=400) from None
    if not isinstance(values, dict):
        raise errors.ApiError("InvalidArgumentException", "Column values must be a JSON object")
    return values


def _check_name(name, what):
    if not name or not name.strip():
        raise errors.ApiError("InvalidArgumentException", f"{what} cannot be empty")
    if len(name.encode("utf-16-le")) // 2 > NAME_LIMIT:
        raise errors.ApiError("ItemNameTooLongException", f"{what} is too long")
