"""Ties the SDL to the world: how each field is read, and what each mutation does."""

import asyncio
import json
import random
from pathlib import Path

from graphql import GraphQLError, build_schema

from . import errors
from .pages import Pages
from .world import decode_values

API_VERSION = "2026-10"
SDL = Path(__file__).resolve().parent.parent / "schema.graphql"
VALUE_TYPES = {
    "text": "TextValue", "long_text": "LongTextValue", "numbers": "NumbersValue", "date": "DateValue",
    "status": "StatusValue", "dropdown": "DropdownValue", "checkbox": "CheckboxValue", "item_id": "ItemIdValue",
    "subtasks": "SubtasksValue", "mirror": "MirrorValue", "formula": "FormulaValue",
    "board_relation": "BoardRelationValue",
}  # fmt: skip
ACCOUNT = {"id": "1", "name": "Sandbox", "slug": "sandbox"}


class CellView:
    """One column of one item, as `column_values` shows it."""

    __slots__ = ("column", "item")

    def __init__(self, item, column):
        self.item = item
        self.column = column

    @property
    def cell(self):
        return self.item.cells.get(self.column.id)


def make_schema(world):
    """An executable schema over one world."""
    schema = build_schema(SDL.read_text())
    _json_is_text(schema)
    pages = Pages(world)
    queries = {
        "boards": lambda c, ids=None, limit=25, page=1, state="active", **_: _boards(world, ids, limit, page, state),
        "items": lambda c, **args: _items(world, **args),
        "items_page_by_column_values": lambda c, **args: pages.by_column_values(**args),
        "next_items_page": lambda c, cursor, limit: pages.follow(cursor, limit),
        "complexity": lambda c: c.complexity,
        "me": lambda c: {"id": "1", "name": "Sandbox", "email": "sandbox@example.com", "account": _account(world)},
        "account": lambda c: _account(world),
        "platform_api": lambda c: {"daily_limit": dict.fromkeys(("base", "total"), world.settings.limits()[3])},
        "version": lambda c: {"display_name": "Current", "kind": "current", "value": API_VERSION},
    }
    for name, function in queries.items():
        schema.query_type.fields[name].resolve = _query(function)
    for name, function in _mutations(world).items():
        schema.mutation_type.fields[name].resolve = _mutation(function)
    schema.mutation_type.fields["complexity"].resolve = lambda _, info: info.context.complexity
    fields = {
        "Board": _board_fields(pages),
        "Column": _column_fields(),
        "Group": _group_fields(world, pages),
        "Item": _item_fields(),
    }
    for type_name, functions in fields.items():
        for name, function in functions.items():
            schema.type_map[type_name].fields[name].resolve = function
    interface = schema.type_map["ColumnValue"]
    interface.resolve_type = lambda view, *_: VALUE_TYPES.get(view.column.type, "UnsupportedValue")
    for type_name in {*VALUE_TYPES.values(), "UnsupportedValue"}:
        for name, field in schema.type_map[type_name].fields.items():
            field.resolve = _VALUE_FIELDS[name]
    return schema


def _query(function):
    def resolve(_, info, **args):
        seconds = info.context.latency("query")
        return _later(seconds, lambda: function(info.context, **args)) if seconds else function(info.context, **args)

    return resolve


def _mutation(function):
    def resolve(_, info, **args):
        context, alias, field = info.context, info.path.key, info.field_name
        seconds = context.latency(field)
        act = lambda: context.perform(alias, field, args, lambda: function(**args))  # noqa: E731
        return _later(seconds, act) if seconds else act()

    return resolve


async def _later(seconds, act):
    await asyncio.sleep(seconds)
    return act()


def _mutations(world):
    def change(board_id, item_id, values, create_labels_if_missing):
        if item_id is None:
            raise errors.invalid_item(item_id)
        return world.change_values(board_id, item_id, values, bool(create_labels_if_missing))

    def create_item(board_id, item_name, group_id=None, column_values=None, create_labels_if_missing=None, **_):
        return world.create_item(board_id, item_name, group_id, decode_values(column_values), bool(create_labels_if_missing))

    def create_subitem(parent_item_id, item_name, column_values=None, create_labels_if_missing=None):
        return world.create_subitem(parent_item_id, item_name, decode_values(column_values), bool(create_labels_if_missing))

    def create_group(board_id, group_name, relative_to=None, position_relative_method=None, group_color=None):
        return world.create_group(board_id, group_name, relative_to, position_relative_method, group_color)

    def create_column(board_id, title, column_type, id=None, description=None, defaults=None, after_column_id=None):
        settings = decode_values(defaults) or {}
        labels = settings.pop("labels", [])
        if isinstance(labels, dict):
            labels = list(labels.values())
        return world.create_column(board_id, title, column_type, id, description, labels, settings, after_column_id)

    def change_multiple(board_id, column_values, item_id=None, create_labels_if_missing=None):
        return change(board_id, item_id, decode_values(column_values) or {}, create_labels_if_missing)

    def change_simple(board_id, column_id, item_id=None, value=None, create_labels_if_missing=None):
        return change(board_id, item_id, {column_id: value}, create_labels_if_missing)

    def change_one(board_id, column_id, value, item_id=None, create_labels_if_missing=None):
        try:
            decoded = json.loads(value)
        except ValueError:
            raise errors.ApiError("JsonParseException", "Invalid JSON in value", status_code=400) from None
        return change(board_id, item_id, {column_id: decoded}, create_labels_if_missing)

    return {
        "create_item": create_item,
        "create_subitem": create_subitem,
        "create_group": create_group,
        "create_column": create_column,
        "change_multiple_column_values": change_multiple,
        "change_simple_column_value": change_simple,
        "change_column_value": change_one,
        "move_item_to_group": lambda group_id, item_id=None: world.move(item_id, group_id),
        "archive_item": lambda item_id=None: world.set_state(world.item(item_id), "archived"),
        "delete_item": lambda item_id=None: world.set_state(world.item(item_id, ("active", "archived")), "deleted"),
        "archive_group": lambda board_id, group_id: world.remove_group(board_id, group_id, "archived"),
        "delete_group": lambda board_id, group_id: world.remove_group(board_id, group_id, "deleted"),
        "update_group": lambda board_id, group_id, group_attribute, new_value: world.update_group(
            board_id, group_id, group_attribute, new_value
        ),
    }


