"""Durable enqueue, with every index and hash in place."""

from statistics import median

from .lab import YARDSTICKS, interleaved, ratio
from .table import Row, rate

SINGLE_JOBS = 500
RUN_JOBS = 20_000
ROUNDS = 5
SINGLE_GOAL = 0.8
RUN_GOAL = 0.35


def contenders(lab, jobs, jobs_a_commit):
    """Each makes a new queue in a folder of its own and returns the jobs it enqueued in a second."""
    snapshots = lab.make_snapshots()

    def journal():
        file = lab.fresh() / "journal.sqlite"
        return jobs / lab.bench("enqueue", snapshots=snapshots, journal=file, jobs=jobs, per_commit=jobs_a_commit)

    def bare():
        usage = lab.run(lab.compiled("bare"), "enqueue", snapshots, lab.fresh() / "bare.sqlite", jobs, jobs_a_commit)
        return jobs / float(usage.output)

    def queue(name):
        usage = lab.python(YARDSTICKS / "queues.py", name, snapshots, lab.fresh() / "queue.sqlite", jobs, jobs_a_commit)
        return jobs / float(usage.output)

    return {
        "journal": journal,
        "bare": bare,
        "litequeue": lambda: queue("litequeue"),
        "huey": lambda: queue("huey"),
    }


def measure(lab):
    single = interleaved(ROUNDS * lab.scale, contenders(lab, SINGLE_JOBS, 1))
    several = contenders(lab, RUN_JOBS, RUN_JOBS)
    # It commits every job by itself, so that is its figure here as well.
    del several["huey"]
    run = interleaved(ROUNDS * lab.scale, several)

    share = ratio(single["journal"], single["bare"])
    yield Row(
        "enqueue, one commit a job",
        rate(median(single["journal"]), "jobs"),
        f"{rate(median(single['bare']), 'jobs')} bare libsqlite3 in C",
        share,
        f"≥ {SINGLE_GOAL} of it",
        share >= SINGLE_GOAL,
    )
    for name in ("huey", "litequeue"):
        yield compared("enqueue, one commit a job", single["journal"], single[name], name, has_goal=False)
    share = ratio(run["journal"], run["bare"])
    yield Row(
        f"enqueue, one commit for {RUN_JOBS:,} jobs",
        rate(median(run["journal"]), "jobs"),
        f"{rate(median(run['bare']), 'jobs')} bare libsqlite3 in C",
        share,
        f"≥ {RUN_GOAL} of it",
        share >= RUN_GOAL,
    )
    yield compared("", run["journal"], single["huey"], "huey, one commit a job")
    yield compared("", run["journal"], run["litequeue"], "litequeue, one commit")


def compared(what, ours, theirs, name, has_goal=True):
    share = ratio(ours, theirs)
    goal = "faster" if has_goal else ""
    return Row(what, rate(median(ours), "jobs"), f"{rate(median(theirs), 'jobs')} {name}", share, goal, share > 1 if has_goal else None)
