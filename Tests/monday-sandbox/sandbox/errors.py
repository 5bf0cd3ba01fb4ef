"""Failures as monday.com words them: a code, a message, and data beside it in `extensions`."""


class ApiError(Exception):
    """One alias refused. graphql-core copies `extensions` into the answer's error and adds path and locations."""

    def __init__(self, code, message, status_code=200, error_data=None):
        super().__init__(message)
        self.code = code
        self.extensions = {
            "code": code,
            "status_code": status_code,
            "error_data": {} if error_data is None else error_data,
            "service": "monolith",
        }


def invalid_board(board_id):
    return ApiError(
        "InvalidBoardIdException",
        "The board does not exist. Please check your board ID and try again",
        error_data={"board_id": number(board_id)},
    )


def invalid_item(item_id):
    return ApiError("InvalidItemIdException", "Item not found", error_data={"item_id": number(item_id)})


def invalid_column(board_id, column_id):
    return ApiError(
        "InvalidColumnIdException",
        "This column ID doesn't exist for the board",
        error_data={
            "board_id": number(board_id),
            "column_id": column_id,
            "error_reason": "store.monday.automation.error.missing_column",
        },
    )


def missing_group(board_id, group_id):
    return ApiError(
        "ResourceNotFoundException",
        "Group not found",
        status_code=404,
        error_data={
            "resource_type": "group",
            "group_id": group_id,
            "board_id": number(board_id),
            "error_reason": "store.monday.automation.error.missing_group",
        },
    )


def column_value(column, raw, message, reason=None):
    """A refused column value: the whole item is refused with it."""
    data = {
        "column_id": column.id,
        "column_name": column.title,
        "column_type": {"status": "color", "numbers": "numeric"}.get(column.type, column.type),
        "column_value": raw,
    }
    if reason is not None:
        data["column_validation_error_code"] = reason
    return ApiError("ColumnValueException", message, error_data=data)


def number(text):
    """Ids come back as numbers in `error_data` although they travel as text everywhere else."""
    try:
        return int(text)
    except (TypeError, ValueError):
        return text
