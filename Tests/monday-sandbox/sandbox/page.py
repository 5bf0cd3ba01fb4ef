"""The page at `/`: the board as a person wants to see it, made on the server, without a script."""

from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader

from .sandbox import Sandbox

ITEMS_A_GROUP = 200
TEMPLATES = Path(__file__).resolve().parent / "templates"


class Page:
    def __init__(self, sandbox: Sandbox):
        self.sandbox = sandbox
        environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
        self._template = environment.get_template("board.html")

    def routes(self):
        return [web.get("/", self.show), web.get("/boards/{board}", self.show)]

    async def show(self, request):
        boards = self.sandbox.world.boards
        mains = [b for b in boards.values() if b.type == "board"]
        wanted = request.match_info.get("board")
        board = boards.get(int(wanted)) if wanted and wanted.isdigit() else (mains[0] if mains else None)
        if board is None:
            raise web.HTTPNotFound(text="No such board")
        every = "all" in request.query
        only = request.query.get("group")
        first = max(0, int(request.query["from"])) if request.query.get("from", "").isdigit() else 0
        groups = [self._group(board, g, every, first if only == g.id else 0) for g in board.active_groups() if only in (None, g.id)]
        html = self._template.render(
            board=board,
            boards=mains,
            groups=groups,
            only=only,
            every=every,
            page_size=ITEMS_A_GROUP,
            counts=self._counts(board),
        )
        return web.Response(text=html, content_type="text/html")

    def _counts(self, board):
        counts = self.sandbox.requests.counts
        subitems = self.sandbox.world.boards.get(board.subitem_board)
        return {
            "groups": len(board.active_groups()),
            "items": board.active_count,
            "subitems": subitems.active_count if subitems else 0,
            "requests": counts["requests"],
            "mutations": len(self.sandbox.mutations.entries),
        }

    def _group(self, board, group, every, first):
        items = [i for i in board.items.values() if i.group is group and i.state == "active" and i.parent is None]
        shown = items[first : first + ITEMS_A_GROUP]
        columns = _columns(board, shown, every)
        subitem_board = self.sandbox.world.boards.get(board.subitem_board)
        subitems = [s for i in shown for s in i.active_subitems()]
        return {
            "id": group.id,
            "title": group.title,
            "color": group.color,
            "total": len(items),
            "subitems": sum(len(i.active_subitems()) for i in items),
            "first": first,
            "items": shown,
            "columns": columns,
            "subitem_columns": _columns(subitem_board, subitems, False) if subitem_board else [],
        }


def _columns(board, items, every):
    """Columns that hold something in these items, in board order; all of them if wanted."""
    used = {column_id for item in items for column_id in item.cells}
    hidden = ("name", "subtasks", "item_id")
    return [c for c in board.columns.values() if c.type not in hidden and (every or c.id in used)]
