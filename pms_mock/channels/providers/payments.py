"""Two Turkish payment providers' links: iyzico (iyzilink) and PayTR.

iyzico: JSON, `Authorization: IYZWSv2` with an HMAC over random key, path and body; a link's own number of ours is
`conversationId`, and the list of links shows it. `POST /payment/detail` says what became of a payment. PayTR: forms,
signed by a token over chosen fields; `callback_id` is ours. `POST /odeme/durum-sorgu` says what became of an order;
there is no list of links. Demo keys only: `stand-in-secret`, `stand-in-key`, `stand-in-salt`.
"""

import base64
import hashlib
import hmac
from decimal import Decimal

from pms_mock.channels.memory import ChannelMemory, Link
from pms_mock.channels.wire import Asked, Said, said

IYZICO_KEY, IYZICO_SECRET = "stand-in-api-key", "stand-in-secret"
PAYTR_MERCHANT, PAYTR_KEY, PAYTR_SALT = "100000", "stand-in-key", "stand-in-salt"
_LINKS = "/v2/iyzilink/products"


def iyzico(memory: ChannelMemory, asked: Asked, refused: str) -> Said:
    """Make a link, list links, tell of a payment."""
    if not _is_signed(asked):
        return said({"status": "failure", "errorCode": "1000", "errorMessage": "signature"}, 401)
    if refused:
        return said({"status": "failure", "errorCode": refused, "errorMessage": "refused on demand"})
    if asked.path == _LINKS and asked.method == "GET":
        items = [_shown(one) for one in memory.links("iyzico")]
        return said({"status": "success", "data": {"items": items}})
    body = asked.json()
    if asked.path == _LINKS and asked.method == "POST":
        return _made(memory, body)
    if asked.path == "/payment/detail" and asked.method == "POST":
        return _detail(memory, str(body.get("paymentId", "")))
    return said({"status": "failure", "errorCode": "404"}, 404)


def _is_signed(asked: Asked) -> bool:
    kind, _, given = asked.headers.get("authorization", "").partition(" ")
    rnd = asked.headers.get("x-iyzi-rnd", "")
    signed = hmac.new(IYZICO_SECRET.encode(), f"{rnd}{asked.path}".encode() + asked.body, hashlib.sha256).hexdigest()
    wanted = f"apiKey:{IYZICO_KEY}&randomKey:{rnd}&signature:{signed}"
    return kind == "IYZWSv2" and bool(rnd) and given == base64.b64encode(wanted.encode()).decode()


def _made(memory: ChannelMemory, body: dict[str, object]) -> Said:
    missing = [name for name in ("name", "description", "price", "currencyCode") if not body.get(name)]
    if missing:
        return said({"status": "failure", "errorCode": "5", "errorMessage": f"{missing[0]} is missing"})
    price, currency = str(body["price"]), str(body["currencyCode"])
    correlation = str(body.get("conversationId", ""))
    kept = memory.keep("iyzico", correlation, body, correlation=correlation)
    link = Link(f"tok{kept.number:06d}", "iyzico", correlation, price, currency, "open", "")
    memory.keep_link(link)
    return said({"status": "success", "conversationId": correlation, "data": _shown(link)})


def _shown(link: Link) -> dict[str, object]:
    return {
        "token": link.token,
        "url": f"https://pay.example.com/i/{link.token}",
        "price": link.amount,
        "currencyCode": link.currency,
        "conversationId": link.correlation,
        "productStatus": "ACTIVE",
    }


def _detail(memory: ChannelMemory, payment_id: str) -> Said:
    link = next((one for one in memory.links("iyzico") if one.payment_id == payment_id and payment_id), None)
    if link is None:
        return said({"status": "failure", "errorCode": "5062", "errorMessage": "no such payment"})
    return said(
        {
            "status": "success",
            "paymentStatus": "SUCCESS" if link.state == "paid" else "FAILURE",
            "paymentId": payment_id,
            "conversationId": link.correlation,
            "price": link.amount,
            "paidPrice": link.amount,
            "currency": link.currency,
            "token": link.token,
        }
    )


def paytr(memory: ChannelMemory, asked: Asked, refused: str) -> Said:
    """Make a link, tell of an order."""
    form = asked.form()
    if refused:
        return said({"status": "error", "err_no": refused, "err_msg": "refused on demand"})
    if asked.path == "/odeme/api/link/create" and asked.method == "POST":
        return _paytr_made(memory, form)
    if asked.path == "/odeme/durum-sorgu" and asked.method == "POST":
        return _paytr_order(memory, form)
    return said({"status": "error", "err_no": "404"}, 404)


def _token(text: str) -> str:
    return base64.b64encode(hmac.new(PAYTR_KEY.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _paytr_made(memory: ChannelMemory, form: dict[str, str]) -> Said:
    names = ("name", "price", "currency", "max_installment", "link_type", "lang")
    last = "min_count" if form.get("link_type") == "product" else "email"
    required = "".join(form.get(name, "") for name in (*names, last))
    if form.get("paytr_token") != _token(required + PAYTR_SALT) or form.get("merchant_id") != PAYTR_MERCHANT:
        return said({"status": "error", "err_no": "003", "err_msg": "token"})
    ours = form.get("callback_id", "")
    amount = f"{Decimal(form['price']) / 100:.2f}"
    kept = memory.keep("paytr", ours, form, correlation=ours)
    link = Link(f"L{kept.number:05d}", "paytr", ours, amount, form["currency"], "open", "")
    memory.keep_link(link)
    return said({"status": "success", "id": link.token, "link": f"https://pay.example.com/p/{link.token}"})


def _paytr_order(memory: ChannelMemory, form: dict[str, str]) -> Said:
    order = form.get("merchant_oid", "")
    if form.get("paytr_token") != _token(PAYTR_MERCHANT + order + PAYTR_SALT):
        return said({"status": "error", "err_no": "003", "err_msg": "token"})
    link = next((one for one in memory.links("paytr") if one.payment_id == order and order), None)
    if link is None:
        return said({"status": "error", "err_no": "004", "err_msg": "no such order"})
    return said(
        {
            "status": "success",
            "payment_amount": link.amount,
            "payment_total": link.amount,
            "currency": link.currency,
            "payment_status": "Basarili",
            "reference_no": link.correlation,
        }
    )
