"""Seeded guests as rows. The document kept for each is in the shape of the vendor's `profileType`."""

import sqlite3
from collections.abc import Mapping
from typing import Any

import msgspec

from pms_mock.engine.names import email_key, name_key, phone_key

Source = Mapping[str, Any]
Json = dict[str, Any]
_encode = msgspec.json.Encoder().encode


class ProfileRows:
    """Rows of many guests, collected and then written with one statement a table."""

    def __init__(self) -> None:
        self._profiles: list[tuple[str, str, str, str, int, str]] = []
        self._contacts: list[tuple[str, str, str]] = []
        self._refs: list[tuple[str, str, str]] = []

    def add(self, item: Source) -> None:
        """Take one guest of the seed document."""
        name = str(item["profile_id"])
        surname, given = item["surname"], item.get("given_name") or ""
        text = _encode(profile_document(item)).decode()
        self._profiles.append((name, name_key(surname), name_key(given), "Guest", 1, text))
        self._contacts += [("phone", phone_key(phone), name) for phone in item.get("phones", ())]
        self._contacts += [("email", email_key(email), name) for email in item.get("emails", ())]
        self._refs += [
            (ref.get("id_context", "External"), ref["id"], name) for ref in item.get("external_references") or ()
        ]

    def write(self, connection: sqlite3.Connection) -> None:
        """Write what was collected."""
        connection.executemany("INSERT INTO profile VALUES (?, ?, ?, ?, ?, ?)", self._profiles)
        connection.executemany("INSERT OR IGNORE INTO profile_contact VALUES (?, ?, ?)", self._contacts)
        connection.executemany("INSERT OR IGNORE INTO profile_ref VALUES (?, ?, ?)", self._refs)


def profile_document(item: Source) -> Json:
    """The guest in the vendor's shape."""
    person: Json = {"givenName": item.get("given_name") or "", "surname": item["surname"], "nameType": "Primary"}
    if item.get("title"):
        person["nameTitle"] = item["title"]
    customer: Json = {"personName": [person]}
    for key, source in (("language", "language"), ("nationality", "nationality"), ("vipStatus", "vip_code")):
        if item.get(source):
            customer[key] = item[source]
    document: Json = {"profileType": "Guest", "statusCode": "Active", "customer": customer}
    _add_lists(document, item)
    return document


def _add_lists(document: Json, item: Source) -> None:
    if item.get("phones"):
        document["telephones"] = {"telephoneInfo": [_phone(i, phone) for i, phone in enumerate(item["phones"])]}
    if item.get("emails"):
        document["emails"] = {"emailInfo": [_email(i, email) for i, email in enumerate(item["emails"])]}
    if item.get("segment"):
        document["businessSegments"] = [item["segment"]]
    if item.get("preferences"):
        document["preferenceCollection"] = {"preferenceType": _preferences(item["preferences"])}
    if item.get("notes"):
        document["comments"] = {"commentInfo": [_note(i, text) for i, text in enumerate(item["notes"])]}


def _phone(index: int, phone: str) -> Json:
    telephone = {"phoneTechType": "PHONE", "phoneUseType": "MOBILE", "phoneNumber": phone, "primaryInd": index == 0}
    return {"telephone": telephone, "id": f"T{index + 1}", "type": "Communication"}


def _email(index: int, email: str) -> Json:
    return {
        "email": {"emailAddress": email, "type": "EMAIL", "primaryInd": index == 0},
        "id": f"E{index + 1}",
        "type": "Communication",
    }


def _note(index: int, text: str) -> Json:
    comment = {"text": {"value": text}, "commentTitle": "Note", "type": "GEN", "internal": True}
    return {"comment": comment, "id": f"N{index + 1}", "type": "Comment"}


def _preferences(items: list[Source]) -> list[Json]:
    groups: dict[str, list[Json]] = {}
    for item in items:
        groups.setdefault(item["group"], []).append({"preferenceValue": item["code"]})
    return [{"preferenceType": group, "preference": values} for group, values in groups.items()]
