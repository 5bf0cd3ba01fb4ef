"""Parses the T-SQL of sql/sqlserver/ with a real parser: a slip there would show only on a live server.

Usage: python check_tsql.py [folder]; prints one line a file, exits 1 when a batch does not parse. Needs sqlglot (Tests/requirements.txt).
"""

import pathlib
import re
import sys

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError


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
    """The batch without its TRY … CATCH shell, whose THROW the parser does not know: the statement inside is what is checked."""
    match = re.search(r"(?is)^(?P<guard>.*?)BEGIN TRY(?P<body>.*?)END TRY\s+BEGIN CATCH.*?END CATCH;\s*$", batch)
    return [match["guard"] + "SELECT 1;", match["body"]] if match else [batch]


def problems(text):
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


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2] / "sql" / "sqlserver")
    failed = False
    for file in sorted(folder.glob("*.sql")):
        found = list(problems(file.read_text(encoding="utf-8")))
        count = sum(1 for _ in batches(file.read_text(encoding="utf-8")))
        print(f"{file.name}: {count} batches, {len(found)} problems (sqlglot {sqlglot.__version__})")
        for line, problem in found:
            print(f"  from line {line}: {problem}")
        failed = failed or bool(found) or count == 0
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
