#!/usr/bin/env python3
"""Starts the Monday sandbox on this machine, prints its address, and runs until it is told to end."""

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

import yaml
from aiohttp import web

from sandbox.admin import Admin
from sandbox.api import Api
from sandbox.page import Page
from sandbox.sandbox import Sandbox
from sandbox.settings import PLANS, Settings

LARGEST_REQUEST = 32 * 1024 * 1024
PARENT_CHECK = 0.5


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--port-file", type=Path, help="file the port is written to once the server listens")
    parser.add_argument("--log", type=Path, help="file for executed mutations, one JSON line each")
    parser.add_argument("--board", type=Path, help="YAML or JSON file of boards to begin with")
    parser.add_argument("--token", help="the only token that is let in", default=Settings.token)
    parser.add_argument("--plan", choices=PLANS, default=Settings.plan, help="whose limits are in force")
    parser.add_argument("--search-lag", type=float, default=Settings.search_lag, help="seconds until a value can be found by search")
    parser.add_argument("--faults", type=Path, help="YAML or JSON file of fault rules")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="any setting of sandbox/settings.py")
    parser.add_argument("--die-with-parent", action="store_true", help="end when the process that started this one ends")
    return parser.parse_args()


def make_sandbox(options):
    settings = Settings()
    changes = {"token": options.token, "plan": options.plan, "search_lag": options.search_lag}
    for assignment in options.set:
        name, _, value = assignment.partition("=")
        changes[name] = yaml.safe_load(value)
    settings.merge(changes)
    sandbox = Sandbox(settings, log_path=options.log, board_path=options.board)
    if options.faults:
        sandbox.faults.load(yaml.safe_load(options.faults.read_text()))
    return sandbox


def make_app(sandbox):
    app = web.Application(client_max_size=LARGEST_REQUEST)
    for part in (Api(sandbox), Admin(sandbox), Page(sandbox)):
        app.add_routes(part.routes())
    return app


async def serve(options, parent):
    end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    # A client that goes away must not stop what it asked for; aiohttp leaves handlers alone by default.
    runner = web.AppRunner(make_app(make_sandbox(options)), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", options.port, backlog=1024)
    await site.start()
    port = runner.addresses[0][1]
    if options.port_file:
        part = options.port_file.with_name(options.port_file.name + ".part")
        part.write_text(f"{port}\n")
        part.replace(options.port_file)
    print(f"http://127.0.0.1:{port}/v2", flush=True)
    while not end.is_set():
        # The kernel's own death signal follows the parent's thread, not the process, so the parent is watched.
        if options.die_with_parent and os.getppid() != parent:
            break
        try:
            await asyncio.wait_for(end.wait(), PARENT_CHECK)
        except TimeoutError:
            continue
    await runner.cleanup()


def main():
    parent = os.getppid()
    options = arguments()
    try:
        asyncio.run(serve(options, parent))
    except (OSError, ValueError) as error:
        sys.exit(f"server.py: {error}")


if __name__ == "__main__":
    main()
