"""What the board should hold, by the rules and not by the programs' code.

Each source row bears a name of its own in a column that the sync never reads, so the model knows who is who through every
reload and every corrected key. An order stands on the board as its row last was when it could be read; a row that can't be
leaves it as it was; an order without a row leaves the board; an item that a person archived comes back with the next change.
"""

import sys
from collections import Counter

from installation import TESTS

sys.path.insert(0, str(TESTS / "demo"))
import check as demo  # noqa: E402


class Model:
    def __init__(self, looks):
        #: Gives what a row must look like on the board; None for a row that can't be read.
        self._looks = looks
        #: What each order looks like, by its row's name.
        self.orders = {}
        #: The items that a person archived, of orders that have not changed since.
        self.removed = {}

    def take(self, rows):
        """Takes a day's rows over; says how many orders are new, changed and gone."""
        counts = Counter()
        for name in set(self.orders) - {row["name"] for row in rows}:
            del self.orders[name]
            self.removed.pop(name, None)
            counts["gone"] += 1
        for row in rows:
            look, name = self._looks(row), row["name"]
            if look is None:
                counts["rejected"] += 1
                continue
            if name not in self.orders:
                counts["new"] += 1
            elif self.orders[name] != look:
                counts["changed"] += 1
                self.removed.pop(name, None)
            self.orders[name] = look
        return counts

    def board(self):
        """What stands on the board, as often as it does."""
        return Counter(look for name, look in self.orders.items() if name not in self.removed)
