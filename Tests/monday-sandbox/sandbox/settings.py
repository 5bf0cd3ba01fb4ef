"""What can be set on the command line, in a file, or while the sandbox runs."""

from dataclasses import dataclass, field, fields

PLANS = {
    # points a minute, requests a minute, requests at once, calls a day
    "free": (1_000_000, 1_000, 40, 1_000),
    "standard": (10_000_000, 1_000, 40, 1_000),
    "pro": (10_000_000, 2_500, 100, 10_000),
    "enterprise": (10_000_000, 5_000, 250, 25_000),
    "app": (5_000_000, 2_500, 100, 10_000),
    # Never refuses; for the demo, for tests of something else, and to measure the client.
    "unlimited": (1_000_000_000, 1_000_000, 1_000, 100_000_000),
}
COSTS = {
    "create_item": 30_000,
    "create_subitem": 30_000,
    "create_group": 10_000,
    "create_column": 10_000,
    "change_multiple_column_values": 10_000,
    "change_simple_column_value": 10_000,
    "change_column_value": 10_000,
    "move_item_to_group": 10_000,
    "archive_item": 10_000,
    "delete_item": 10_000,
    "archive_group": 10_000,
    "delete_group": 10_000,
    "update_group": 10_000,
}


@dataclass
class Settings:
    token: str = "sandbox-token"
    plan: str = "unlimited"
    points_per_minute: int | None = None
    requests_per_minute: int | None = None
    concurrency: int | None = None
    calls_per_day: int | None = None
    #: Points of one call of a field; monday.com publishes only that of create_item, so clients must learn them.
    costs: dict = field(default_factory=dict)
    failed_cost: int = 100
    most_points_a_request: int = 5_000_000
    #: Seconds until a written value can be found by search.
    search_lag: float = 0.0
    #: Seconds a call of a field takes, e.g. {"create_item": 0.83, "create_subitem": 3.3, "query": 0.2}.
    latency: dict = field(default_factory=dict)
    #: Part of the latency that varies, 0 to 1.
    jitter: float = 0.0
    #: Mutating requests at once on one board before a further one is answered 423; null: no lock.
    board_lock: int | None = None
    items_limit: int | None = 10_000
    #: Whether archived items take changes, as if nothing had happened to them. Not documented either way.
    archived_takes_changes: bool = False
    idempotency_seconds: float = 1800.0
    idempotency_largest: int = 1_000_000
    idempotency_memory: int = 256_000_000
    #: Whether an executed request whose aliases all failed is remembered under its key. Not documented.
    cache_errors: bool = True
    #: Seconds after which the edge answers 504, while the work goes on behind it.
    execution_limit: float = 60.0
    cursor_seconds: float = 3600.0
    #: Items come back in no useful order, so that nobody relies on one.
    shuffle: bool = True
    seed: int = 1

    def merge(self, values):
        """Changes some settings; an unknown name is refused, so that a typo in a test shows."""
        known = {f.name for f in fields(self)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise ValueError(f"unknown setting: {', '.join(unknown)}")
        if values.get("plan", self.plan) not in PLANS:
            raise ValueError(f"unknown plan: {values['plan']} (one of {', '.join(PLANS)})")
        for name, value in values.items():
            setattr(self, name, value)

    def limits(self):
        """Points a minute, requests a minute, requests at once, calls a day."""
        own = (self.points_per_minute, self.requests_per_minute, self.concurrency, self.calls_per_day)
        return tuple(plan if value is None else value for plan, value in zip(PLANS[self.plan], own, strict=True))

    def cost(self, field_name):
        return self.costs.get(field_name, COSTS.get(field_name, 1))
