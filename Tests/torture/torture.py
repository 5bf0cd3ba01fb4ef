#!/usr/bin/env python3
"""Kills the daemon at random times on a hostile network, and looks whether anything was lost or made twice.

    torture.py --bin DIR                      300 orders, 200 kills, a seed by chance
    torture.py --bin DIR --seed 7             the same orders, faults, changes and times to die again
    torture.py --bin DIR --orders 60 --kills 20
"""

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from checker import Checker
from hostile import SourceChanges, WarehouseFoe, fault_script
from installation import Installation

#: How the daemon may end by itself: all done, orders died, a service that can't be used, work left.
ORDERLY = {0, 1, 69, 75}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path, required=True, help="folder of the programs")
    parser.add_argument("--orders", type=int, default=300)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, help="of everything that is left to chance")
    parser.add_argument("--folder", type=Path, help="work there and keep it; else it is kept only after a failure")
    parser.add_argument("--harm", type=float, default=1.0, help="how likely faults are, as a factor")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args()


class Torture:
    def __init__(self, options, folder):
        self.options = options
        self.rng = random.Random(f"torture:{options.seed}")
        window = self.rng.choice(["25m", "25m", "0s"])
        self.installation = Installation(folder, options.bin.resolve(), options.seed, window)
        self.changes = SourceChanges(self.installation, self.rng)
        self.kills = 0
        self.enqueue = None
        self.wrong = []
        self.figures = {"enqueued": 0, "enqueues killed": 0, "finished": 0}

    def say(self, text):
        if not self.options.json:
            print(f"{time.monotonic() - self.started:6.1f} s  {text}", flush=True)

    def run(self):
        self.started = time.monotonic()
        self._prepare()
        with WarehouseFoe(self.installation.warehouse, self.options.seed) as foe:
            # Rounds of changes are spread over the kills; what is left undone at the end of one goes on in the next.
            rounds = max(2, self.options.kills // 20)
            for number in range(rounds):
                if number:
                    self.changes.make()
                    self._begin_enqueue()
                self._kill_until((number + 1) * self.options.kills // rounds)
                self._end_enqueue()
                self.say(f"{self.kills} kills, {self.figures['finished']} drains ended by themselves")
            self.figures["locks"], self.figures["warehouse deaths"] = foe.locks, foe.deaths
        self._heal()
        checker = Checker(self.installation)
        self.wrong += checker.run()
        self.figures.update(checker.figures)
        self.figures["kills"] = self.kills
        self.figures["seconds"] = round(time.monotonic() - self.started)

    def _prepare(self):
        options = self.options
        self.installation.generate(
            "--seed", options.seed, "--rows", options.orders, "--no-known", "--customers", 8, "--twins", 0.05
        )
        migrated = self.installation.run("ordersyncd", "migrate")
        if migrated.returncode:
            raise SystemExit(f"migrate: {migrated.stderr}")
        self._enqueue()
        self.installation.ask("faults", fault_script(options.seed, options.harm))

    def _enqueue(self):
        """Queues what has changed; a warehouse or a journal that is busy is tried again, as a scheduler would."""
        for _ in range(20):
            done = self.installation.run("ordersync-enqueue", "--all", "--json")
            if done.returncode == 0:
                self.figures["enqueued"] += json.loads(done.stdout)["enqueued"]
                return
            if done.returncode != 75:
                break
            time.sleep(0.5)
        self.wrong.append(f"enqueue ended with {done.returncode}: {done.stdout[-500:]} {done.stderr[-1500:]}")
        raise Abandoned

    def _begin_enqueue(self):
        """Begins to queue what has changed while daemons come and go; now and then it is killed as well."""
        self.enqueue = self.installation.begin("ordersync-enqueue", "--all", "--json")
        if self.rng.random() < 0.4:
            try:
                self.enqueue.wait(self.rng.uniform(0.005, 0.5))
            except subprocess.TimeoutExpired:
                self.enqueue.kill()
                self.figures["enqueues killed"] += 1

    def _end_enqueue(self):
        """Waits for the run that is under way; one that was killed, or met a lock, is made up for."""
        if self.enqueue is None:
            return
        said = ""
        try:
            said, _ = self.enqueue.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            self.enqueue.kill()
            self.enqueue.wait()
            self.wrong.append("an enqueue did not end within two minutes")
        if self.enqueue.returncode not in (0, 75, -signal.SIGKILL):
            self.wrong.append(f"enqueue ended with {self.enqueue.returncode} beside the daemon")
        if self.enqueue.returncode == 0:
            self.figures["enqueued"] += json.loads(said)["enqueued"]
        self.enqueue = None
        self._enqueue()

    # --- killing ---

    def _life(self):
        """How long a daemon lives, in seconds: some die while they start, most in the middle of their work."""
        kind = self.rng.random()
        if kind < 0.15:
            return self.rng.uniform(0.005, 0.15)
        return self.rng.uniform(0.1, 1.5) if kind < 0.85 else self.rng.uniform(1.5, 5)

    def _kill_until(self, kills):
        idle = 0
        while self.kills < kills:
            mode = "run" if self.rng.random() < 0.2 else "drain"
            life, gently = self._life(), self.rng.random() < 0.07
            daemon = self.installation.start(mode)
            try:
                status = daemon.wait(life)
            except subprocess.TimeoutExpired:
                daemon.send_signal(signal.SIGTERM if gently else signal.SIGKILL)
                status = self._end(daemon)
                if not gently:
                    self.kills += 1
                    continue
            if gently and status == -signal.SIGTERM:
                continue  # It had not begun to listen for signals.
            self._look_at(status)
            # A drain that ends by itself has nothing left to be killed at: something new must happen.
            idle += status == 0 and not gently
            self.figures["finished"] += not gently
            if idle > 1:
                idle = 0
                self._end_enqueue()
                self.changes.make()
                self._enqueue()

    def _end(self, daemon):
        try:
            return daemon.wait(20)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()
            self.wrong.append("the daemon did not end within 20 s of SIGTERM")
            return 0

    def _look_at(self, status):
        if status not in ORDERLY:
            self.wrong.append(f"the daemon ended with {status}; see {self.installation.log}")

    # --- the end ---

    def _heal(self):
        """The network is well again: everything must come to its end, without anybody's help but for the dead."""
        self.changes.settle()
        self._enqueue()
        self.installation.ask("faults", [])
        self._drain()
        query = "SELECT last_code AS code, count(*) AS n FROM job WHERE state = 'dead' GROUP BY 1"
        dead = {row["code"]: row["n"] for row in self.installation.query(self.installation.journal, query)}
        self.figures["dead before the replay"] = dead
        self._check_error_rows()
        if dead:
            # A job that was alone in flight when the daemon died three times, or met eight faults, waits for a person.
            replayed = self.installation.run("ordersync-replay", "retry", "--all", "--yes", "--reason", "the network is well again")
            if replayed.returncode:
                self.wrong.append(f"replay ended with {replayed.returncode}: {replayed.stderr[-500:]}")
            self._drain()

    def _drain(self):
        for _ in range(6):
            daemon = self.installation.start("drain")
            try:
                status = daemon.wait(120)
            except subprocess.TimeoutExpired:
                daemon.send_signal(signal.SIGABRT)
                daemon.wait()
                self.wrong.append("a drain on a network that is well did not end in two minutes")
                return
            self._look_at(status)
            if status in (0, 1):
                return
        self.wrong.append(f"a drain on a network that is well ends with {status}")

    def _check_error_rows(self):
        """Each dead job has its error row, with the order in it."""
        dead = self.installation.query(self.installation.journal, "SELECT id FROM job WHERE state = 'dead'")
        found = set()
        for table in ("ERR_MON_CustMasterSchedule", "ERR_MON_CustMasterSchedule_Subitems"):
            sql = f"SELECT job_id FROM \"{table}\" WHERE resolved_date IS NULL AND error_message <> '' AND original_data LIKE '{{%'"
            found |= {row["job_id"] for row in self.installation.query(self.installation.warehouse, sql)}
        without = [job["id"] for job in dead if job["id"] not in found]
        if without:
            self.wrong.append(f"dead jobs without an error row: {without[:5]}")


class Abandoned(Exception):
    """There is no point in going on."""


def main():
    options = arguments()
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1_000_000)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="ordersync-torture-"))
    print(f"SEED={options.seed}: {options.orders} orders, {options.kills} kills", file=sys.stderr, flush=True)
    torture = Torture(options, folder)
    try:
        torture.run()
    except Abandoned:
        pass
    finally:
        torture.installation.close()
    if options.json:
        print(json.dumps({"seed": options.seed, "wrong": torture.wrong} | torture.figures))
    else:
        for name, value in torture.figures.items():
            print(f"  {name:<24} {value}")
    for mistake in torture.wrong:
        print(f"WRONG  {mistake}", file=sys.stderr)
    if torture.wrong:
        print(f"What is left: {folder}; again: make torture SEED={options.seed}", file=sys.stderr)
    elif options.folder is None:
        shutil.rmtree(folder)
    sys.exit(1 if torture.wrong else 0)


if __name__ == "__main__":
    main()
