"""Builds boards from a YAML or JSON file: columns, labels, groups and, if wanted, items that are already there."""

from pathlib import Path

import yaml

from .board import Board, Group
from .columns import WITH_LABELS, Column
from .labels import Labels

DEFAULT = Path(__file__).resolve().parent.parent / "boards" / "customer-master-schedule.yaml"
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(world, path=None):
    seed = yaml.load(Path(path or DEFAULT).read_text(), Loader=Loader)
    plant(world, seed)


def plant(world, seed):
    """Adds the boards of a seed to a world; `seed` has the shape of the file."""
    for entry in seed["boards"]:
        world.add_board(_board(entry, world.settings))
    for entry in seed["boards"]:
        board = world.boards[entry["id"]]
        for item in entry.get("items", []):
            _item(world, board, item)


def _board(entry, settings):
    columns = {c["id"]: _column(c) for c in entry["columns"]}
    groups = [Group(g["id"], g["title"], g.get("color", "#579bfc")) for g in entry["groups"]]
    kind = entry.get("type", "board")
    return Board(
        id=entry["id"],
        name=entry["name"],
        columns=columns,
        groups=groups,
        type=kind,
        items_limit=settings.items_limit if kind == "board" else None,
        subitem_board=entry.get("subitem_board"),
    )


def _column(entry):
    column = Column(entry["id"], entry["title"], entry["type"], settings=entry.get("settings", {}))
    if column.type in WITH_LABELS:
        column.labels = Labels(column.type, entry.get("labels", ()))
    return column


def _item(world, board, entry):
    item = world.create_item(
        board.id, entry["name"], entry.get("group"), entry.get("values"), create_labels=True, item_id=entry.get("id")
    )
    for sub in entry.get("subitems", []):
        world.create_subitem(item.id, sub["name"], sub.get("values"), create_labels=True, item_id=sub.get("id"))
    if "state" in entry:
        world.set_state(item, entry["state"])
