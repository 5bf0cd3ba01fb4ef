"""Parses T-SQL with a real parser: a slip there would otherwise show only on a live server.

As a test it reads the scripts of sql/sqlserver/. Run by itself it reads statements from standard input, a JSON list of texts, and
prints what the parser says against them: so the programs' own statements are looked at (TSQLTests.swift).
"""

import json
import pathlib
import re
import sys

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

FOLDER = pathlib.Path(__file__).parents[2] / "sql" / "sqlserver"


def batches(text):
    """The batches of a script: what lies between lines that say GO, with the line each begins at."""
    line = 1
    for part in re.split(r"(?im)^GO[ \t]*$", text):
        if part.strip():
            yield line, part
        line += part.count("\n")


def inner(statement):
    """The texts that EXEC(N'…') runs, unquoted: views and procedures, which need a batch of their own."""
    for quoted in re.findall(r"EXEC\(N'((?:[^']|'')*)'\)", statement):
        yield quoted.replace("''", "'")


def unguarded(batch):
    """The batch without its TRY … CATCH shell, whose THROW the parser does not know: what is inside is checked."""
    match = re.search(r"(?is)^(?P<guard>.*?)BEGIN TRY(?P<body>.*?)END TRY\s+BEGIN CATCH.*?END CATCH;\s*$", batch)
    return [match["guard"] + "SELECT 1;", match["body"]] if match else [batch]


def problems(text):
    """What the parser says against a script, each with the line where its batch begins."""
    for line, batch in batches(text):
        for source in [*unguarded(batch), *inner(batch)]:
            try:
                statements = sqlglot.parse(source, read="tsql")
            except ParseError as error:
                yield line, str(error).splitlines()[0]
                continue
            for statement in statements:
                if isinstance(statement, exp.Command):
                    yield line, f"not understood: {statement.sql()[:80]}"


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.sql")), ids=lambda file: file.name)
def test_a_script_parses(file):
    text = file.read_text(encoding="utf-8")
    assert list(batches(text))
    assert list(problems(text)) == []


@pytest.mark.parametrize(
    "broken",
    [
        "CREATE TABLE [dbo].[a] ([b] NVARCHAR(MAX NULL);",
        "IF 1 = 1 BEGIN CREATE TABLE [dbo].[a] ([b] INT NULL; END;",
        "EXEC(N'CREATE VIEW [dbo].[v] AS SELECT CASE CASE WHEN 1 = 1 THEN 2 END AS [x]');",
        "IF 1 = 1\nBEGIN TRY\nCREATE INDEX [i] ON [a] ([b];\nEND TRY\nBEGIN CATCH\nTHROW;\nEND CATCH;",
    ],
)
def test_a_slip_is_found(broken):
    assert list(problems(broken))


def test_portable_scripts_use_no_merge_and_no_create_or_alter():
    for file in FOLDER.glob("*.sql"):
        text = re.sub(r"--.*", "", file.read_text(encoding="utf-8")).upper()
        for word in ["MERGE ", "CREATE OR ALTER", "ALTER VIEW", "WAITFOR", "]]"]:
            assert word not in text, f"{file.name} uses {word}"


if __name__ == "__main__":
    for text in json.load(sys.stdin):
        for _, problem in problems(text):
            print(f"{problem}\n  in: {text[:300]}")
