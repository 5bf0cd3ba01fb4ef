"""Whole answers that are not the outcome of an execution, in the shapes monday.com is known to send."""

import json
from dataclasses import dataclass, field

JSON = "application/json; charset=utf-8"
EXHAUSTED = {
    "COMPLEXITY_BUDGET_EXHAUSTED": "complexityMinute",
    "RATE_LIMIT_EXCEEDED": "minuteRate",
    "MINUTE_RATE_LIMIT_EXCEEDED": "minuteRate",
    "maxConcurrencyExceeded": "concurrency",
}


@dataclass(slots=True)
class Answer:
    """Status, headers and body bytes. `code` is what the request log says about it."""

    status: int
    body: bytes
    headers: dict = field(default_factory=dict)
    code: str | None = None
    exhausts: str | None = None
    """The limit that the headers must show as used up, if the answer says so."""


def of(status, body, code=None, retry_after=None, content_type=JSON):
    headers = {"Content-Type": content_type}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return Answer(status, data, headers, code)


def _error(status, code, message, seconds=None, **extensions):
    if seconds is not None:
        extensions["retry_in_seconds"] = seconds
    answer = of(status, {"errors": [{"message": message, "extensions": {"code": code, **extensions}}]}, code, seconds)
    answer.exhausts = EXHAUSTED.get(code)
    return answer


def complexity(seconds=7):
    return _error(429, "COMPLEXITY_BUDGET_EXHAUSTED", "Complexity budget exhausted", seconds)


def most_complexity(cost=5_010_167, limit=5_000_000):
    return _error(
        200,
        "REQUEST_MAX_COMPLEXITY_EXCEEDED",
        "Max allowed complexity per request exceeded",
        cost=cost,
        max_complexity_per_request=limit,
    )


def complexity_legacy(seconds=3):
    message = f"Complexity budget exhausted, query cost 30001 budget remaining 19986 out of 1000000 reset in {seconds} seconds"
    body = {
        "error_code": "ComplexityException",
        "status_code": 429,
        "error_message": message,
        "error_data": {},
        "errors": [message],
        "account_id": 1,
    }
    return of(200, body, "ComplexityException")


def minute_rate(seconds=35):
    return _error(429, "RATE_LIMIT_EXCEEDED", "Rate Limit Exceeded", seconds)


def concurrency(seconds=1):
    return _error(429, "maxConcurrencyExceeded", "Max concurrent requests exceeded", seconds, status_code=429)


def daily(seconds=20_700):
    return _error(429, "DAILY_LIMIT_EXCEEDED", "Daily limit exceeded", seconds)


def ip_rate(seconds=10):
    return _error(429, "IP_RATE_LIMIT_EXCEEDED", "IP rate limit exceeded", seconds, status_code=429)


def minute_rate_other_code(seconds=58):
    return _error(429, "MINUTE_RATE_LIMIT_EXCEEDED", "Minute rate limit exceeded", seconds)


def field_limit(seconds=15):
    extensions = {"code": "FIELD_LIMIT_EXCEEDED", "status_code": 429, "retry_in_seconds": seconds}
    extensions["error_data"] = {"entity": "subitems"}
    error = {"message": "Concurrency limit exceeded for the field", "path": ["items", 0, "subitems"], "extensions": extensions}
    return of(200, {"data": {"items": [{"subitems": None}]}, "errors": [error]}, "FIELD_LIMIT_EXCEEDED")


def resource_protection(seconds=None):
    body = {
        "data": None,
        "errors": [
            {
                "message": "Rate limit exceeded for board-columns",
                "path": ["boards", 0, "columns"],
                "extensions": {"code": "tooManyRequests", "status_code": 400, "service": "data-structure"},
            }
        ],
    }
    return of(200, body, "tooManyRequests", seconds)


def complexity_in_200(seconds=7):
    answer = complexity(seconds)
    answer.status = 200
    return answer


def locked(seconds=None):
    body = {
        "errors": [
            {"message": "Resource is currently locked, please try again later", "extensions": {"status_code": 423}}
        ]
    }
    return of(423, body, "locked", seconds)


def conflict(seconds=2):
    body = {
        "errors": [
            {
                "message": "A request with this idempotency key is currently being processed",
                "extensions": {"code": "IDEMPOTENCY_CONFLICT"},
            }
        ]
    }
    return of(409, body, "IDEMPOTENCY_CONFLICT", seconds)


def unauthorized(seconds=None):
    return _error(401, "NOT_AUTHENTICATED", "Not authenticated")


def unauthorized_legacy(seconds=None):
    return of(401, {"errors": ["Not Authenticated"]}, "Not Authenticated")


def blocked(seconds=None):
    return _error(200, "API_TEMPORARILY_BLOCKED", "API is temporarily blocked", status_code=200)


def bad_gateway(seconds=None):
    page = (
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
        "<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n"
    )
    return of(502, page.encode(), "502", seconds, "text/html")


def gateway_timeout(seconds=None):
    return of(504, b"upstream request timeout", "504", seconds, "text/plain")


def internal(seconds=None):
    body = {
        "status_code": 500,
        "error_message": "Internal server error",
        "error_code": "INTERNAL_SERVER_ERROR",
        "errors": [
            {
                "message": "Internal server error",
                "extensions": {"status_code": 500, "error_code": "INTERNAL_SERVER_ERROR"},
            }
        ],
    }
    return of(500, body, "INTERNAL_SERVER_ERROR", seconds)


def internal_in_200(seconds=None):
    body = {
        "data": None,
        "errors": [
            {
                "message": "Internal server error",
                "path": [],
                "extensions": {"status_code": 500, "error_code": "INTERNAL_SERVER_ERROR", "service": "monolith"},
            }
        ],
    }
    return of(200, body, "INTERNAL_SERVER_ERROR", seconds)


def empty_data(seconds=None):
    return of(200, {"data": None}, "empty data")


def garbage(seconds=None):
    return of(200, b"<!DOCTYPE html><title>Just a moment...</title>", "not JSON", content_type="text/html")


def bad_request(message):
    return of(400, {"errors": [{"message": message, "extensions": {"code": "Bad request", "status_code": 400}}]}, "Bad request")


def bad_version():
    return _error(200, "InvalidVersionException", "Invalid API version", status_code=200)


#: Answers that a fault rule can name.
NAMED = {
    "complexity": complexity,
    "complexity_in_200": complexity_in_200,
    "complexity_legacy": complexity_legacy,
    "minute": minute_rate,
    "minute_other_code": minute_rate_other_code,
    "field": field_limit,
    "concurrency": concurrency,
    "daily": daily,
    "ip": ip_rate,
    "protection": resource_protection,
    "max_complexity": most_complexity,
    "locked": locked,
    "conflict": conflict,
    "unauthorized": unauthorized,
    "unauthorized_legacy": unauthorized_legacy,
    "blocked": blocked,
    "bad_gateway": bad_gateway,
    "gateway_timeout": gateway_timeout,
    "internal": internal,
    "internal_in_200": internal_in_200,
    "empty_data": empty_data,
    "garbage": garbage,
}
