"""One installation in a folder of its own: source, embedded warehouse, journal, board, configuration, programs."""

import json
import os
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "Tests"
BOARD = 9200517329
KEY_COLUMN = "text_ordersync_key"
TOKEN = "torture-token"
#: The daemon's clocks run a hundred times as fast as in earnest, and in the same order: the service works behind a lost
#: answer for 1.5 s (its late commits), so nothing is believed before 2 s.
CONFIGURATION = """\
journal:
  path: journal.sqlite
source:
  connection: Driver=SQLite3;Database={folder}/orders.sqlite;Timeout=60000
warehouse:
  connection: Driver=SQLite3;Database={folder}/warehouse.sqlite;Timeout=1500
  statement_timeout: 1s
monday:
  endpoint: {api}
  board: {board}
  external_key_column: {key_column}
  request_timeout: 1s
  execution_limit: 2s
  search_lag: 400ms
  idempotency_window: {window}
retry:
  base: 50ms
  cap: 500ms
batch:
  orders: 40
field_map: {root}/systemd/fieldmap.yaml
http:
  listen: "off"
log:
  format: text
"""


class Installation:
    def __init__(self, folder, programs, seed, window):
        self.folder, self.programs = Path(folder), Path(programs)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.source = self.folder / "orders.sqlite"
        self.warehouse = self.folder / "warehouse.sqlite"
        self.journal = self.folder / "journal.sqlite"
        self.log = self.folder / "daemon.log"
        self._sandbox = self._start_sandbox(seed)
        (self.folder / "ordersync.yaml").write_text(
            CONFIGURATION.format(
                folder=self.folder, api=f"{self.address}/v2", board=BOARD, key_column=KEY_COLUMN, root=ROOT, window=window
            )
        )

    # --- the board ---

    def _start_sandbox(self, seed):
        port_file = self.folder / "port"
        port_file.unlink(missing_ok=True)
        process = subprocess.Popen(
            [
                sys.executable, TESTS / "monday-sandbox" / "server.py", "--port", "0", "--port-file", port_file,
                "--log", self.folder / "mutations.jsonl", "--token", TOKEN, "--search-lag", "0.3", "--die-with-parent",
                "--set", f"seed={seed}",
            ],
            stdout=subprocess.DEVNULL,
            stderr=open(self.folder / "sandbox.log", "w"),  # noqa: SIM115
        )  # fmt: skip
        deadline = time.monotonic() + 30
        while not (port_file.exists() and port_file.read_text().strip()):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"the sandbox did not start: {(self.folder / 'sandbox.log').read_text()}")
            time.sleep(0.05)
        self.address = f"http://127.0.0.1:{port_file.read_text().strip()}"
        return process

    def ask(self, what, body=None):
        """Reads something of the sandbox, or changes it."""
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.address}/_sandbox/{what}", data=data) as answer:
            return json.load(answer)

    # --- programs ---

    @property
    def _environment(self):
        return {
            "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "MONDAY_API_KEY": TOKEN,
            "ORDERSYNC_CONFIG": str(self.folder / "ordersync.yaml"),
        } | {k: v for k, v in os.environ.items() if k == "ORDERSYNC_LOG_LEVEL"}  # fmt: skip

    def start(self, mode):
        """Starts the daemon; what it says is gathered in one file."""
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                [self.programs / "ordersyncd", mode],
                env=self._environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def run(self, program, *arguments, within=120):
        return subprocess.run(
            [self.programs / program, *arguments],
            env=self._environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=within,
        )

    def begin(self, program, *arguments):
        """Starts a program and does not wait for it."""
        return subprocess.Popen(
            [self.programs / program, *arguments],
            env=self._environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def generate(self, *options):
        made = subprocess.run(
            [sys.executable, TESTS / "demo-data" / "generate.py", "--sqlite", self.source, *map(str, options)],
            capture_output=True,
            text=True,
        )
        if made.returncode:
            raise SystemExit(f"generate.py: {made.stderr}")

    def query(self, database, sql, *values):
        """Rows as dictionaries. The journal is asked only while no program of ours has it open."""
        with closing(sqlite3.connect(database, timeout=30)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, values)]

    def close(self):
        # It would wait for requests that are stalled.
        self._sandbox.kill()
        self._sandbox.wait()
