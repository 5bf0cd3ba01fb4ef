"""`/_sandbox/…`: what a test or a person at the keyboard does to the sandbox, beside the API."""

import json

import yaml
from aiohttp import web

from .errors import ApiError
from .sandbox import Sandbox


class Admin:
    def __init__(self, sandbox: Sandbox):
        self.sandbox = sandbox

    def routes(self):
        return [
            web.get("/_sandbox/state", self.state),
            web.get("/_sandbox/log", self.log),
            web.get("/_sandbox/requests", self.requests),
            web.get("/_sandbox/faults", self.show_faults),
            web.post("/_sandbox/faults", self.load_faults),
            web.get("/_sandbox/settings", self.show_settings),
            web.post("/_sandbox/settings", self.change_settings),
            web.post("/_sandbox/clock", self.wind_clock),
            web.post("/_sandbox/edit", self.edit),
            web.post("/_sandbox/reset", self.reset),
        ]

    async def state(self, _):
        return _json(self.sandbox.state())

    async def log(self, request):
        """Executed mutations, from `?after=` (a number) on."""
        after = int(request.query.get("after", 0))
        return _json(self.sandbox.mutations.entries[after:])

    async def requests(self, _):
        return _json(list(self.sandbox.requests.entries))

    async def show_faults(self, _):
        return _json(self.sandbox.faults.describe())

    async def load_faults(self, request):
        """Replaces the script; with `?add` the rule or rules are added to it."""
        script = await _body(request)
        try:
            if "add" in request.query:
                for rule in script if isinstance(script, list) else [script]:
                    self.sandbox.faults.add(rule)
            else:
                self.sandbox.faults.load(script)
        except (ValueError, TypeError, AttributeError) as error:
            return _refused(error)
        return _json(self.sandbox.faults.describe())

    async def show_settings(self, _):
        return _json(vars(self.sandbox.settings))

    async def change_settings(self, request):
        try:
            self.sandbox.settings.merge(await _body(request))
        except (ValueError, TypeError) as error:
            return _refused(error)
        # Boards carry their own copy of the cap.
        for board in self.sandbox.world.boards.values():
            if board.type == "board":
                board.items_limit = self.sandbox.settings.items_limit
        return _json(vars(self.sandbox.settings))

    async def wind_clock(self, request):
        self.sandbox.clock.advance((await _body(request))["advance"])
        return _json({"now": self.sandbox.clock.now()})

    async def edit(self, request):
        """What people do on a board: {"do": "archive" | "delete" | "restore" | "set" | "move" | "copy" | "create" |
        "create_subitem" | "create_group" | "rename_group" | "archive_group" | "delete_group" | "remove_column", …}."""
        edit = await _body(request)
        world = self.sandbox.world
        try:
            result = _edit(world, edit)
        except (ApiError, KeyError, ValueError) as error:
            return _refused(error)
        return _json({"id": str(getattr(result, "id", ""))})

    async def reset(self, request):
        body = await _body(request) or {}
        self.sandbox.reset(body if "boards" in body else None)
        return _json({"boards": len(self.sandbox.world.boards)})


def _edit(world, edit):
    do = edit["do"]
    if do in ("archive", "delete", "restore"):
        state = {"archive": "archived", "delete": "deleted", "restore": "active"}[do]
        return world.set_state(world.item(edit["item"], ("active", "archived", "deleted")), state)
    if do == "set":
        item = world.item(edit["item"])
        return world.change_values(item.board.id, item.id, edit["values"], create_labels=True)
    if do == "move":
        return world.move(edit["item"], edit["group"])
    if do == "copy":
        return _copy(world, world.item(edit["item"]))
    if do == "create":
        return world.create_item(edit["board"], edit["name"], edit.get("group"), edit.get("values"), create_labels=True)
    if do == "create_subitem":
        return world.create_subitem(edit["parent"], edit["name"], edit.get("values"), create_labels=True)
    if do == "create_group":
        return world.create_group(edit["board"], edit["title"])
    if do == "rename_group":
        return world.update_group(edit["board"], edit["group"], "title", edit["title"])
    if do in ("archive_group", "delete_group"):
        return world.remove_group(edit["board"], edit["group"], "archived" if do == "archive_group" else "deleted")
    if do == "remove_column":
        return world.board(edit["board"]).columns.pop(edit["column"])
    raise ValueError(f"unknown edit: {do}")


def _copy(world, item):
    """A person's «duplicate»: all values, the external key too, and the subitems."""
    values = _values(item)
    copy = world.create_item(item.board.id, f"{item.name} (copy)", item.group.id, values, create_labels=True)
    for subitem in item.active_subitems():
        world.create_subitem(copy.id, subitem.name, _values(subitem), create_labels=True)
    return copy


def _values(item):
    """Cells in the form in which they are written."""
    return {column_id: cell.value for column_id, cell in item.cells.items()}


async def _body(request):
    text = await request.text()
    return yaml.safe_load(text) if text.strip() else None


def _json(value):
    return web.json_response(value, dumps=lambda v: json.dumps(v, ensure_ascii=False))


def _refused(error):
    return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
