"""The HTTP side of the API: `POST /v2`, from the first byte of a request to the last of its answer."""

import asyncio
import hashlib
import inspect
import json
import re
import socket
import struct
import uuid

from aiohttp import web

from . import answers
from .engine import Call
from .request import RequestContext
from .resolvers import API_VERSION, SDL
from .sandbox import Sandbox, invalid

VERSION = re.compile(r"20\d\d-(01|04|07|10)\Z|dev\Z|current\Z|release_candidate\Z|maintenance\Z")
SUPPORTED = {"2025-04", "2025-07", "2025-10", "2026-01", "2026-04", "2026-07", "2026-10", "2027-01"}
OLDEST = "2025-04"
STALL_CHECK = 0.2


class Api:
    def __init__(self, sandbox: Sandbox):
        self.sandbox = sandbox
        self._number = 0
        self._background = set()

    def routes(self):
        return [
            web.post("/v2", self.answer),
            web.get("/v2/get_schema", lambda _: web.Response(text=SDL.read_text(), content_type="text/plain")),
        ]

    async def answer(self, request):
        body = await request.read()
        self._number += 1
        limits = self.sandbox.limits
        limits.in_flight += 1
        limits.most_in_flight = max(limits.most_in_flight, limits.in_flight)
        entry = {"number": self._number, "at": round(self.sandbox.clock.now(), 4), "key": request.headers.get("Idempotency-Key")}
        try:
            answer, fault = await self._decide(request, body, entry)
            entry["status"], entry["code"] = answer.status, answer.code
            if fault is not None:
                entry["fault"] = fault.rule.name
            self.sandbox.requests.append(entry)
            if fault is not None and fault.answer == "stall":
                await _stall(request, fault.get("seconds"))
            headers = limits.headers(answer.exhausts, answer.headers.get("Retry-After", "1"))
        finally:
            limits.in_flight -= 1
        return await self._deliver(request, answer, headers, fault)

    async def _decide(self, request, body, entry):
        """The answer to a request, and the fault that befalls it."""
        sandbox = self.sandbox
        try:
            asked = json.loads(body)
            text, variables, name = asked["query"], asked.get("variables") or {}, asked.get("operationName")
            if not isinstance(text, str) or not isinstance(variables, dict):
                raise ValueError
        except (ValueError, KeyError, TypeError):
            return answers.bad_request("Send JSON with `query` and, if needed, an object `variables`"), None
        if not _known_token(request, sandbox.settings.token):
            return answers.unauthorized(), None
        if not VERSION.match(request.headers.get("API-Version", API_VERSION)):
            return answers.bad_version(), None
        document = sandbox.engine.document(text, name)
        if isinstance(document, list):
            return invalid(document), None
        calls, failed = sandbox.engine.plan(document, variables)
        if failed:
            return invalid(calls), None
        entry["operations"] = _counted(calls)
        entry["kind"] = "mutation" if document.is_mutation else "query"
        key = entry["key"] if document.is_mutation else None
        digest = hashlib.sha256(body).digest()
        found = sandbox.idempotency.find(key, digest) if key else None
        fault = sandbox.faults.pick(calls, document.is_mutation, key is not None, isinstance(found, answers.Answer))
        if fault is not None and fault.rule.action == "slow":
            await asyncio.sleep(fault.get("seconds"))
        refusal = sandbox.limits.arrive()
        if refusal is not None:
            return refusal, fault
        if fault is not None and fault.commit is False and not fault.get("null"):
            return self._named(fault), fault
        if found == "running":
            return answers.conflict(), fault
        if found is not None:
            entry["replayed"] = True
            replay = answers.Answer(found.status, found.body, found.headers | {"Idempotency-Replayed": "true"}, found.code)
            return self._named(fault) or replay, fault
        return await self._run(document, variables, name, calls, key, digest, fault, entry), fault

    async def _run(self, document, variables, name, calls, key, digest, fault, entry):
        """Executes; the work goes on behind a lost answer, as it does at monday.com."""
        sandbox = self.sandbox
        boards, items = sandbox.touched(calls) if document.is_mutation else (set(), set())
        cost = 1 + sum(call.cost for call in calls)
        if not sandbox.enter(boards, items):
            return answers.locked()
        refusal = sandbox.limits.charge(cost)
        if refusal is not None:
            sandbox.leave(boards, items)
            return refusal
        if key:
            sandbox.idempotency.start(key, digest)
        context = RequestContext(sandbox, entry["number"], key, calls, fault)
        context.complexity = {
            "before": sandbox.limits.left() + cost,
            "after": max(0, sandbox.limits.left()),
            "query": cost,
            "reset_in_x_seconds": sandbox.limits.reset_in(),
        }
        entry["executed"] = True
        late = fault.get("commit_after") if fault is not None else None

        async def work():
            answer = None
            try:
                if late:
                    await asyncio.sleep(late)
                result = sandbox.engine.execute(document, variables, context, name)
                if inspect.isawaitable(result):
                    result = await result
                answer = self._answer_of(result, context, fault)
            finally:
                sandbox.leave(boards, items)
                sandbox.limits.refund(_unspent(sandbox.settings, calls, context))
                if key:
                    keep = fault is None or fault.get("cache", True)
                    nothing_done = not context.effects and not sandbox.settings.cache_errors
                    sandbox.idempotency.finish(key, answer if keep and not nothing_done else None)
            return answer

        if late or sandbox.settings.latency:
            task = asyncio.create_task(work())
            self._background.add(task)
            task.add_done_callback(self._background.discard)
            if late:
                return answers.Answer(0, b"", code="lost")
            done, _ = await asyncio.wait({task}, timeout=sandbox.settings.execution_limit)
            answer = task.result() if done else answers.gateway_timeout()
        else:
            answer = await work()
        return self._named(fault) or answer

    def _answer_of(self, result, context, fault):
        body = result.formatted
        if result.data is not None and fault is not None:
            _spoil(body, fault)
        errors = body.get("errors", [])
        body = {"data": body["data"]} | ({"errors": errors} if errors else {})
        body["extensions"] = {"request_id": str(uuid.uuid4())}
        if fault is not None and fault.get("pad"):
            body["extensions"]["padding"] = "x" * fault.get("pad")
        codes = [e.get("extensions", {}).get("code", "error") for e in errors]
        status = 409 if codes == ["DeleteLastGroupException"] and not context.effects else 200
        return answers.of(status, body, ", ".join(dict.fromkeys(codes)) or None)

    def _named(self, fault):
        """The answer that a fault puts in place of the real one."""
        if fault is None or fault.answer == "normal":
            return None
        if fault.answer in ("reset", "cut", "stall"):
            return None if fault.commit is not False else answers.Answer(0, b"", code="lost")
        maker = answers.NAMED[fault.answer]
        seconds = fault.get("retry_after")
        answer = maker() if seconds is None else maker(seconds)
        if not fault.get("retry_header", True):
            answer.headers.pop("Retry-After", None)
        answer.status = fault.get("http_status", answer.status)
        return answer

    async def _deliver(self, request, answer, limits, fault):
        manner = fault.answer if fault is not None else "normal"
        if manner in ("reset", "stall") or answer.status == 0:
            _reset(request)
            return web.Response()
        headers = answer.headers | limits
        headers["API-Version"] = _version(request)
        headers["X-Request-Id"] = str(uuid.uuid4())
        if manner == "cut":
            return await _cut(request, answer, headers, fault.get("fraction"))
        return web.Response(status=answer.status, body=answer.body, headers=headers)


