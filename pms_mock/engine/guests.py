"""Guest profiles as rows and documents: looking one up, showing it inside a reservation, adding and changing one.

The document kept is the vendor's `profileType` (crm), with ids given to every phone, e-mail, comment and address, so
that a later change can name what it changes. In a reservation the guest is shown short: name, first phone, first
e-mail.
"""

import sqlite3
from typing import Any

import msgspec

from pms_mock.engine.call import Call, known
from pms_mock.engine.names import email_key, name_key, phone_key
from pms_mock.engine.world import next_id
from pms_mock.protocol.fitting import fitted
from pms_mock.protocol.problem import bad_request, refused

Json = dict[str, Any]
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.decode
_LISTS = {
    "telephones": ("telephoneInfo", "Communication"),
    "emails": ("emailInfo", "Communication"),
    "addresses": ("addressInfo", "Address"),
    "comments": ("commentInfo", "Comment"),
}


def document_of(connection: sqlite3.Connection, profile: str) -> Json | None:
    """The stored document, or None."""
    row = connection.execute("SELECT doc FROM profile WHERE id = ?", (profile,)).fetchone()
    if row is None:
        return None
    document: Json = _decode(row[0])
    return document


def person_of(document: Json) -> Json:
    """The primary name: `{givenName, surname}` (a company's name is a surname)."""
    names = (document.get("customer") or {}).get("personName") or []
    primary = next(
        (name for name in names if name.get("nameType", "Primary") == "Primary"), names[0] if names else None
    )
    if primary is None:
        return {"surname": (document.get("company") or {}).get("companyName", "")}
    return dict(primary)


def phones_of(document: Json) -> list[Json]:
    """The phone entries."""
    entries: list[Json] = (document.get("telephones") or {}).get("telephoneInfo") or []
    return entries


def emails_of(document: Json) -> list[Json]:
    """The e-mail entries."""
    entries: list[Json] = (document.get("emails") or {}).get("emailInfo") or []
    return entries


def first_phone(document: Json) -> str:
    """The first phone number, or an empty text."""
    return next(
        (entry["telephone"].get("phoneNumber", "") for entry in phones_of(document) if entry.get("telephone")), ""
    )


def first_email(document: Json) -> str:
    """The first e-mail address, or an empty text."""
    return next((entry["email"].get("emailAddress", "") for entry in emails_of(document) if entry.get("email")), "")


def guest_of(call: Call, profile: str) -> Json:
    """The primary guest as a member of `reservationGuests`."""
    document = document_of(call.connection, profile) or {}
    person = person_of(document)
    customer: Json = {
        "personName": [
            {k: person[k] for k in ("givenName", "surname", "nameTitle") if person.get(k)} | {"nameType": "Primary"}
        ]
    }
    for key in ("language", "nationality", "vipStatus"):
        if (document.get("customer") or {}).get(key):
            customer[key] = document["customer"][key]
    shown: Json = {"customer": customer}
    if first_phone(document):
        shown["telephones"] = {
            "telephoneInfo": [{"telephone": {"phoneNumber": first_phone(document), "primaryInd": True}}]
        }
    if first_email(document):
        shown["emails"] = {"emailInfo": [{"email": {"emailAddress": first_email(document), "primaryInd": True}}]}
    return {"profileInfo": {"profileIdList": [{"id": profile, "type": "Profile"}], "profile": shown}, "primary": True}


def guest_summary(call: Call, profile: str) -> Json:
    """The primary guest as `resGuestInfoType`."""
    document = document_of(call.connection, profile) or {}
    person = person_of(document)
    answer = {"surname": person.get("surname", ""), "givenName": person.get("givenName", "")}
    answer["fullName"] = ", ".join(filter(None, (answer["surname"], answer["givenName"])))
    answer |= {"phoneNumber": first_phone(document), "email": first_email(document), "id": profile, "type": "Profile"}
    return {key: value for key, value in answer.items() if value}


def add_profile(call: Call, details: Json, references: list[Json], at: str) -> str:
    """Add a profile from the vendor's document; answers its id."""
    check_preferences(call, details, at)
    details = fitted(details, "crm/profileType")
    document = numbered({**details, "profileType": details.get("profileType", "Guest")})
    document.setdefault("statusCode", "Active")
    profile = str(next_id(call.connection, "profile"))
    while call.connection.execute("SELECT 1 FROM profile WHERE id = ?", (profile,)).fetchone():
        profile = str(next_id(call.connection, "profile"))
    _keys(document, at)
    document |= {"createDateTime": call.now_text, "creatorId": call.user}
    save_profile(call, profile, document, at)
    add_profile_references(call, profile, references, at)
    return profile


def save_profile(call: Call, profile: str, document: Json, at: str) -> None:
    """Write the document and the keys it is found by."""
    surname, given = _keys(document, at)
    document |= {"lastModifyDateTime": call.now_text, "lastModifierId": call.user}
    active = document.get("statusCode", "Active") == "Active"
    row = (profile, surname, given, document.get("profileType", "Guest"), active, _encode(document).decode())
    call.connection.execute("INSERT OR REPLACE INTO profile VALUES (?, ?, ?, ?, ?, ?)", row)
    call.connection.execute("DELETE FROM profile_contact WHERE profile = ?", (profile,))
    phones = [
        ("phone", phone_key(e["telephone"].get("phoneNumber", "")), profile)
        for e in phones_of(document)
        if e.get("telephone")
    ]
    emails = [
        ("email", email_key(e["email"].get("emailAddress", "")), profile) for e in emails_of(document) if e.get("email")
    ]
    contacts = [row for row in phones + emails if row[1]]
    call.connection.executemany("INSERT OR IGNORE INTO profile_contact VALUES (?, ?, ?)", contacts)


