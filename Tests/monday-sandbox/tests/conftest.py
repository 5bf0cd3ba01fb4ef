"""One real server for all tests of the sandbox, as at its start before each of them."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(FOLDER))
sys.path.insert(0, str(FOLDER / "tests"))

from client import Client  # noqa: E402

START_SECONDS = 30


def start_server(folder, *arguments):
    """A running server and the client for it."""
    port_file = folder / "port"
    command = [sys.executable, FOLDER / "server.py", "--port-file", port_file, *arguments]
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + START_SECONDS
    while not port_file.exists():
        assert process.poll() is None, "the server ended at its start"
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.02)
    return process, Client(int(port_file.read_text()))


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sandbox")
    process, client = start_server(folder, "--log", folder / "mutations.ndjson")
    client.log_file = folder / "mutations.ndjson"
    yield client
    process.terminate()
    process.wait(10)


@pytest.fixture
def api(server):
    server.admin("reset", {})
    return server
