"""The columns of ORDERS_UNIFIED, read from the project's own DDL."""

import re
from dataclasses import dataclass
from pathlib import Path

SQL = Path(__file__).resolve().parents[3] / "sql"
DDL = SQL / "sqlite" / "source_orders_unified.sql"
SERVER_DDL = SQL / "sqlserver" / "source_orders_unified_sqlserver.sql"
COLUMN = re.compile(r'^    "(?P<name>(?:[^"]|"")+)" (?P<type>\w+)', re.MULTILINE)


@dataclass(frozen=True)
class Layout:
    """Column names in table order, which of them are whole numbers, and the size labels."""

    names: tuple
    integers: frozenset
    sizes: tuple

    @property
    def index(self):
        return {name: position for position, name in enumerate(self.names)}


def read(ddl=None):
    """The layout; the sizes are the whole-number columns strictly between UNIT OF MEASURE and TOTAL QTY."""
    text = DDL.read_text() if ddl is None else ddl
    found = [(m["name"].replace('""', '"'), m["type"]) for m in COLUMN.finditer(text)]
    names = tuple(name for name, _ in found)
    integers = frozenset(name for name, kind in found if kind == "INT")
    block = names[names.index("UNIT OF MEASURE") + 1 : names.index("TOTAL QTY")]
    return Layout(names, integers, tuple(name for name in block if name in integers))


def create_table(table):
    """The DDL for a table of another name."""
    return DDL.read_text().replace('"ORDERS_UNIFIED"', quoted(table))


def quoted(name):
    return '"' + name.replace('"', '""') + '"'
