"""The table that the measurements end in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure, its yardstick measured in the same run, and what it shall be."""

    what: str
    figure: str
    yardstick: str
    #: How much of the yardstick's figure ours is; None where that says nothing.
    ratio: float | None
    goal: str
    #: None: there is no goal.
    is_met: bool | None

    def cells(self):
        met = {True: "yes", False: "NO", None: ""}[self.is_met]
        return (self.what, self.figure, self.yardstick, "" if self.ratio is None else f"{self.ratio:.2f}", self.goal, met)


HEADER = ("what", "ordersync", "yardstick, same run", "ratio", "goal", "met")


def text(rows):
    lines = [HEADER, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADER))]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines)


def rate(value, unit):
    return f"{value:,.0f} {unit}/s"


def megabytes(value):
    return f"{value / 2**20:.0f} MB"
