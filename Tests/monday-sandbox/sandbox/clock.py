"""The one clock of the sandbox: real time plus what a test has wound it forward."""

import time


class Clock:
    """Seconds since the sandbox started; `advance` makes a lag, a budget window or a cached answer run out at once."""

    def __init__(self):
        self._start = time.monotonic()
        self._wound = 0.0

    def now(self):
        return time.monotonic() - self._start + self._wound

    def wall(self):
        """Unix time in seconds, wound forward too, so that the day's limit ends when a test says so."""
        return time.time() + self._wound

    def advance(self, seconds):
        self._wound += float(seconds)
