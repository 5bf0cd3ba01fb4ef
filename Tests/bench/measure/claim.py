"""Claim and settle in batches: each batch is settled in the commit that claims the next one."""

from statistics import median

from .lab import interleaved, ratio
from .table import Row, rate

JOBS = 20_000
JOBS_A_CLAIM = 50
CUSTOMERS = 50
#: One customer holds so many ready jobs, beside so many others with so many each.
LARGE = 50_000
SMALL_CUSTOMERS = 2_000
JOBS_OF_A_SMALL_ONE = 20
ROUNDS = 3
GOAL = 0.4
LARGE_GOAL = 0.5


def measure(lab):
    snapshots = lab.make_snapshots()

    def claim(**options):
        settled = options.get("settled", options["jobs"])
        seconds = lab.bench(
            "claim", snapshots=snapshots, journal=lab.fresh() / "journal.sqlite", per_claim=JOBS_A_CLAIM, **options
        )
        return settled / seconds

    def bare():
        file = lab.fresh() / "bare.sqlite"
        usage = lab.run(lab.compiled("bare"), "claim", snapshots, file, JOBS, JOBS_A_CLAIM, CUSTOMERS)
        return JOBS / float(usage.output)

    rates = interleaved(
        ROUNDS * lab.scale,
        {
            "journal": lambda: claim(jobs=JOBS, customers=CUSTOMERS),
            "bare": bare,
            "large": lambda: claim(
                jobs=LARGE + SMALL_CUSTOMERS * JOBS_OF_A_SMALL_ONE, customers=SMALL_CUSTOMERS, large=LARGE, settled=JOBS
            ),
        },
    )
    share = ratio(rates["journal"], rates["bare"])
    yield Row(
        f"claim and settle {JOBS_A_CLAIM} at a time",
        rate(median(rates["journal"]), "jobs"),
        f"{rate(median(rates['bare']), 'jobs')} bare libsqlite3 in C",
        share,
        f"≥ {GOAL} of it",
        share >= GOAL,
    )
    share = ratio(rates["large"], rates["journal"])
    yield Row(
        f"same, {LARGE:,} of one customer beside {SMALL_CUSTOMERS:,} small ones",
        rate(median(rates["large"]), "jobs"),
        f"{rate(median(rates['journal']), 'jobs')} the row above",
        share,
        f"≥ {LARGE_GOAL} of it",
        share >= LARGE_GOAL,
    )
