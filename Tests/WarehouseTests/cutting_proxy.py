"""A TCP proxy that cuts, refuses or stalls, and counts round trips: cutting_proxy.py HOST PORT COMMAND_FILE.

Prints the port it listens on. A word that appears in the file is carried out, and the file removed: cut, refuse, stall, allow; count
writes the round trips so far to COMMAND_FILE.count: how often a client has spoken after its server.
"""

import asyncio
import os
import sys

host, port, command = sys.argv[1], int(sys.argv[2]), sys.argv[3]
mode = "allow"
trips = 0
writers = set()


async def pump(reader, writer, side, spoke_last):
    global trips
    try:
        while data := await reader.read(65536):
            if side == "client" and spoke_last[0] == "server":
                trips += 1
            spoke_last[0] = side
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
    spoke_last = [""]
    await asyncio.gather(
        pump(reader, upstream[1], "client", spoke_last), pump(upstream[0], writer, "server", spoke_last)
    )
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
        if word == "count":
            with open(command + ".count", "w", encoding="utf-8") as file:
                file.write(str(trips))
            os.unlink(command)
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
