"""Enqueues payloads into a queue from PyPI, as durably as the journal does, and prints the seconds that took.

    queues.py huey|litequeue PAYLOADS FILE JOBS JOBS_A_COMMIT
"""

import sqlite3
import sys
import time

from huey import SqliteHuey
from litequeue import LiteQueue

#: The journal's own, so that all do the same for durability and have the same memory: every commit is on the disk, no checkpoint
#: comes in between. The first one counts only while the file is empty.
SPACE = "PRAGMA auto_vacuum = INCREMENTAL"
PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA wal_autocheckpoint = 0",
    "PRAGMA secure_delete = OFF",
    "PRAGMA mmap_size = 0",
    "PRAGMA cache_size = -12288",
)


def empty(path):
    """Makes the file, before the library makes its tables in it."""
    with sqlite3.connect(path) as connection:
        connection.execute(SPACE)
        connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    return path


def huey(payloads, path, jobs, jobs_a_commit):
    """Has no way to enqueue several in one transaction."""
    if jobs_a_commit != 1:
        sys.exit("huey commits every job by itself")
    queue = SqliteHuey("bench", filename=empty(path), fsync=True)
    for pragma in PRAGMAS:
        queue.storage.conn.execute(pragma)

    @queue.task()
    def sync(snapshot):
        return snapshot

    started = time.perf_counter()
    for number in range(jobs):
        sync(payloads[number % len(payloads)])
    return time.perf_counter() - started


def litequeue(payloads, path, jobs, jobs_a_commit):
    queue = LiteQueue(empty(path))
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
