"""Boards, groups and items, as plain objects in memory."""

from dataclasses import dataclass, field

from .columns import Cell, Column

GROUP_SPACING = 65536.0


@dataclass(slots=True, eq=False)
class Group:
    id: str
    title: str
    color: str = "#579bfc"
    archived: bool = False
    deleted: bool = False

    @property
    def active(self):
        return not (self.archived or self.deleted)


@dataclass(slots=True, eq=False)
class Item:
    id: int
    name: str
    board: "Board"
    group: Group
    parent: "Item | None" = None
    state: str = "active"
    #: Of a subitem: whether it left the board with its item.
    left_with_item: bool = False
    cells: dict[str, Cell] = field(default_factory=dict)
    subitems: list["Item"] = field(default_factory=list)

    def active_subitems(self):
        return [item for item in self.subitems if item.state == "active"]

    def text(self, column_id):
        cell = self.cells.get(column_id)
        return "" if cell is None else cell.text


@dataclass(slots=True, eq=False)
class Board:
    id: int
    name: str
    columns: dict[str, Column]
    groups: list[Group]
    type: str = "board"
    items_limit: int | None = None
    subitem_board: int | None = None
    items: dict[int, Item] = field(default_factory=dict)
    active_count: int = 0

    def group(self, group_id):
        """The group of this id unless it was deleted."""
        return next((g for g in self.groups if g.id == group_id and not g.deleted), None)

    def active_groups(self):
        return [group for group in self.groups if group.active]

    def position(self, group):
        return f"{GROUP_SPACING * (self.groups.index(group) + 1):.1f}"

    def place(self, group, relative_to, method):
        """Puts a new group where monday.com would: at the top by default; `before_at` alone means the bottom."""
        if relative_to is not None:
            index = self.groups.index(relative_to)
            self.groups.insert(index if method == "before_at" else index + 1, group)
        elif method == "before_at":
            self.groups.append(group)
        else:
            self.groups.insert(0, group)

    def active_items(self):
        return [item for item in self.items.values() if item.state == "active"]
