"""Cutting a value down to what another definition has.

The vendor's documents spell the same thing more than once, never quite alike: a profile inside a reservation, a guest
and a profile; a reservation that is created and one that is changed. What is kept has to be shown later in another
document's shape, so members that this shape does not have are dropped when they come in.
"""

from typing import Any

from pms_mock.protocol.wire import wire

Json = dict[str, Any]


def fitted(value: Any, definition: str) -> Any:  # noqa: ANN401 - JSON
    """The value without the members that `definition` (`document/name`) does not have, at any depth."""
    return _fitted(value, {"$ref": f"#/definitions/{definition}"})


def _fitted(value: Any, schema: Json) -> Any:  # noqa: ANN401 - JSON
    if "$ref" in schema:
        document, name = schema["$ref"].split("/")[2:]
        schema = wire().definitions[document][name]
    if isinstance(value, list):
        return [_fitted(item, schema.get("items", {})) for item in value]
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        return {key: _fitted(item, known[key]) for key, item in value.items() if key in known}
    return value
