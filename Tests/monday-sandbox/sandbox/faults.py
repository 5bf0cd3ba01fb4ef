"""Fault scripts: which request goes wrong, and how. README.md lists actions and conditions."""

import random
from dataclasses import dataclass, field

from . import answers

#: What an action stands for: `commit` (is the request executed: true, false, or its first n aliases), `cache`
#: (is the answer remembered under the key), `answer` ("normal", "reset", "cut", "stall" or a named answer).
ACTIONS = {
    "lose_answer": {"answer": "reset"},
    "reset_before": {"commit": False, "answer": "reset"},
    "late_commit": {"answer": "reset", "commit_after": 5.0},
    "partial_commit": {"commit": 1, "answer": "reset", "cache": False},
    "cut_body": {"answer": "cut", "fraction": 0.5},
    "stall": {"answer": "stall", "seconds": 3600.0},
    "stall_before": {"commit": False, "answer": "stall", "seconds": 3600.0},
    "bad_gateway": {"commit": False, "answer": "bad_gateway"},
    "gateway_timeout": {"commit": False, "answer": "gateway_timeout"},
    "internal_error": {"commit": False, "answer": "internal"},
    "internal_error_in_200": {"commit": False, "answer": "internal_in_200"},
    "empty_data": {"answer": "empty_data"},
    "garbage": {"commit": False, "answer": "garbage"},
    "throttle": {"commit": False, "answer": "complexity"},
    "locked": {"commit": False, "answer": "locked"},
    "conflict": {"commit": False, "answer": "conflict"},
    "unauthorized": {"commit": False, "answer": "unauthorized"},
    "blocked": {"commit": False, "answer": "blocked"},
    "poison": {"commit": False, "answer": "internal"},
    "not_cached": {"cache": False},
    "null_alias": {"null": True},
    "label_error": {"alias_error": "ColumnValueException"},
    "alias_error": {"alias_error": "INTERNAL_SERVER_ERROR"},
    "nested_error": {"nested": True},
    "slow": {"seconds": 2.0},
    "pad_answer": {"pad": 2_000_000},
}
CONDITIONS = {"operation", "kind", "nth", "every", "probability", "value", "alias", "replay", "keyed"}
SETTINGS = {
    "name", "action", "match", "times", "skip", "lasts", "commit", "commit_after", "cache", "answer", "kind",
    "retry_after", "retry_header", "seconds", "fraction", "code", "message", "status_code", "pad", "http_status",
}  # fmt: skip


@dataclass(slots=True)
class Rule:
    """One line of a fault script, with what it has seen so far."""

    name: str
    action: str
    match: dict
    effect: dict
    times: int | None
    skip: int
    until: float | None
    dice: random.Random
    seen: int = 0
    hits: int = 0


@dataclass(slots=True)
class Fault:
    """What goes wrong with one request; `aliases` are those its condition is about."""

    rule: Rule
    aliases: list = field(default_factory=list)

    def get(self, name, default=None):
        return self.rule.effect.get(name, default)

    @property
    def commit(self):
        return self.get("commit", True)

    @property
    def answer(self):
        return self.get("answer", "normal")


class FaultScript:
    """The rules in force, tried in order: the first that fires decides. Each rule counts every request it matches."""

    def __init__(self, clock):
        self._clock = clock
        self.rules = []
        self.seed = 0

    def load(self, script):
        """Replaces all rules. `script` is a list of rules, or {"seed": …, "rules": […]}; mistakes are refused."""
        if isinstance(script, dict):
            self.seed = script.get("seed", self.seed)
            script = script.get("rules", [])
        self.rules = [self._rule(n, rule) for n, rule in enumerate(script or [])]

    def add(self, rule):
        self.rules.append(self._rule(len(self.rules), rule))

    def pick(self, calls, is_mutation, keyed, replay):
        picked = None
        for rule in self.rules:
            aliases = _aliases(rule.match, calls, is_mutation, keyed, replay)
            if aliases is None:
                continue
            rule.seen += 1
            if picked is None and self._fires(rule):
                rule.hits += 1
                picked = Fault(rule, aliases)
        return picked

    def describe(self):
        return [
            {"name": r.name, "action": r.action, "match": r.match, "seen": r.seen, "hits": r.hits, "times": r.times}
            for r in self.rules
        ]

    def _fires(self, rule):
        match = rule.match
        if rule.times is not None and rule.hits >= rule.times:
            return False
        if rule.until is not None and self._clock.now() >= rule.until:
            return False
        count = rule.seen - rule.skip
        if count <= 0:
            return False
        nth = match.get("nth")
        if nth is not None and count not in (nth if isinstance(nth, list) else [nth]):
            return False
        if "every" in match and count % match["every"] != 0:
            return False
        # The dice are thrown for every matching request, so that a script repeats from its seed.
        return "probability" not in match or rule.dice.random() < match["probability"]

    def _rule(self, index, rule):
        action = rule.get("action")
        if action not in ACTIONS:
            raise ValueError(f"fault rule {index}: unknown action {action!r} (one of {', '.join(sorted(ACTIONS))})")
        match = rule.get("match", {})
        unknown = sorted(set(rule) - SETTINGS) + sorted(set(match) - CONDITIONS)
        if unknown:
            raise ValueError(f"fault rule {index}: unknown key {', '.join(unknown)}")
        effect = dict(ACTIONS[action]) | {k: v for k, v in rule.items() if k in SETTINGS - {"name", "action", "match"}}
        if "kind" in rule:
            effect["answer"] = rule["kind"]
        named = effect.get("answer", "normal")
        if named not in ("normal", "reset", "cut", "stall") and named not in answers.NAMED:
            raise ValueError(f"fault rule {index}: unknown answer {named!r} (one of {', '.join(answers.NAMED)})")
        name = rule.get("name", f"{index}-{action}")
        return Rule(
            name=name,
            action=action,
            match=match,
            effect=effect,
            times=rule.get("times"),
            skip=rule.get("skip", 0),
            until=self._clock.now() + rule["lasts"] if "lasts" in rule else None,
            dice=random.Random(f"{self.seed}:{name}"),
        )


def _aliases(match, calls, is_mutation, keyed, replay):
    """The aliases of a request that a condition is about; None when it is not about this request."""
    kind = match.get("kind")
    if kind is not None and kind != ("mutation" if is_mutation else "query"):
        return None
    if match.get("replay", replay) != replay or match.get("keyed", keyed) != keyed:
        return None
    wanted = match.get("operation")
    wanted = [wanted] if isinstance(wanted, str) else wanted
    found = [call for call in calls if wanted is None or call.field in wanted]
    if "value" in match:
        found = [call for call in found if _holds(call.args, match["value"])]
    if "alias" in match:
        # By name, or by position in the request.
        alias = match["alias"]
        found = [c for n, c in enumerate(calls) if c in found and (c.alias == alias or n == alias)]
    return [call.alias for call in found] or None


def _holds(value, text):
    if isinstance(value, str):
        return text in value
    if isinstance(value, dict):
        return any(_holds(v, text) for v in value.values())
    if isinstance(value, list):
        return any(_holds(v, text) for v in value)
    return str(value) == text
