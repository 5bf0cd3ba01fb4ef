"""One request while it is executed: what its resolvers may ask and what becomes of each alias."""

import traceback

from .board import Item
from .errors import ApiError


class RequestContext:
    """GraphQL context of one request. `perform` runs a mutation unless a fault says otherwise, and logs it."""

    def __init__(self, sandbox, number, key, calls, fault):
        self._sandbox = sandbox
        self._number = number
        self._key = key
        self._fault = fault
        self._order = {call.alias: n for n, call in enumerate(calls)}
        self.effects = 0
        self.failed = []
        self.complexity = None

    def latency(self, field):
        return self._sandbox.latency(field)

    def perform(self, alias, field, args, act):
        fault = self._fault
        if fault is not None:
            if self._cut_off(alias):
                return None
            code = fault.get("alias_error")
            if code is not None and alias in fault.aliases:
                self.failed.append(alias)
                raise _alias_error(fault, code)
        try:
            result = act()
        except ApiError:
            self.failed.append(alias)
            raise
        except Exception:
            # A bug of the sandbox must not look like an answer of monday.com.
            self._sandbox.bugs.append(traceback.format_exc())
            traceback.print_exc()
            raise
        self.effects += 1
        self._log(alias, field, args, result)
        return result

    def _cut_off(self, alias):
        """Whether the request dies before this alias, or this alias is left out."""
        commit = self._fault.commit
        if isinstance(commit, bool):
            return not commit and (self._fault.get("null") is None or alias in self._fault.aliases)
        return self._order[alias] >= commit

    def _log(self, alias, field, args, result):
        entry = {
            "number": len(self._sandbox.mutations.entries) + 1,
            "at": round(self._sandbox.clock.now(), 4),
            "request": self._number,
            "key": self._key,
            "alias": alias,
            "operation": field,
            "args": args,
            "result": str(result.id),
        }
        if isinstance(result, Item):
            entry["board"] = str(result.board.id)
        self._sandbox.mutations.append(entry)


def _alias_error(fault, code):
    code, message, status, data = fault.get("code", code), fault.get("message"), fault.get("status_code"), None
    if code == "ColumnValueException":
        message = message or "This status label doesn't exist, possible statuses are: {0: Working on it, 1: Done, 2: Stuck}"
        data = {"column_id": "status", "column_type": "color", "column_validation_error_code": "missingLabel"}
        status = status or 200
    error = ApiError(code, message or "Internal server error", status or 500, data)
    if fault.get("retry_after") is not None:
        error.extensions["retry_in_seconds"] = fault.get("retry_after")
    return error
