"""What a search for profiles can ask, each criterion as one condition of the query."""

from collections.abc import Callable
from typing import Any

from pms_mock.engine.call import Call, known
from pms_mock.engine.names import email_key, name_key, phone_key, prefix_range

Json = dict[str, Any]
_Part = tuple[str, Json]


def _any(template: str, name: str, items: list[str]) -> _Part:
    names = {f"{name}{index}": item for index, item in enumerate(items)}
    return " OR ".join(template.format(f":{key}") for key in names), names


def _by_reference(call: Call, refs: list[str]) -> _Part:
    systems = call.query.get("externalSystemCodes")
    call.notes["external_reference"] = refs[0]
    if systems is None:
        return _any("p.id IN (SELECT profile FROM profile_ref WHERE ref = {})", "ref", refs)
    known("external system", systems, call.hotel.external_systems, "externalSystemCodes")
    names = {f"sys{i}": s for i, s in enumerate(systems)}
    listed = ", ".join(f":{name}" for name in names)
    text, values = _any(
        f"p.id IN (SELECT profile FROM profile_ref WHERE ref = {{}} AND system IN ({listed}))",  # noqa: S608 - marks
        "ref",
        refs,
    )
    return text, {**values, **names}


def _by_contact(kind: str, key: str) -> _Part:
    text = f"p.id IN (SELECT profile FROM profile_contact WHERE kind = '{kind}' AND value = :{kind})"  # noqa: S608
    return text, {kind: key or "-"}


def _by_name(column: str, text: str) -> _Part:
    low, high = prefix_range(name_key(text))
    return f"p.{column} >= :{column}_low AND p.{column} < :{column}_high", {
        f"{column}_low": low,
        f"{column}_high": high,
    }


def _by_words(call: Call, text: str) -> _Part:
    del call
    values: Json = {"whole": text, "as_phone": phone_key(text) or "-", "as_mail": email_key(text)}
    words = []
    for index, word in enumerate(name_key(text).replace(",", " ").split()[:6]):
        values[f"low{index}"], values[f"high{index}"] = prefix_range(word)
        span = f">= :low{index} AND p.{{0}} < :high{index}"
        words.append("(" + " OR ".join(f"p.{column} {span.format(column)}" for column in ("surname", "given")) + ")")
    contact = "p.id IN (SELECT profile FROM profile_contact WHERE value IN (:as_phone, :as_mail))"
    return f"p.id = :whole OR {contact} OR ({' AND '.join(words) or '0'})", values


def _by_communication(call: Call, text: str) -> _Part:
    del call
    values = {"comm_phone": phone_key(text) or "-", "comm_mail": email_key(text)}
    return "p.id IN (SELECT profile FROM profile_contact WHERE value IN (:comm_phone, :comm_mail))", values


CRITERIA: dict[str, Callable[[Call, Any], _Part]] = {
    "profileIds": lambda _call, ids: _any("p.id = {}", "id", ids),
    "excludedProfilesId": lambda _call, ids: (
        "NOT (" + _any("p.id = {}", "not", ids)[0] + ")",
        _any("p.id = {}", "not", ids)[1],
    ),
    "externalReferenceIds": _by_reference,
    "profileName": lambda _call, text: _by_name("surname", text),
    "givenName": lambda _call, text: _by_name("given", text),
    "phone": lambda _call, text: _by_contact("phone", phone_key(text)),
    "email": lambda _call, text: _by_contact("email", email_key(text)),
    "communication": _by_communication,
    "searchString": _by_words,
    "profileType": lambda _call, kinds: _any("p.type = {}", "kind", kinds),
    "excludeInactive": lambda _call, exclude: ("p.active = 1" if exclude else "1", {}),
}
