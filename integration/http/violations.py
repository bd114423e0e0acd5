"""What is wrong with one field, in a sentence of ours.

pydantic says where and which kind; its own sentences are English and repeat what was typed, which may be a guest's
name. So each kind we can meet has a template here, filled from the kind's own limits only. An unforeseen kind is said
to be unusable.
"""

from collections.abc import Iterable, Mapping

from integration.ports.surroundings import Phrases
from integration.usecases.answers import Body
from integration.usecases.marks import N_, names_in

_TEXT = N_("This must be a text.")
_WHOLE = N_("This must be a whole number.")
_YES_NO = N_("This must be true or false.")
_DAY = N_("This must be a day such as 2027-07-10.")
_INSTANT = N_("This must be an instant with its zone, such as 2027-07-01T10:00:00Z.")
_LIST = N_("This must be a list.")
_OBJECT = N_("This must be an object.")
_UNUSABLE = N_("This cannot be used.")

SENTENCES: Mapping[str, str] = {
    "missing": N_("This is needed."),
    "extra_forbidden": N_("There is no such field."),
    "string_type": _TEXT,
    "string_pattern_mismatch": N_("This has characters or a form that cannot be used here."),
    "string_too_long": N_("This has at most {max_length} characters."),
    "string_too_short": N_("This has at least {min_length} characters."),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": N_("This number is too large."),
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "datetime_type": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "timezone_aware": _INSTANT,
    "enum": N_("This must be one of: {expected}."),
    "literal_error": N_("This must be one of: {expected}."),
    "greater_than_equal": N_("This must be at least {ge}."),
    "less_than_equal": N_("This must be at most {le}."),
    "too_long": N_("This has at most {max_length} entries."),
    "list_type": _LIST,
    "tuple_type": _LIST,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dict_type": _OBJECT,
}


def field_of(place: object) -> str:
    """`("guest", "phone")` -> `guest.phone`; `("child_ages", 0)` -> `child_ages[0]`."""
    path = ""
    for step in place if isinstance(place, Iterable) and not isinstance(place, str) else ():
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else str(step)
    return path[:200]


def violation_body(one: Mapping[str, object], phrases: Phrases, language: str) -> Body:
    """One entry of `errors[]`."""
    limits = one.get("ctx")
    known = {str(name): str(value) for name, value in limits.items()} if isinstance(limits, Mapping) else {}
    template = SENTENCES.get(str(one["type"]), _UNUSABLE)
    if not names_in(template) <= set(known):
        template = _UNUSABLE
    shown = {name: known[name] for name in names_in(template)}
    return {
        "field": field_of(one["loc"]) or None,
        "code": str(one["type"]),
        "message": phrases.say(language, template, shown or None),
    }
