"""What happened: every executed mutation, in a file if wanted, and every request."""

import json
from collections import Counter, deque

MOST_REQUESTS = 200_000


class MutationLog:
    """One JSON line a mutation that took effect, flushed before its answer leaves."""

    def __init__(self, path=None):
        self._file = open(path, "a", encoding="utf-8") if path else None  # noqa: SIM115
        self.entries = []

    def append(self, entry):
        self.entries.append(entry)
        if self._file is not None:
            self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            self._file.flush()

    def clear(self):
        self.entries.clear()


class RequestLog:
    """The requests of late, and counts of all of them."""

    def __init__(self):
        self.entries = deque(maxlen=MOST_REQUESTS)
        self.counts = Counter()

    def append(self, entry):
        self.entries.append(entry)
        counts = self.counts
        counts["requests"] += 1
        counts[f"status {entry['status']}"] += 1
        for name in ("replayed", "executed"):
            counts[name] += bool(entry.get(name))
        if entry.get("code"):
            counts[f"code {entry['code']}"] += 1
        if entry.get("fault"):
            counts[f"fault {entry['fault']}"] += 1

    def clear(self):
        self.entries.clear()
        self.counts.clear()
