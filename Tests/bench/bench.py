#!/usr/bin/env python3
"""Measures ordersync beside yardsticks in the same run, and prints one table.

    bench.py --bin .build/release                    everything, in under five minutes
    bench.py --bin .build/release --only claim       one part of it
    bench.py --bin .build/release --scale 10         ten times as much

The part sqlserver needs a T-SQL server: an ODBC connection string in ORDERSYNC_TEST_SQLSERVER.
"""

import argparse
import sys
import time

from measure import claim, detection, drain, enqueue, sqlserver, staging
from measure.lab import Lab
from measure.table import text

PARTS = {"enqueue": enqueue, "claim": claim, "staging": staging, "detection": detection, "drain": drain, "sqlserver": sqlserver}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, metavar="FOLDER", help="where the programs are, built for release")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure only this part; repeatable")
    parser.add_argument("--scale", type=int, default=1, help="how many times as much is measured")
    return parser.parse_args()


def main():
    options = arguments()
    started = time.perf_counter()
    rows = []
    with Lab(options.bin, options.scale) as lab:
        for name in options.only or PARTS:
            print(f"measuring {name} …", file=sys.stderr, flush=True)
            rows += PARTS[name].measure(lab)
    print(text(rows))
    goals = [row.is_met for row in rows if row.is_met is not None]
    print(f"\n{sum(goals)} of {len(goals)} goals met; {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
