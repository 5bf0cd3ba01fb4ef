"""Answers remembered by `Idempotency-Key`."""

from collections import OrderedDict
from dataclasses import dataclass


@dataclass(slots=True)
class Remembered:
    answer: object
    until: float
    request: bytes
    """SHA-256 of the first request's body."""


class IdempotencyCache:
    """A key alone decides: the documentation says nothing of a second request with another body, so it gets
    the first one's answer. Such a request is a mistake of the client, and is counted.

    Answers that are too large, or beyond the memory set aside, are executed and not remembered, without a sign.
    """

    def __init__(self, clock, settings):
        self._clock = clock
        self._settings = settings
        self._running = {}
        self._answers = OrderedDict()
        self._size = 0
        self.other_body = 0

    def find(self, key, digest):
        """The remembered answer, "running", or None."""
        running = self._running.get(key)
        if running is not None:
            self.other_body += running != digest
            return "running"
        self._forget_old()
        found = self._answers.get(key)
        if found is None:
            return None
        self.other_body += found.request != digest
        return found.answer

    def start(self, key, digest):
        self._running[key] = digest

    def finish(self, key, answer):
        """`answer` null: nothing is remembered, and the same key executes again."""
        digest = self._running.pop(key)
        if answer is None or len(answer.body) > self._settings.idempotency_largest:
            return
        if self._size + len(answer.body) > self._settings.idempotency_memory:
            return
        self._answers[key] = Remembered(answer, self._clock.now() + self._settings.idempotency_seconds, digest)
        self._size += len(answer.body)

    def _forget_old(self):
        now = self._clock.now()
        while self._answers and next(iter(self._answers.values())).until <= now:
            _, old = self._answers.popitem(last=False)
            self._size -= len(old.answer.body)
