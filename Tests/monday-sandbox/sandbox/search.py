"""Search by column value, which lags behind what was written; reads by id do not."""

from collections import deque

MOST_PENDING = 200_000


class SearchIndex:
    """What a search can see: every write becomes visible only `lag` seconds after it.

    Text columns are indexed by their lower-cased text, because a search compares the entire value and
    ignores case. Other types are searched among the visible texts.
    """

    def __init__(self, clock, settings):
        self._clock = clock
        self._settings = settings
        self._pending = deque()
        self._visible = {}
        self._by_text = {}

    def wrote(self, item, texts):
        """`texts`: column id → text, null for a cleared column."""
        due = self._clock.now() + self._settings.search_lag
        self._pending.append((due, item, texts))
        if self._settings.search_lag <= 0 or len(self._pending) > MOST_PENDING:
            self._catch_up(due)

    def find(self, board, column, values):
        """Active items whose visible value matches one of `values`."""
        self._catch_up(self._clock.now())
        wanted = [value.lower() for value in values if value is not None]
        if column.type in ("text", "name"):
            index = self._by_text.get((board.id, column.id), {})
            found = {item.id: item for value in wanted for item in index.get(value, {}).values()}
            return [item for item in found.values() if item.state == "active"]
        # Dropdowns match a part of the value.
        partial = column.type in ("dropdown", "phone")
        return [
            item
            for item in board.items.values()
            if item.state == "active" and _matches(self._seen(item, column.id), wanted, partial)
        ]

    def value(self, item, column_id):
        self._catch_up(self._clock.now())
        return self._seen(item, column_id)

    def knows(self, item):
        self._catch_up(self._clock.now())
        return item.id in self._visible

    def _seen(self, item, column_id):
        return self._visible.get(item.id, {}).get(column_id, "")

    def _catch_up(self, now):
        pending = self._pending
        while pending and pending[0][0] <= now:
            _, item, texts = pending.popleft()
            self._show(item, texts)

    def _show(self, item, texts):
        seen = self._visible.setdefault(item.id, {})
        for column_id, text in texts.items():
            column = item.board.columns.get(column_id)
            if column is not None and column.type in ("text", "name"):
                index = self._by_text.setdefault((item.board.id, column_id), {})
                before = seen.get(column_id)
                if before is not None:
                    index.get(before.lower(), {}).pop(item.id, None)
                if text is not None:
                    index.setdefault(text.lower(), {})[item.id] = item
            if text is None:
                seen.pop(column_id, None)
            else:
                seen[column_id] = text


def _matches(seen, wanted, partial):
    text = seen.lower()
    return any(value in text if partial and value else value == text for value in wanted)