def _boards(world, ids, limit, page, state):
    boards = [b for i in ids if (b := world.boards.get(errors.number(i)))] if ids else list(world.boards.values())
    return boards[(page - 1) * limit : page * limit] if state in ("active", "all") else []


def _items(world, ids=None, limit=25, page=1, exclude_nonactive=None, newest_first=None, **_):
    if ids is None or len(ids) > 100:
        raise errors.ApiError("InvalidArgumentException", "Provide between 1 and 100 item ids")
    states = ("active",) if exclude_nonactive else ("active", "archived", "deleted")
    found = [world.items[n] for n in dict.fromkeys(map(errors.number, ids)) if n in world.items]
    found = [item for item in found if item.state in states]
    if newest_first:
        found.sort(key=lambda item: -item.id)
    elif world.settings.shuffle:
        random.Random(world.settings.seed).shuffle(found)
    return found[(page - 1) * limit : page * limit]


def _account(world):
    plan = {"max_users": 10, "period": "yearly", "tier": world.settings.plan, "version": 10}
    return ACCOUNT | {"plan": plan, "tier": world.settings.plan}


def _board_fields(pages):
    return {
        "state": lambda board, _: "active",
        "items_count": lambda board, _: board.active_count,
        "url": lambda board, _: f"https://sandbox.example.com/boards/{board.id}",
        "columns": lambda board, _, ids=None, types=None: [
            c for c in board.columns.values() if (not ids or c.id in ids) and (not types or c.type in types) and not c.archived
        ],
        "groups": lambda board, _, ids=None: [g for g in board.active_groups() if not ids or g.id in ids],
        "top_group": lambda board, _: board.active_groups()[0],
        "items_page": lambda board, _, **args: pages.of(board, None, **args),
    }


def _column_fields():
    return {
        "settings": lambda column, _: column.full_settings(),
        "settings_str": lambda column, _: column.settings_text(),
        "width": lambda column, _: None,
        "revision": lambda column, _: str(column.revision),
    }


def _group_fields(world, pages):
    def board(group):
        return next(b for b in world.boards.values() if group in b.groups)

    return {
        "position": lambda group, _: board(group).position(group),
        "items_page": lambda group, _, **args: pages.of(board(group), group, **args),
    }


def _item_fields():
    def column_values(item, _, ids=None, types=None):
        columns = item.board.columns
        chosen = [columns[i] for i in ids if i in columns] if ids else columns.values()
        return [CellView(item, c) for c in chosen if c.type != "name" and (not types or c.type in types)]

    return {
        "subitems": lambda item, _: item.active_subitems(),
        "parent_item": lambda item, _: item.parent,
        "column_values": column_values,
        "email": lambda item, _: f"item-{item.id}@sandbox.example.com",
        "relative_link": lambda item, _: f"/boards/{item.board.id}/pulses/{item.id}",
        "url": lambda item, _: f"https://sandbox.example.com/boards/{item.board.id}/pulses/{item.id}",
    }


def _text(view, _):
    if view.column.type == "item_id":
        return str(view.item.id)
    if view.column.type in ("mirror", "formula", "board_relation"):
        return None
    if view.column.type == "subtasks":
        return ", ".join(item.name for item in view.item.active_subitems())
    return view.item.text(view.column.id)


def _value(view, _):
    """JSON in a string, null for an empty cell."""
    if view.column.type == "item_id":
        return json.dumps({"item_id": view.item.id})
    return None if view.cell is None else json.dumps(view.cell.value, ensure_ascii=False)


def _part(name):
    def resolve(view, _):
        value = None if view.cell is None else view.cell.value
        return value.get(name) if isinstance(value, dict) else None

    return resolve


def _options(view, _):
    ids = view.cell.value["ids"] if view.cell else []
    return [{"id": i, "label": view.column.labels.by_id[i]} for i in ids]


_VALUE_FIELDS = {
    "column": lambda view, _: view.column,
    "id": lambda view, _: view.column.id,
    "type": lambda view, _: view.column.type,
    "is_leaf": lambda view, _: not view.item.subitems,
    "text": _text,
    "value": _value,
    "number": lambda view, _: float(view.cell.text) if view.cell else None,
    "date": _part("date"),
    "time": _part("time"),
    "index": _part("index"),
    "checked": _part("checked"),
    "label": lambda view, _: view.cell.text if view.cell else None,
    "values": _options,
    "item_id": lambda view, _: view.item.id,
    "display_value": lambda view, _: _text(view, None) or "",
    "subitems_ids": lambda view, _: [item.id for item in view.item.active_subitems()],
    "linked_item_ids": lambda view, _: [],
}


def _json_is_text(schema):
    """JSON going in must be a string; coming out it is what the field gives (`settings` gives an object)."""

    def parse_value(value):
        if not isinstance(value, str):
            raise GraphQLError("JSON must be given as a string that holds JSON")
        return value

    scalar = schema.type_map["JSON"]
    scalar.serialize = lambda value: value
    scalar.parse_value = parse_value
    scalar.parse_literal = lambda node, _variables=None: parse_value(getattr(node, "value", None))

