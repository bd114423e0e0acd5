"""Deposits and payment methods.

Posting a deposit may carry `guaranteeCode`, "new guarantee code associated with the reservation": money and
confirmation in one call. There is no key that makes a posting idempotent: the same `postingReference` twice is money
twice. What was posted is read back from the same path; the vendor calls them matured deposits `[inf]`.
"""

from dataclasses import replace
from typing import Any

import msgspec

from pms_mock.engine.booking import free_stock, hold_stock
from pms_mock.engine.call import Call, known, same_hotel, unseen
from pms_mock.engine.locks import check_lock
from pms_mock.engine.money import number, sent_minor
from pms_mock.engine.reading import deposits_minor, money
from pms_mock.engine.records import Record, fetch, required, update, without_cards
from pms_mock.engine.world import next_id
from pms_mock.protocol.answer import NO_MATCH, Answer
from pms_mock.protocol.problem import bad_request, refused

Json = dict[str, Any]
_encode = msgspec.json.Encoder().encode
_DEPOSIT_CODE = "9000"


def post_deposit(call: Call) -> Answer:
    """POST depositPayments: 201 with the posting."""
    record = required(call)
    criteria: Json = call.body.get("criteria") or {}
    same_hotel(call, criteria.get("hotelId"), "criteria.hotelId")
    if (criteria.get("reservationId") or {}).get("id", str(record.id)) != str(record.id):
        raise bad_request("The body names another reservation than the path", "criteria.reservationId.id")
    if record.status not in {"Reserved", "InHouse"}:
        raise refused("CSH00002", f"A reservation that is {record.status} takes no deposit", "reservationId")
    check_lock(call, record.id, None, "reservationId")
    method = (criteria.get("paymentMethod") or {}).get("paymentMethod")
    if not method:
        raise bad_request("The deposit needs a payment method", "criteria.paymentMethod.paymentMethod", code="GEN00004")
    known("payment method", [method], call.hotel.payment_methods, "criteria.paymentMethod.paymentMethod")
    minor = _posted(criteria, record)
    if "guaranteeCode" in criteria:
        _guarantee(call, record, criteria)
    return _post(call, record, criteria, method, minor)


def get_deposits(call: Call) -> Answer:
    """GET depositPayments: the deposits of a reservation, or 204."""
    record = fetch(call.connection, call.hotel.id, call.segments["reservationId"])
    lag = unseen("id", "deposit") if call.world.faults else "1"
    rows = call.connection.execute(
        "SELECT id, minor, currency, method, reference, remark, day, folio, user FROM deposit"  # noqa: S608 - constants
        f" WHERE reservation = :reservation AND {lag} ORDER BY id",
        {"reservation": record.id if record else -1, "lag_now": call.world.now_ms},
    ).fetchall()
    if not rows:
        return NO_MATCH
    listed = [
        {
            "transaction": {
                "transactionNo": {"code": str(key), "description": f"Deposit {method}"},
                "transactionDate": day,
                "transactionCode": _DEPOSIT_CODE,
                "transactionDescription": f"Deposit {method}",
            },
            "guestCreditAmount": money(minor, currency),
            "folioView": folio,
            "cashierInfo": {"cashierName": user},
            "remark": remark,
            "reference": reference,
        }
        for key, minor, currency, method, reference, remark, day, folio, user in rows
    ]
    return Answer.json(200, {"maturedDeposits": listed})


def get_payment_methods(call: Call) -> Answer:
    """GET paymentMethods: what was given for the reservation, or 204."""
    record = fetch(call.connection, call.hotel.id, call.segments["reservationId"])
    methods = record.document.get("reservationPaymentMethods") if record else None
    if record is None or not methods:
        return NO_MATCH
    if call.query.get("includeAmounts"):
        paid = deposits_minor(call, record.id)
        balance = money(record.total_minor - paid, record.currency)
        methods = [{**methods[0], "balance": balance}, *methods[1:]]
    return Answer.json(200, _methods_json(record, methods))


