"""The account's limits: points a minute, requests a minute, requests at once, calls a day."""

from . import answers

MINUTE = 60.0
DAY = 86_400
REFUSED_CALL = 0.1


class Window:
    """A budget that is full again 60 s after the first request that drew on it; debt is taken from the next one."""

    def __init__(self, clock):
        self._clock = clock
        self._ends = None
        self._used = 0

    def used(self, quota):
        now = self._clock.now()
        if self._ends is not None and now >= self._ends:
            self._used = max(0, self._used - quota)
            self._ends = None
        return self._used

    def take(self, points):
        if self._ends is None:
            self._ends = self._clock.now() + MINUTE
        self._used += points

    def give_back(self, points):
        self._used = max(0, self._used - points)

    def reset_in(self):
        """Whole seconds until the budget is full again, at least 1."""
        return int(MINUTE if self._ends is None else max(1, -(-(self._ends - self._clock.now()) // 1)))


class Limits:
    def __init__(self, clock, settings):
        self._clock = clock
        self._settings = settings
        self._points = Window(clock)
        self._requests = Window(clock)
        self._day = None
        self._calls = 0.0
        self.in_flight = 0
        self.most_in_flight = 0

    def arrive(self):
        """Counts a request that reached the API; every one does, failed ones too. Returns a refusal or None."""
        _, requests, concurrency, calls = self._settings.limits()
        today = int(self._clock.wall() // DAY)
        if today != self._day:
            self._day, self._calls = today, 0.0
        if self._requests.used(requests) >= requests:
            return self._refuse(answers.minute_rate(self._requests.reset_in()))
        self._requests.take(1)
        if self._calls >= calls:
            return self._refuse(answers.daily(int(DAY - self._clock.wall() % DAY) + 1))
        if self.in_flight > concurrency:
            return self._refuse(answers.concurrency(1))
        self._calls += 1
        return None

    def charge(self, cost):
        """Draws the estimated points before anything is executed, or refuses."""
        points = self._settings.limits()[0]
        if cost > self._settings.most_points_a_request:
            return answers.most_complexity(cost, self._settings.most_points_a_request)
        if self._points.used(points) + cost > points:
            return self._refuse(answers.complexity(self._points.reset_in()))
        self._points.take(cost)
        return None

    def refund(self, points):
        self._points.give_back(points)

    def left(self):
        points = self._settings.limits()[0]
        return points - self._points.used(points)

    def reset_in(self):
        return self._points.reset_in()

    def headers(self, exhausted=None, seconds="1"):
        """Both header fields; `exhausted` names a limit to show as used up for `seconds`, as a fault wants it."""
        points, requests, concurrency, _ = self._settings.limits()
        requests_left = max(0, requests - self._requests.used(requests))
        left = {
            "minuteRate": (requests_left, self._requests.reset_in() if requests_left == 0 else None),
            "concurrency": (max(0, concurrency - self.in_flight), None),
            "complexityMinute": (max(0, self.left()), self._points.reset_in()),
        }
        if exhausted is not None:
            left[exhausted] = (0, seconds)
        if left["concurrency"][0] == 0:
            left["concurrency"] = (0, 1)
        return {
            "RateLimit-Policy": f'"minuteRate";q={requests};w=60, "concurrency";q={concurrency};qu="concurrent-requests", '
            f'"complexityMinute";q={points};w=60;qu="content-bytes"',
            "RateLimit": ", ".join(f'"{name}";r={r}' + (f";t={t}" if t is not None else "") for name, (r, t) in left.items()),
        }

    def _refuse(self, answer):
        self._calls += REFUSED_CALL
        return answer

