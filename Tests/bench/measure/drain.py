"""The whole way: orders with their subitems from the source to the board, by the real programs."""

import json
import subprocess
import sys
import time

from . import configuration
from .lab import SANDBOX, YARDSTICKS
from .table import Row, megabytes, rate

ORDERS = 1_000
SIZES = 6
MEMORY_GOAL = 60 * 2**20
#: As many requests at once as the daemon reaches on an unlimited board.
REQUESTS_AT_ONCE = 8


class Board:
    """A sandbox without latency or limits."""

    def __init__(self, lab):
        self.port_file = lab.fresh() / "port"
        self.process = subprocess.Popen(
            [
                *(sys.executable, SANDBOX, "--port-file", self.port_file, "--token", configuration.TOKEN, "--die-with-parent"),
                *("--plan", "unlimited"),
            ],
            stdout=subprocess.DEVNULL,
        )

    def __enter__(self):
        while not self.port_file.exists():
            if self.process.poll() is not None:
                sys.exit("bench: the sandbox did not start")
            time.sleep(0.05)
        self.endpoint = f"http://127.0.0.1:{self.port_file.read_text().strip()}/v2"
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def measure(lab):
    orders = ORDERS * lab.scale
    warehouse = lab.source(orders, "--sizes", SIZES)
    folder = lab.fresh()
    with Board(lab) as board:
        environment = configuration.write(folder, warehouse, board.endpoint)
        lab.program("ordersyncd", "migrate", environment=environment)
        lab.program("ordersync-enqueue", "--all", "--quiet", environment=environment)
        usage = lab.program("ordersyncd", "drain", "--json", environment=environment)
    outcome = json.loads(usage.output)
    if outcome["done"] != orders:
        sys.exit(f"bench: {orders} orders should be done: {usage.output}")
    with Board(lab) as board:
        resent = lab.python(
            YARDSTICKS / "resend.py", folder / "journal.sqlite", board.endpoint, configuration.TOKEN, REQUESTS_AT_ONCE
        )
    theirs = orders / float(resent.output)
    reached = orders / usage.seconds
    yield Row(
        f"drain, {orders:,} orders with {SIZES} subitems each",
        rate(reached, "orders"),
        f"{rate(theirs, 'orders')} the bare requests",
        reached / theirs,
        "",
        None,
    )
    yield Row(
        "  CPU an order",
        f"{usage.cpu / orders * 1000:.1f} ms",
        f"{resent.cpu / orders * 1000:.1f} ms aiohttp",
        usage.cpu / resent.cpu,
        "",
        None,
    )
    yield Row(
        "  the daemon's peak memory",
        megabytes(usage.peak_bytes),
        f"{megabytes(resent.peak_bytes)} aiohttp",
        None,
        f"≤ {megabytes(MEMORY_GOAL)}",
        usage.peak_bytes <= MEMORY_GOAL,
    )
