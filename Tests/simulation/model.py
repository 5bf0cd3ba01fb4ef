"""What the board and the production tables should hold, by the rules and not by the programs' code.

Each source row bears a name of its own in a column that the sync never reads, so the model knows who is who through every
reload and every corrected key. An order stands on the board as its row last was when it could be read; a row that can't be
leaves it as it was. What comes of an order without a row, of an item that a person took off the board, and of the subitem of
a size that is gone, is said by the world.
"""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Look:
    """What a row must look like on the board, and so in production."""

    title: str
    group: str
    customer: str
    cells: tuple
    #: Label and quantity of each size above zero.
    sizes: tuple


@dataclass
class Order:
    #: As its row last was when it could be read.
    look: Look
    #: What its item shows, and production tells; the sizes apart.
    shown: Look
    #: The subitems that were made and never taken away by us, with what they were last set to.
    subitems: dict = field(default_factory=dict)
    #: Those of them that a person took off the board.
    lost: set = field(default_factory=set)
    #: The sizes that production tells.
    promoted: dict = field(default_factory=dict)
    is_gone: bool = False
    #: Whether its item was archived by us, and whether by a person.
    is_archived: bool = False
    is_removed: bool = False
    #: Whether its last change died since its item is off the board.
    is_dead: bool = False

    @property
    def is_on_board(self):
        return not self.is_archived and not self.is_removed

    def board(self):
        """What stands on the board: the item, and all its subitems."""
        sizes = {label: n for label, n in self.subitems.items() if label not in self.lost}
        return _shown(self.shown, sizes)

    def production(self, zeroed):
        status = "" if not self.is_gone else zeroed
        return (*_shown(self.shown, self.promoted), status)


def _shown(look, sizes):
    return look.title, look.group, look.customer, look.cells, tuple(sorted(sizes.items()))


class Model:
    def __init__(self, world, looks):
        self.world = world
        #: Gives what a row must look like; None for a row that can't be read.
        self._looks = looks
        #: By the rows' names.
        self.orders = {}
        #: The order numbers of the rows that could not be read today.
        self.rejected = []

    def take(self, rows):
        """Takes a day's rows over; says how many orders are new, changed and gone."""
        counts = Counter()
        self.rejected = []
        for name in self.orders.keys() - {row["name"] for row in rows}:
            if not self.orders[name].is_gone:
                self._leave(self.orders[name])
                counts["gone"] += 1
        for row in rows:
            look, name = self._looks(row), row["name"]
            if look is None:
                counts["rejected"] += 1
                self.rejected.append(row["AAG ORDER NUMBER"])
            elif name not in self.orders:
                counts["new"] += 1
                self.orders[name] = order = Order(look, look)
                self._make(order)
            else:
                counts[self._follow(self.orders[name], look)] += 1
        counts.pop("unchanged", None)
        return counts

    def restore(self, order):
        """A person puts the item back that was taken off the board; whoever watches the dead jobs sends them again."""
        order.is_removed = False
        if order.is_dead:
            order.is_dead = False
            self._write(order)

    # --- what the rules say ---

    def _leave(self, order):
        order.is_gone = True
        if self.world.gone == "report":
            return
        order.is_dead = False
        if self.world.gone == "archive" or order.is_removed:
            # Once that is asked for, nobody asks any more who took the item off the board.
            order.is_archived, order.is_removed = True, False
        if self.world.gone == "zero":
            order.subitems = {label: 0 for label, n in order.subitems.items() if n == 0 or label not in order.lost}
            order.lost &= order.subitems.keys()
            order.promoted = dict.fromkeys(order.promoted, 0)

    def _follow(self, order, look):
        came_back = order.is_gone and self.world.gone != "report"
        is_changed = came_back or look != order.look
        order.is_gone = False
        order.look = look
        if not is_changed:
            return "unchanged"
        if order.is_archived or (order.is_removed and self.world.removed_items == "recreate"):
            self._make(order)
        elif order.is_removed:
            order.is_dead = True
        else:
            self._write(order)
        return "changed"

    def _make(self, order):
        """The item is made, or made anew."""
        order.is_archived = order.is_removed = order.is_dead = False
        order.lost = set()
        order.subitems = dict(order.look.sizes)
        self._promote(order)

    def _write(self, order):
        """The item and its subitems are brought to the order's state; only what differs is touched."""
        wanted = dict(order.look.sizes)
        for label, quantity in wanted.items():
            if order.subitems.get(label) != quantity:
                order.lost.discard(label)
                order.subitems[label] = quantity
        for label in order.subitems.keys() - wanted.keys():
            if self.world.removed_sizes == "delete" or (label in order.lost and order.subitems[label] != 0):
                del order.subitems[label]
                order.lost.discard(label)
            else:
                order.subitems[label] = 0
        self._promote(order)

    def _promote(self, order):
        order.shown = order.look
        order.promoted = dict(order.subitems)

    # --- what should be there ---

    def board(self):
        return Counter(order.board() for order in self.orders.values() if order.is_on_board)

    def production(self):
        zeroed = {"archive": "ARCHIVED", "zero": "ZEROED", "report": ""}[self.world.gone]
        return Counter(order.production(zeroed) for order in self.orders.values())

    def dead(self):
        return sum(order.is_dead for order in self.orders.values())
