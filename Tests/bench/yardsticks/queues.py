"""Enqueues payloads into a queue from PyPI, as durably as the journal does, and prints the seconds that took.

    queues.py huey|litequeue PAYLOADS FILE JOBS JOBS_A_COMMIT
"""

import sys
import time

from huey import SqliteHuey
from litequeue import LiteQueue

#: The journal's: every commit is on the disk, and no checkpoint comes in between.
PRAGMAS = ("PRAGMA synchronous = FULL", "PRAGMA wal_autocheckpoint = 0")


def huey(payloads, path, jobs, jobs_a_commit):
    """Has no way to enqueue several in one transaction."""
    if jobs_a_commit != 1:
        sys.exit("huey commits every job by itself")
    queue = SqliteHuey("bench", filename=path, fsync=True)
    queue.storage.conn.execute(PRAGMAS[1])

    @queue.task()
    def sync(snapshot):
        return snapshot

    started = time.perf_counter()
    for number in range(jobs):
        sync(payloads[number % len(payloads)])
    return time.perf_counter() - started


def litequeue(payloads, path, jobs, jobs_a_commit):
    queue = LiteQueue(path)
    for pragma in PRAGMAS:
        queue.conn.execute(pragma)
    started = time.perf_counter()
    for start in range(0, jobs, jobs_a_commit):
        with queue.transaction():
            for number in range(start, min(start + jobs_a_commit, jobs)):
                queue.put(payloads[number % len(payloads)])
    return time.perf_counter() - started


def main():
    name, path, file, jobs, jobs_a_commit = sys.argv[1:]
    with open(path, encoding="utf-8") as lines:
        payloads = lines.read().splitlines()
    print({"huey": huey, "litequeue": litequeue}[name](payloads, file, int(jobs), int(jobs_a_commit)))


if __name__ == "__main__":
    main()
