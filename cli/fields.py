"""A dataclass as a bundle of options: `@with_fields(BookingFields, "typed")` gives a command all of its fields.

Hold, option and confirm take the same twenty options; declared once as fields, they reach the command as one value.
"""

import inspect
from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from functools import wraps
from typing import Any, get_type_hints

Command = Callable[..., None]


def _default(field: "Field[Any]") -> Any:  # noqa: ANN401 - whatever the field holds
    """A field without a default is an option that must be given."""
    return inspect.Parameter.empty if field.default is MISSING else field.default


def with_fields(bundle: type[Any], name: str) -> Callable[[Command], Command]:
    """Replace the command's parameter `name` by the fields of the dataclass `bundle`, and pack them again for it."""
    hints = get_type_hints(bundle, include_extras=True)
    own_names = [one.name for one in fields(bundle)]

    def decorate(command: Command) -> Command:
        kept = [one for one in inspect.signature(command).parameters.values() if one.name != name]
        added = [
            inspect.Parameter(
                one.name, inspect.Parameter.KEYWORD_ONLY, default=_default(one), annotation=hints[one.name]
            )
            for one in fields(bundle)
        ]

        @wraps(command)
        def packed(**typed: Any) -> None:  # noqa: ANN401 - whatever the options hold
            value = bundle(**{one: typed.pop(one) for one in own_names})
            command(**typed, **{name: value})

        named = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in kept]
        packed.__signature__ = inspect.Signature([*named, *added])  # type: ignore[attr-defined]
        return packed

    return decorate
