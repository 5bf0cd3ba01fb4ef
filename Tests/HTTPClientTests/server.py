"""A hostile HTTP/1.1 server for the client's tests.

Prints its port, serves until it is killed, or the process that started it is gone. The path says how to behave; GET /log tells what came in.
"""

import gzip
import json
import os
import socket
import ssl
import struct
import sys
import threading
import time

lock = threading.Lock()
log = []
connections = 0


def read_request(reader):
    """The request line, the headers and the body of the next request; None when the client is gone."""
    if reader.peek(1)[:1] == b"\x16":  # a TLS handshake, at a server that speaks none
        raise ValueError
    line = reader.readline()
    if not line:
        return None
    headers = {}
    while True:
        header = reader.readline()
        if not header.strip():
            break
        name, _, value = header.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    body = reader.read(int(headers.get("content-length", 0)))
    method, target, _ = line.decode("latin-1").split(" ", 2)
    return method, target, headers, body


def answer(body, status="200 OK", headers=()):
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(head).encode() + body


def reset(connection):
    """Closes with RST in place of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def serve(connection, number):
    reader = connection.makefile("rb")
    served = 0
    while True:
        request = read_request(reader)
        if request is None:
            return
        method, target, headers, body = request
        if target != "/log":
            with lock:
                log.append({"connection": number, "method": method, "target": target, "body": len(body)})
        parts = target.strip("/").split("/")
        verb, argument = parts[0], int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0
        if method == "CONNECT":
            connection.sendall(answer(b"", "502 Bad Gateway"))
            return
        if verb == "log":
            with lock:
                connection.sendall(answer(json.dumps(log).encode()))
        elif verb == "echo":
            connection.sendall(answer(body, headers=["X-Answer: Yes ", "X-Twice: first", "X-Twice: second"]))
        elif verb == "headers":
            connection.sendall(answer(json.dumps(headers).encode()))
        elif verb == "status":
            connection.sendall(answer(b"status", f"{argument} Whatever"))
        elif verb == "redirect":
            connection.sendall(answer(b"", "302 Found", ["Location: /echo"]))
        elif verb == "delay":
            time.sleep(argument / 1000)
            connection.sendall(answer(b"late"))
        elif verb == "continue":
            connection.sendall(b"HTTP/1.1 103 Early Hints\r\nX-Early: yes\r\n\r\n" + answer(b"real"))
        elif verb == "silent":
            time.sleep(60)
            return
        elif verb == "drip":
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for _ in range(1000):
                connection.sendall(b"x")
                time.sleep(0.05)
        elif verb == "cut":
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789")
            return
        elif verb == "reset":
            reset(connection)
            return
        elif verb == "garbage":
            connection.sendall(b"\x00\x01\x02 this is no HTTP\r\n\r\n")
            return
        elif verb == "huge":
            connection.sendall(answer(b"x" * argument))
        elif verb == "chunked":
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in range(argument // 1000):
                connection.sendall(b"3e8\r\n" + b"x" * 1000 + b"\r\n")
            connection.sendall(b"0\r\n\r\n")
        elif verb == "bomb":
            connection.sendall(answer(gzip.compress(b"x" * argument), headers=["Content-Encoding: gzip"]))
        elif verb == "headerflood":
            connection.sendall(b"HTTP/1.1 200 OK\r\n" + b"X-Flood: " + b"x" * 1000 + b"\r\n")
            for _ in range(argument):
                connection.sendall(b"X-Flood: " + b"x" * 1000 + b"\r\n")
            connection.sendall(b"\r\n")
        elif verb == "closing":
            # Answers as if the connection stayed, and closes it.
            connection.sendall(answer(b"bye"))
            return
        elif verb == "dying":
            # The second request of a connection is read to its end, and no answer comes.
            if served > 0:
                return
            connection.sendall(answer(b"alive"))
        served += 1


def handle(connection, number):
    try:
        if context is not None:
            connection = context.wrap_socket(connection, server_side=True)
        with connection:
            serve(connection, number)
    except (OSError, ValueError):
        pass


parent = os.getppid()
context = None
if len(sys.argv) == 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
listener = socket.create_server(("127.0.0.1", 0), backlog=256)
print(listener.getsockname()[1], flush=True)


def accept():
    global connections
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with lock:
            connections += 1
            number = connections
        threading.Thread(target=handle, args=(connection, number), daemon=True).start()


threading.Thread(target=accept, daemon=True).start()
while os.getppid() == parent:
    time.sleep(0.5)