def add_profile_references(call: Call, profile: str, references: list[Json], at: str) -> None:
    """Add external references of a profile."""
    for index, reference in enumerate(references):
        system, ref = reference.get("idContext", "External"), reference.get("id")
        known("external system", [system], call.hotel.external_systems, f"{at}.externalReferences[{index}].idContext")
        if not ref:
            raise bad_request(
                "The external reference has no id", f"{at}.externalReferences[{index}].id", code="GEN00004"
            )
        call.notes.setdefault("external_reference", ref)
        call.connection.execute("INSERT OR IGNORE INTO profile_ref VALUES (?, ?, ?)", (system, ref, profile))


def merged_profile(stored: Json, sent: Json) -> Json:
    """A change laid over the stored document.

    Entries with the id of a stored one change it, entries that repeat a phone or e-mail change that one, others (a
    comment or address without an id, always) are added, and what is not mentioned stays. Names are replaced by their
    type, preferences are added to, the rest is replaced member by member.
    """
    document = {**stored}
    for key, value in sent.items():
        if key in _LISTS and isinstance(value, dict):
            document[key] = {**value, _LISTS[key][0]: _merged_entries(key, stored.get(key), value)}
        elif key == "preferenceCollection":
            document[key] = {"preferenceType": _merged_preferences(stored.get(key), value)}
        elif isinstance(value, dict) and isinstance(stored.get(key), dict):
            document[key] = {**stored[key], **value}
        else:
            document[key] = value
    names = _merged_names(stored, sent)
    if names:
        document["customer"] = {**document["customer"], "personName": names}
    return numbered(document)


def numbered(document: Json) -> Json:
    """The document with an id and type on every entry that can be changed later."""
    for key, (entries, kind) in _LISTS.items():
        listed = (document.get(key) or {}).get(entries)
        if listed:
            taken = {entry.get("id") for entry in listed}
            free = (f"{key[0].upper()}{n}" for n in range(1, 10_000) if f"{key[0].upper()}{n}" not in taken)
            stamped = [{**entry, "id": entry.get("id") or next(free), "type": kind} for entry in listed]
            document = {**document, key: {**document[key], entries: stamped}}
    return document


def check_preferences(call: Call, details: Json, at: str) -> None:
    """Refuse a preference that the hotel has not configured."""
    for group in (details.get("preferenceCollection") or {}).get("preferenceType") or []:
        for value in group.get("preference") or []:
            pair = (group.get("preferenceType", ""), value.get("preferenceValue", ""))
            known("preference", [pair], call.hotel.preferences, f"{at}.preferenceCollection")
    for index, item in enumerate((details.get("comments") or {}).get("commentInfo") or []):
        kind = (item.get("comment") or {}).get("type")
        path = f"{at}.comments.commentInfo[{index}].comment.type"
        known("comment type", filter(None, [kind]), call.hotel.comment_types, path)


def _keys(document: Json, at: str) -> tuple[str, str]:
    person = person_of(document)
    if not name_key(person.get("surname") or ""):
        raise refused("CRM00001", "The profile needs a surname", f"{at}.customer.personName[0].surname")
    return name_key(person["surname"]), name_key(person.get("givenName") or "")


def _merged_entries(key: str, stored: Json | None, sent: Json) -> list[Json]:
    entries = _LISTS[key][0]
    merged: dict[object, Json] = {entry["id"]: entry for entry in (stored or {}).get(entries) or []}
    same = {identity: name for name, entry in merged.items() if (identity := _identity(key, entry)) is not None}
    for entry in sent.get(entries) or []:
        name = entry.get("id") if entry.get("id") in merged else same.get(_identity(key, entry) or "") or object()
        merged[name] = {**merged.get(name, {}), **entry}
        if not isinstance(name, str):
            merged[name].pop("id", None)
    return list(merged.values())


def _identity(key: str, entry: Json) -> str | None:
    if key == "telephones":
        return phone_key((entry.get("telephone") or {}).get("phoneNumber", "")) or None
    if key == "emails":
        return email_key((entry.get("email") or {}).get("emailAddress", "")) or None
    return None


def _merged_names(stored: Json, sent: Json) -> list[Json]:
    names: list[Json] = (stored.get("customer") or {}).get("personName") or []
    new: list[Json] = (sent.get("customer") or {}).get("personName") or []
    by_type = {name.get("nameType", "Primary"): name for name in names}
    for name in new:
        kind = name.get("nameType", "Primary")
        by_type[kind] = {**by_type.get(kind, {}), **name}
    return list(by_type.values())


def _merged_preferences(stored: Json | None, sent: Json) -> list[Json]:
    groups: dict[str, dict[str, Json]] = {}
    for source in (stored or {}, sent):
        for group in source.get("preferenceType") or []:
            values = groups.setdefault(group.get("preferenceType", ""), {})
            values.update({value.get("preferenceValue", ""): value for value in group.get("preference") or []})
    return [{"preferenceType": group, "preference": list(values.values())} for group, values in groups.items()]
