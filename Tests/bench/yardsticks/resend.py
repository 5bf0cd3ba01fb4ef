"""Sends a journal's requests once more, to a fresh board, with nothing kept, and prints the seconds that took.

    resend.py JOURNAL ENDPOINT TOKEN REQUESTS_AT_ONCE

It is what the board and its HTTP alone can do: no journal, no warehouse, no pacing. Ids that came out of an earlier
request are replaced by those of the fresh board.
"""

import asyncio
import json
import sqlite3
import sys
import time

import aiohttp

#: Kinds of request in the order in which they need each other; those of one kind may overlap, except groups.
KINDS = ("create_group", "create_item", "create_subitem")


def read(path):
    """The requests by kind, each with its body and the ids that its aliases got."""
    requests = {kind: [] for kind in KINDS}
    with sqlite3.connect(path) as connection:
        for number, kind, body in connection.execute("SELECT id, kind, body FROM effect ORDER BY id"):
            targets = connection.execute(
                "SELECT alias, coalesce(remote_id, remote_text) FROM effect_target WHERE effect_id = ?", [number]
            )
            requests[kind].append((json.loads(body), {alias: str(known) for alias, known in targets}))
    return requests


class Resender:
    def __init__(self, session, endpoint, token):
        self.session = session
        self.endpoint = endpoint
        self.headers = {"Authorization": token, "Content-Type": "application/json", "API-Version": "2026-10"}
        self.ids = {}

    async def send(self, body, known):
        variables = {name: self.ids.get(str(value), value) for name, value in body["variables"].items()}
        data = json.dumps({"query": body["query"], "variables": variables})
        async with self.session.post(self.endpoint, data=data, headers=self.headers) as response:
            answer = await response.json()
        for alias, old in known.items():
            self.ids[old] = answer["data"][alias]["id"]

    async def send_all(self, requests, at_once):
        waiting = iter(requests)

        async def work():
            for body, known in waiting:
                await self.send(body, known)

        await asyncio.gather(*(work() for _ in range(at_once)))


async def main():
    journal, endpoint, token, at_once = *sys.argv[1:4], int(sys.argv[4])
    requests = read(journal)
    async with aiohttp.ClientSession() as session:
        resender = Resender(session, endpoint, token)
        started = time.perf_counter()
        for kind in KINDS:
            await resender.send_all(requests[kind], 1 if kind == "create_group" else at_once)
        print(time.perf_counter() - started)


if __name__ == "__main__":
    asyncio.run(main())