async def _cut(request, answer, headers, fraction):
    """Announces the whole body and sends a part of it."""
    response = web.StreamResponse(status=answer.status, headers=headers)
    response.content_length = len(answer.body)
    await response.prepare(request)
    await response.write(answer.body[: int(len(answer.body) * fraction)])
    # What was written must leave before the connection ends, so it is closed, not reset.
    if request.transport is not None:
        request.transport.close()
    return response


async def _stall(request, seconds):
    """Says nothing until the client gives up."""
    end = asyncio.get_running_loop().time() + seconds
    while request.transport is not None and (left := end - asyncio.get_running_loop().time()) > 0:
        await asyncio.sleep(min(left, STALL_CHECK))


def _reset(request):
    """Ends the connection with a TCP reset and not one byte of answer."""
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _spoil(body, fault):
    data = body["data"]
    for alias in fault.aliases:
        if fault.get("null"):
            data[alias] = None
        elif fault.get("nested") and data.get(alias) is not None:
            error = {"message": "Asset unavailable.", "path": [alias, "group"], "extensions": {"code": "ASSET_UNAVAILABLE"}}
            body.setdefault("errors", []).append(error)


def _unspent(settings, calls, context):
    """Points given back: an alias that failed costs far less than one that was carried out."""
    failed = set(context.failed)
    return sum(max(0, call.cost - settings.failed_cost) for call in calls if call.alias in failed)


def _known_token(request, token):
    given = request.headers.get("Authorization", "")
    return given == token or given == f"Bearer {token}"


def _version(request):
    asked = request.headers.get("API-Version", API_VERSION)
    if asked in SUPPORTED:
        return asked
    # A version that was taken away is served by the oldest one kept; an unknown one by the current.
    return OLDEST if asked < OLDEST else API_VERSION


def _counted(calls: list[Call]):
    counted = {}
    for call in calls:
        counted[call.field] = counted.get(call.field, 0) + 1
    return counted

