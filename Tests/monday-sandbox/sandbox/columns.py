"""What may be written into a column of each type, and how it is read back.

A write has two steps, so that an item with one bad value leaves no label behind: `check` refuses or
returns a plan, `Plan.commit` makes missing labels and returns the cell.
"""

import datetime
import json
import math
from dataclasses import dataclass, field

from . import errors
from .labels import STATUS_LENGTH, Labels

LONG_TEXT_LIMIT = 2000
WITH_LABELS = ("status", "dropdown")
READ_ONLY = {
    "auto_number", "board_relation", "button", "creation_log", "formula", "item_id", "last_updated",
    "mirror", "progress", "subtasks", "time_tracking", "vote",
}  # fmt: skip


@dataclass(slots=True)
class Cell:
    """A value as it is read back: `value` becomes JSON in a string, `text` is what a person sees."""

    value: object
    text: str


@dataclass(slots=True)
class Column:
    id: str
    title: str
    type: str
    description: str | None = None
    archived: bool = False
    settings: dict = field(default_factory=dict)
    labels: Labels | None = None
    revision: int = 1

    def full_settings(self):
        return self.labels.settings() if self.labels else self.settings

    def settings_text(self):
        return json.dumps(self.labels.legacy_settings() if self.labels else self.settings)


@dataclass(slots=True)
class Plan:
    """A checked write: the cell itself, or the labels it is made of; both null means the column is cleared."""

    column: Column
    cell: Cell | None = None
    labels: list | None = None

    def commit(self):
        if self.labels is None:
            return self.cell
        before = len(self.column.labels.by_id)
        ids = [self.column.labels.ensure(text) for text in self.labels]
        self.column.revision += len(self.column.labels.by_id) - before
        text = ", ".join(self.labels)
        if self.column.type == "status":
            return Cell({"index": ids[0], "post_id": None}, text)
        return Cell({"ids": ids}, text)


def check(column, raw, create_labels):
    """Checks one value of `column_values` (already decoded from JSON); raises the error monday.com answers with."""
    if column.type in READ_ONLY:
        raise errors.column_value(column, _text(raw), f"column type {column.type} is not supported in changing column values")
    if raw is None or raw == "" or raw == {}:
        return Plan(column)
    return _CHECKS.get(column.type, _check_other)(column, raw, create_labels)


def _check_text(column, raw, _):
    if isinstance(raw, (dict, list)):
        raise _invalid(column, raw)
    text = raw if isinstance(raw, str) else json.dumps(raw)
    return Plan(column, Cell(text, text))


def _check_long_text(column, raw, _):
    text = raw.get("text") if isinstance(raw, dict) else raw
    if text is None or text == "":
        return Plan(column)
    if not isinstance(text, str):
        raise _invalid(column, raw)
    if len(text.encode("utf-16-le")) // 2 > LONG_TEXT_LIMIT:
        raise errors.column_value(column, text[:100], f"invalid value - the text is longer than {LONG_TEXT_LIMIT} characters")
    return Plan(column, Cell({"text": text}, text))


def _check_numbers(column, raw, _):
    try:
        if isinstance(raw, (dict, list, bool)) or not math.isfinite(float(raw)):
            raise ValueError
    except ValueError:
        raise _invalid(column, raw) from None
    text = raw.strip() if isinstance(raw, str) else json.dumps(raw)
    return Plan(column, Cell(text, text))


def _check_date(column, raw, _):
    value = raw if isinstance(raw, dict) else {"date": raw}
    date, time = value.get("date"), value.get("time")
    if date is None or date == "":
        return Plan(column)
    try:
        if len(date) != 10:
            raise ValueError
        datetime.date.fromisoformat(date)
        if time:
            datetime.time.fromisoformat(time)
    except (TypeError, ValueError):
        raise _invalid(column, raw) from None
    cell = {"date": date, "icon": ""} | ({"time": time} if time else {})
    return Plan(column, Cell(cell, f"{date} {time[:5]}" if time else date))


def _check_status(column, raw, create_labels):
    value = raw if isinstance(raw, dict) else {"label": raw}
    label = value.get("label")
    # A label made of digits is taken for a label's id, as an explicit `index` is.
    index = value.get("index", int(label) if isinstance(label, str) and label.isdigit() else None)
    if index is not None:
        if index not in column.labels.by_id:
            raise _missing(column, raw, str(index))
        return Plan(column, labels=[column.labels.by_id[index]])
    if not isinstance(label, str):
        raise _invalid(column, raw)
    if label == "":
        return Plan(column)
    if len(label) > STATUS_LENGTH:
        raise errors.column_value(column, _text(raw), f"invalid value - a status label has at most {STATUS_LENGTH} characters")
    return _with_labels(column, raw, [label], create_labels)


def _check_dropdown(column, raw, create_labels):
    if isinstance(raw, str):
        # A plain string is a list separated by commas, so a label that holds a comma falls apart.
        raw = {"labels": [part.strip() for part in raw.split(",") if part.strip()]}
    if not isinstance(raw, dict) or ("labels" in raw and "ids" in raw):
        raise _invalid(column, raw)
    if "ids" in raw:
        ids = [errors.number(i) for i in raw["ids"]]
        for label_id in ids:
            if label_id not in column.labels.by_id:
                raise _missing(column, raw, str(label_id))
        labels = [column.labels.by_id[i] for i in ids]
    else:
        labels = raw.get("labels")
    if not isinstance(labels, list) or any(not isinstance(text, str) or not text.strip() for text in labels):
        raise _invalid(column, raw)
    return _with_labels(column, raw, labels, create_labels) if labels else Plan(column)


def _check_checkbox(column, raw, _):
    value = raw.get("checked") if isinstance(raw, dict) else raw
    if value not in ("true", True):
        raise _invalid(column, raw)
    return Plan(column, Cell({"checked": True}, "v"))


def _check_other(column, raw, _):
    """Types the sync never writes: kept as they come."""
    return Plan(column, Cell(raw, _text(raw)))


def _with_labels(column, raw, labels, create_labels):
    absent = [text for text in dict.fromkeys(labels) if column.labels.find(text) is None]
    if absent and not create_labels:
        raise _missing(column, raw, absent[0])
    if len(absent) > column.labels.room():
        raise errors.column_value(
            column, _text(raw), f"the column has reached its limit of {column.labels.limit} labels", "labelsLimitExceeded"
        )
    return Plan(column, labels=labels)


def _missing(column, raw, label):
    known = column.labels.describe()
    if column.type == "status":
        message = f"This status label doesn't exist, possible statuses are: {known}"
    else:
        message = f"The dropdown label '{label}' does not exist, possible labels are: {known}"
    return errors.column_value(column, _text(raw), message, "missingLabel")


def _invalid(column, raw):
    return errors.column_value(
        column,
        _text(raw),
        "invalid value - please check our API documentation for the correct data structure for this column.",
    )


def _text(raw):
    return raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False)


_CHECKS = {
    "text": _check_text,
    "long_text": _check_long_text,
    "numbers": _check_numbers,
    "date": _check_date,
    "status": _check_status,
    "dropdown": _check_dropdown,
    "checkbox": _check_checkbox,
}
