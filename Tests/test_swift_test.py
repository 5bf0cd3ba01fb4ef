"""`Tests/swift-test.sh`, with a `swift` in its path that prints what the real one does."""

import os
import pathlib
import subprocess

SCRIPT = pathlib.Path(__file__).with_name("swift-test.sh")


def run(folder: pathlib.Path, output: str, code: int) -> subprocess.CompletedProcess:
    fake = folder / "swift"
    (folder / "output").write_text(output)
    fake.write_text(f'#!/bin/sh\necho "$@" >&2\ncat "{folder}/output"\nexit {code}\n')
    fake.chmod(0o755)
    path = f"{folder}:{os.environ['PATH']}"
    return subprocess.run([SCRIPT, "--filter", "a b"], env={"PATH": path}, capture_output=True, text=True)


def test_what_failed_is_said_once_more_at_the_end(tmp_path):
    output = (
        '✘ Test "a" recorded an issue at A.swift:5:9: Expectation failed: 1 == 2\n'
        "↳ // why it matters\n"
        '◇ Test "b" started.\n'
        "↳ of no issue\n"
        '✘ Test "a" failed after 0.1 seconds with 1 issue.\n'
    )
    ended = run(tmp_path, output, 1)
    assert ended.returncode == 1
    assert ended.stdout.endswith(
        "\nWhat failed:\n"
        '✘ Test "a" recorded an issue at A.swift:5:9: Expectation failed: 1 == 2\n'
        "↳ // why it matters\n"
    )


def test_what_failed_is_found_in_colours_too(tmp_path):
    ended = run(tmp_path, '\x1b[91m✘\x1b[0m Test "a" recorded an issue at A.swift:5:9: no\n\x1b[90m↳ why\x1b[0m\n', 1)
    assert ended.stdout.endswith('\nWhat failed:\n✘ Test "a" recorded an issue at A.swift:5:9: no\n↳ why\n')


def test_a_crash_is_said_too(tmp_path):
    ended = run(tmp_path, '◇ Test "a" started.\nerror: Exited with unexpected signal code 6\n', 1)
    assert ended.returncode == 1
    assert ended.stdout.endswith("\nWhat failed:\nerror: Exited with unexpected signal code 6\n")


def test_a_run_that_passes_says_nothing_of_failures(tmp_path):
    ended = run(tmp_path, "✔ Test run with 1 tests in 1 suites passed after 0.1 seconds.\n", 0)
    assert ended.returncode == 0
    assert "What failed" not in ended.stdout
    assert "test --disable-xctest --filter a b\n" in ended.stdout, "arguments go on to `swift test`"
