"""The program itself: how it starts, what it writes, and how it ends."""

import json
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from conftest import FOLDER, start_server


def test_it_prints_its_address_and_ends_on_sigterm():
    process = subprocess.Popen([sys.executable, FOLDER / "server.py"], stdout=subprocess.PIPE, text=True)
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:") and address.endswith("/v2")
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def test_it_listens_on_the_loopback_only(server):
    addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}
    for address in addresses:
        if not address.startswith("127."):
            with socket.socket() as probe:
                probe.settimeout(1)
                assert probe.connect_ex((address, server.port)) != 0


def test_every_executed_mutation_is_in_the_log_file_before_its_answer(api):
    before = len(api.log_file.read_text().splitlines())
    answer = api.create_items([("a", None), ("", None)], key="k")
    api.create_items([("a", None), ("", None)], key="k")
    [line] = api.log_file.read_text().splitlines()[before:]
    entry = json.loads(line)
    assert (entry["operation"], entry["alias"], entry["key"]) == ("create_item", "m0", "k")
    assert entry["result"] == answer.data["m0"]["id"]
    assert entry["args"]["item_name"] == "a"


def test_requests_are_listed_with_what_became_of_them(api):
    api.faults({"action": "locked", "times": 1, "name": "lock"})
    api.create_items([("a", None), ("b", None)], key="k")
    api.create_items([("a", None), ("b", None)], key="k")
    api.create_items([("a", None), ("b", None)], key="k")
    first, second, third = api.admin("requests")
    assert (first["status"], first["fault"], first["operations"]) == (423, "lock", {"create_item": 2})
    assert second["executed"] and "replayed" not in second
    assert third["replayed"] and "executed" not in third


def test_options_set_token_plan_faults_board_and_settings(tmp_path):
    (tmp_path / "faults.yaml").write_text("rules:\n  - {action: locked, times: 1}\n")
    (tmp_path / "board.yaml").write_text(
        textwrap.dedent("""
        boards:
          - id: 9200517329
            name: Small
            groups: [{id: g, title: G}]
            columns: [{id: c, title: C, type: text}]
        """)
    )
    process, client = start_server(
        tmp_path, "--token", "secret", "--plan", "free", "--faults", tmp_path / "faults.yaml", "--board", tmp_path / "board.yaml",
        "--search-lag", "2.5", "--set", "board_lock=1", "--set", "latency={create_item: 0.01}",
    )  # fmt: skip
    try:
        assert client.create_item("x").status == 401
        assert client.create_item("x", token="secret").status == 423
        answer = client.create_item("x", {"c": "1"}, token="secret")
        assert answer.data["m0"]
        assert 'complexityMinute";q=1000000' in answer.headers["RateLimit-Policy"]
        assert client.admin("settings")["search_lag"] == 2.5
        assert client.admin("settings")["latency"] == {"create_item": 0.01}
        client.settings(plan="pro")
        client.admin("reset", {})
        assert client.admin("settings")["plan"] == "free", "a reset brings back the settings of the start"
    finally:
        process.terminate()
        process.wait(10)


def test_a_port_in_use_is_an_error(server):
    done = subprocess.run([sys.executable, FOLDER / "server.py", "--port", str(server.port)], capture_output=True, text=True)
    assert done.returncode == 1
    assert "server.py:" in done.stderr


def test_it_ends_with_its_parent_when_asked_to(tmp_path):
    command = [sys.executable, str(FOLDER / "server.py"), "--die-with-parent", "--port-file", str(tmp_path / "port")]
    script = f"""
        import subprocess, time
        server = subprocess.Popen({command!r})
        print(server.pid, flush=True)
        time.sleep(60)
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True)
    server = int(parent.stdout.readline())
    wait_for(lambda: (tmp_path / "port").exists())
    parent.kill()
    parent.wait()
    wait_for(lambda: not running(server))


def test_documents_are_checked_against_the_schema(tmp_path):
    def check(text):
        (tmp_path / "documents").write_text(text)
        return subprocess.run([sys.executable, FOLDER / "validate_documents.py", tmp_path / "documents"], capture_output=True, text=True)

    good = "query ($i: [ID!]) { items(ids: $i) { id } }"
    assert check(good).returncode == 0
    assert check(f"{good}\n---\n{good}").stdout == "2 documents, 0 not valid\n"
    assert check(json.dumps([good, {"name": "second", "query": good}])).returncode == 0
    bad = check(json.dumps({"names": "{ items { nope } }", "types": 'query ($i: String) { items(ids: $i) { id } }'}))
    assert bad.returncode == 1
    assert "names" in bad.stderr and "types" in bad.stderr
    assert check("").returncode == 1


def running(pid):
    """A zombie has ended too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)

