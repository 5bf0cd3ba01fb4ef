"""A TCP proxy that cuts, refuses or stalls: cutting_proxy.py HOST PORT COMMAND_FILE.

Prints the port it listens on. A word that appears in the file is carried out, and the file removed: cut, refuse, stall, allow.
"""

import asyncio
import os
import sys

host, port, command = sys.argv[1], int(sys.argv[2]), sys.argv[3]
mode = "allow"
writers = set()


async def pump(reader, writer):
    try:
        while data := await reader.read(65536):
            while mode == "stall":
                await asyncio.sleep(0.02)
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def serve(reader, writer):
    if mode == "refuse":
        writer.transport.abort()
        return
    try:
        upstream = await asyncio.open_connection(host, port)
    except OSError:
        writer.transport.abort()
        return
    both = {writer, upstream[1]}
    writers.update(both)
    await asyncio.gather(pump(reader, upstream[1]), pump(upstream[0], writer))
    writers.difference_update(both)


async def obey():
    global mode
    while True:
        await asyncio.sleep(0.01)
        try:
            with open(command, encoding="utf-8") as file:
                word = file.read()
        except FileNotFoundError:
            continue
        if word in ("cut", "refuse") or (word == "allow" and mode == "stall"):
            for writer in list(writers):
                writer.transport.abort()
            await asyncio.sleep(0.05)
        mode = "allow" if word == "cut" else word
        os.unlink(command)


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.gather(server.serve_forever(), obey())


asyncio.run(main())
