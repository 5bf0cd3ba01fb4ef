"""The GraphQL engine: parses and validates a document once, plans a request, executes it."""

from collections import OrderedDict
from dataclasses import dataclass

from graphql import (
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    execute,
    get_named_type,
    is_composite_type,
    parse,
    validate,
)
from graphql.execution.collect_fields import collect_fields
from graphql.execution.values import get_argument_values, get_variable_values

MOST_DOCUMENTS = 1000
USUAL_COLUMNS = 40
USUAL_SUBITEMS = 10


@dataclass(slots=True)
class Document:
    """A document that is valid under the SDL, with the operation to run."""

    node: object
    operation: OperationDefinitionNode
    fragments: dict
    is_mutation: bool


@dataclass(slots=True)
class Call:
    """One top-level field of a request: alias, field name, coerced arguments."""

    alias: str
    field: str
    args: dict
    cost: int


class Engine:
    def __init__(self, schema, settings):
        self._schema = schema
        self._settings = settings
        self._documents = OrderedDict()

    def document(self, text, operation_name=None):
        """A `Document`, or the list of GraphQL errors that makes the request invalid. Remembered by text."""
        key = (text, operation_name)
        found = self._documents.get(key)
        if found is None:
            found = self._documents[key] = self._read(text, operation_name)
            if len(self._documents) > MOST_DOCUMENTS:
                self._documents.popitem(last=False)
        return found

    def plan(self, document, variables):
        """The calls of a request in order, or the errors of its variables."""
        values = get_variable_values(self._schema, document.operation.variable_definitions or (), variables)
        if isinstance(values, list):
            return values, True
        root = self._schema.mutation_type if document.is_mutation else self._schema.query_type
        calls = []
        try:
            for alias, nodes in self._fields(document, values, root, document.operation.selection_set).items():
                # Absent for `__typename`.
                field = root.fields.get(nodes[0].name.value)
                args = get_argument_values(field, nodes[0], values) if field else {}
                cost = self._cost(document, values, nodes[0], root)
                calls.append(Call(alias, nodes[0].name.value, args, cost))
        except GraphQLError as error:
            return [error], True
        return calls, False

    def execute(self, document, variables, context, operation_name=None):
        """An execution result, or something to await when the sandbox simulates latency."""
        return execute(
            self._schema,
            document.node,
            context_value=context,
            variable_values=variables,
            operation_name=operation_name,
        )

    def _read(self, text, operation_name):
        try:
            node = parse(text)
        except GraphQLError as error:
            return [error]
        problems = validate(self._schema, node)
        if problems:
            return problems
        operations = [d for d in node.definitions if isinstance(d, OperationDefinitionNode)]
        if operation_name is not None:
            operations = [o for o in operations if o.name is not None and o.name.value == operation_name]
        if len(operations) != 1:
            return [GraphQLError("Must provide the name of exactly one operation in the document")]
        if operations[0].operation == OperationType.SUBSCRIPTION:
            return [GraphQLError("Subscriptions are not supported")]
        fragments = {d.name.value: d for d in node.definitions if not isinstance(d, OperationDefinitionNode)}
        return Document(node, operations[0], fragments, operations[0].operation == OperationType.MUTATION)

    def _fields(self, document, values, parent, selection_set):
        return collect_fields(self._schema, document.fragments, values, parent, selection_set)

    def _cost(self, document, values, node, parent):
        """Points of a field: a mutation's own price, and for reads the number of objects it may bring."""
        name = node.name.value
        field = parent.fields.get(name)
        if field is None or node.selection_set is None or name == "complexity":
            return 0
        own = self._settings.cost(name) if parent is self._schema.mutation_type else 1
        inner_type = get_named_type(field.type)
        inner = 0
        if is_composite_type(inner_type) and hasattr(inner_type, "fields"):
            for nodes in self._fields(document, values, inner_type, node.selection_set).values():
                inner += self._cost(document, values, nodes[0], inner_type)
        return own + inner * _size(name, get_argument_values(field, node, values)) if inner else own


def _size(name, args):
    """How many objects a field stands for, as its arguments bound it."""
    if name in ("items_page", "next_items_page", "items_page_by_column_values"):
        return args.get("limit", 25)
    if name in ("items", "boards"):
        return min(args.get("limit", 25), len(args["ids"]) if args.get("ids") is not None else 25)
    if name == "column_values":
        return len(args["ids"]) if args.get("ids") else USUAL_COLUMNS
    if name == "subitems":
        return USUAL_SUBITEMS
    return 1
