"""An HTTP/2 server over TLS for the client's tests: Hypercorn, with an application that tells what it was asked.

    http2.py CERTIFICATE KEY

Prints its port and serves until it is killed, or the process that started it is gone. A path /delay/N answers after N milliseconds, /cut breaks its answer off.
"""

import asyncio
import json
import os
import socket
import sys

from hypercorn.asyncio import serve
from hypercorn.config import Config


async def application(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    while (message := await receive())["type"] == "http.request":
        body += message["body"]
        if not message.get("more_body"):
            break
    parts = scope["path"].strip("/").split("/")
    if parts[0] == "delay":
        await asyncio.sleep(int(parts[1]) / 1000)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-answer", b"yes")]})
    if parts[0] == "cut":
        await send({"type": "http.response.body", "body": b"the beginning of", "more_body": True})
        raise ConnectionError("as asked")
    told = {"version": scope["http_version"], "client": scope["client"][1], "body": len(body)}
    await send({"type": "http.response.body", "body": json.dumps(told).encode()})


async def parent_gone():
    while os.getppid() == parent:
        await asyncio.sleep(0.5)


async def main():
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.certfile, config.keyfile = sys.argv[1:]
    config.alpn_protocols = ["h2", "http/1.1"]
    config.accesslog = config.errorlog = None
    print(listener.getsockname()[1], flush=True)
    await serve(application, config, shutdown_trigger=parent_gone)


parent = os.getppid()
asyncio.run(main())