def post_payment_methods(call: Call) -> Answer:
    """POST paymentMethods: methods by folio window, added to or replacing those of the same window."""
    record = required(call)
    same_hotel(call, call.body.get("hotelId"), "hotelId")
    sent = without_cards(call.body.get("reservationPaymentMethods") or [])
    if not sent:
        raise bad_request("There is no payment method", "reservationPaymentMethods", code="GEN00004")
    for index, item in enumerate(sent):
        path = f"reservationPaymentMethods[{index}].paymentMethod"
        if not item.get("paymentMethod"):
            raise bad_request("The payment method has no code", path, code="GEN00004")
        known("payment method", [item["paymentMethod"]], call.hotel.payment_methods, path)
    document = record.document
    windows = {item.get("folioView", 1): item for item in [*document.get("reservationPaymentMethods", []), *sent]}
    document["reservationPaymentMethods"] = list(windows.values())
    update(
        call.connection, record.id, doc=_encode(document).decode(), modified_ms=call.world.now_ms, modifier=call.user
    )
    path = f"/rsv/v1/hotels/{call.hotel.id}/reservations/{record.id}/paymentMethods"
    return Answer.json(201, {}, call.location(path))


def _methods_json(record: Record, methods: list[Json]) -> Json:
    reservation = {"id": str(record.id), "type": "Reservation"}
    return {"hotelId": record.hotel, "reservationId": reservation, "reservationPaymentMethods": methods}


def _posted(criteria: Json, record: Record) -> int:
    amount = criteria.get("postingAmount") or {}
    if "amount" not in amount or not amount.get("currencyCode"):
        raise bad_request("The deposit needs amount and currencyCode", "criteria.postingAmount", code="GEN00004")
    if amount["currencyCode"] != record.currency:
        raise refused("CSH00003", f"The reservation is in {record.currency}", "criteria.postingAmount.currencyCode")
    return sent_minor(amount["amount"], "criteria.postingAmount.amount", least=1)


def _guarantee(call: Call, record: Record, criteria: Json) -> None:
    code = criteria["guaranteeCode"]
    known("guarantee", [code], call.hotel.guarantees, "criteria.guaranteeCode")
    draft = replace(record.draft, guarantee=code)
    deducts = call.hotel.guarantees[code].deducts
    if deducts != bool(record.deducts):
        free_stock(call, record.draft, deducts=bool(record.deducts))
        hold_stock(call, draft, force=bool(criteria.get("overrideInventoryCheck")))
    columns = {"guarantee": code, "deducts": deducts, "on_hold": 0}
    update(call.connection, record.id, **columns, modified_ms=call.world.now_ms, modifier=call.user)


def _post(call: Call, record: Record, criteria: Json, method: str, minor: int) -> Answer:
    key = next_id(call.connection, "deposit")
    reference, remark = criteria.get("postingReference", ""), criteria.get("postingRemark", "")
    row = (
        key, call.hotel.id, record.id, minor, record.currency, method, reference, remark, call.today,
        criteria.get("folioWindowNo", 1), criteria.get("cashierId"), call.user,
    )  # fmt: skip
    call.connection.execute("INSERT INTO deposit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    posting: Json = {
        "transactionNo": key,
        "transactionDate": call.today,
        "transactionCode": _DEPOSIT_CODE,
        "transactionType": "Payment",
        "transactionAmount": number(minor),
        "postedAmount": money(minor, record.currency),
        "creditAmount": money(minor, record.currency),
        "depositTransactionId": str(key),
        "postingDate": call.today,
        "receiptNo": key,
        "reference": reference,
        "remark": remark,
    }
    path = f"/csh/v1/hotels/{call.hotel.id}/reservations/{record.id}/depositPayments"
    call.notes.setdefault("external_reference", reference)
    return Answer.json(201, {"deposits": [posting]}, call.location(path))
