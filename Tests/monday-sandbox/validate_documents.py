#!/usr/bin/env python3
"""Checks GraphQL documents against the sandbox's SDL (or another one), and exits with 1 if one is not valid.

FILE holds either JSON (a list of documents, a list of {"name", "query"} objects, or an object name → document)
or plain documents with a line `---` between them. `-` reads standard input.
"""

import argparse
import json
import sys
from pathlib import Path

from graphql import GraphQLError, build_schema, parse, validate

SDL = Path(__file__).resolve().parent / "schema.graphql"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help="documents to check")
    parser.add_argument("--schema", type=Path, default=SDL, help="SDL to check against")
    options = parser.parse_args()
    try:
        text = sys.stdin.read() if options.file == "-" else Path(options.file).read_text()
        schema = build_schema(options.schema.read_text())
    except OSError as error:
        sys.exit(f"validate_documents.py: {error}")
    found = documents(text)
    if not found:
        sys.exit(f"{options.file}: no documents")
    bad = 0
    for name, document in found:
        problems = check(schema, document)
        bad += bool(problems)
        for problem in problems:
            print(f"{options.file}: {name}: {problem}", file=sys.stderr)
    print(f"{len(found)} documents, {bad} not valid")
    return 1 if bad else 0


def documents(text):
    """Pairs of name and document."""
    if text.lstrip()[:1] == "[" or _is_object(text):
        data = json.loads(text)
        if isinstance(data, dict):
            return list(data.items())
        return [
            (f"document {n}", d) if isinstance(d, str) else (d.get("name", f"document {n}"), d["query"])
            for n, d in enumerate(data, 1)
        ]
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n---\n")]
    return [(f"document {n}", part) for n, part in enumerate(parts, 1) if part]


def check(schema, document):
    try:
        return [error.message for error in validate(schema, parse(document))]
    except GraphQLError as error:
        return [error.message]


def _is_object(text):
    """A query may begin with a brace too, so JSON is tried."""
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


if __name__ == "__main__":
    sys.exit(main())
