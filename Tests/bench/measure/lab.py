"""The folder, the programs and the data that the measurements work with."""

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PROJECT = Path(__file__).resolve().parents[3]
BENCH = PROJECT / "Tests/bench"
YARDSTICKS = BENCH / "yardsticks"
GENERATOR = PROJECT / "Tests/demo-data/generate.py"
SANDBOX = PROJECT / "Tests/monday-sandbox/server.py"
FIELD_MAP = PROJECT / "systemd/fieldmap.yaml"

#: Orders whose snapshots all programs of the queue's measurements write.
SNAPSHOTS = 5_000
LONGEST_RUN = 280


@dataclass(frozen=True)
class Usage:
    """What a process took. Its memory includes what it shares with the program that started it, which is small."""

    output: str
    seconds: float
    cpu: float
    peak_bytes: int


class Lab:
    """A temporary folder on the project's file system, so that `/tmp` in memory doesn't make the disk look fast."""

    def __init__(self, programs, scale):
        self.programs = Path(programs).resolve()
        #: How many times as much as usual is measured.
        self.scale = scale
        self.folder = Path(tempfile.mkdtemp(prefix=".build-bench-", dir=PROJECT))
        self._numbers = itertools.count()
        self.snapshots = self.folder / "snapshots.jsonl"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def fresh(self, name="files"):
        """A new folder in which one program works."""
        folder = self.folder / f"{name}-{next(self._numbers)}"
        folder.mkdir()
        return folder

    def run(self, *command, accept=(0,), environment=None):
        """Runs a program to its end and says what it took; a program that fails ends the measurements."""
        command = [str(part) for part in command]
        with tempfile.TemporaryFile(dir=self.folder) as output:
            started = time.perf_counter()
            process = subprocess.Popen(
                command, stdout=output, stdin=subprocess.DEVNULL, cwd=self.folder, env={**os.environ, **(environment or {})}
            )
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - started
            process.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            text = output.read().decode()
        if process.returncode not in accept:
            sys.exit(f"bench: {' '.join(command)} ended with {process.returncode}\n{text}")
        return Usage(text, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)

    def python(self, script, *arguments):
        return self.run(sys.executable, script, *arguments)

    def program(self, name, *arguments, **options):
        return self.run(self.programs / name, *arguments, **options)

    def bench(self, command, *arguments, **options):
        """Runs a command of ordersync-bench; returns the seconds it prints."""
        named = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", value)]
        usage = self.program("ordersync-bench", command, "--field-map", FIELD_MAP, *arguments, *named)
        return float(usage.output) if usage.output else None

    def compiled(self, name):
        """The yardstick of that name in C."""
        program = self.folder / name
        if not program.exists():
            self.run(os.environ.get("CC", "cc"), "-O2", "-o", program, YARDSTICKS / f"{name}.c", "-lsqlite3")
        return program

    def source(self, rows, *options):
        """An embedded warehouse with that many rows in ORDERS_UNIFIED; the same arguments give the same file."""
        path = self.folder / f"source-{'-'.join(str(part).strip('-') for part in (rows, *options))}.db"
        if not path.exists():
            self.python(GENERATOR, "--sqlite", path, "--rows", rows, "--no-known", *options)
        return path

    def make_snapshots(self, *options):
        """The file of snapshots, one a line, of a source with these options."""
        path = self.snapshots.with_stem("-".join(["snapshots", *(str(part).strip("-") for part in options)]))
        if not path.exists():
            self.bench("snapshots", source=self.source(SNAPSHOTS, *options), count=SNAPSHOTS, output=path)
        return path


def interleaved(rounds, contenders):
    """Calls each contender once a round, in turn, so that whatever else the machine does hits them all.

    `contenders`: name → function that returns a rate. Returns name → rates, one a round.
    """
    rates = {name: [] for name in contenders}
    for number in range(rounds):
        names = list(contenders)
        # Who goes first changes: the first one after a pause has the disk for itself.
        for name in names[number % len(names) :] + names[: number % len(names)]:
            rates[name].append(contenders[name]())
    return rates


def ratio(ours, theirs):
    """The middle one of the rounds' ratios."""
    return median(one / other for one, other in zip(ours, theirs, strict=True))
