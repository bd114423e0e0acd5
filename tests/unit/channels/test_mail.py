"""E-mail: numbers, threads, who vouches, what is new in it, and what senders get wrong."""

import base64
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from domain.contact import Handle, Sender, Vouching
from domain.guest import IdentityKind
from integration.adapters.channels.mail import MOST_BYTES, Mailbox
from integration.adapters.channels.quotes import without_quotes
from integration.ports.channels import Arrival, ArrivalKind, Delivery
from tests.unit.channels.posting import MAILBOX, NOW, fixture, only


def read(name: str) -> Arrival:
    return MAILBOX.read(fixture(f"mail/{name}.eml"))


def a_mail(head: str = "", body: str = "Merhaba", sender: str = "guest@example.test") -> bytes:
    lines = f"From: {sender}\nTo: info@hotel.example\nDate: Sat, 10 Jul 2027 14:05:00 +0300\n{head}"
    return (lines + "\n" + body + "\n").replace("\n", "\r\n").encode()


def vouching_of(raw: bytes, box: Mailbox = MAILBOX) -> Vouching:
    return box.read(raw).handles[0].vouching


def test_a_reply_is_what_is_new_in_it_with_its_thread_and_attachment() -> None:
    found = read("gmail_tr")
    assert found.text == "Merhaba, ikinci seçenek olsun. Işık alan bir oda lütfen 🙏"
    assert (found.name, found.subject) == ("Ayşe İlkışık", "Re: Teklif İlk oda")
    assert (found.thread, found.about) == ("CAB-1@mail.example.test", "out-01J@hotel.example")
    assert found.at == datetime(2027, 7, 10, 11, 5, tzinfo=UTC)
    assert [(one.kind, one.mime_type, one.name) for one in found.attachments] == [
        ("document", "application/pdf", "İmzalı.pdf")
    ]
    assert found.handles == (Handle(IdentityKind.EMAIL, "ayse@example.test", vouching=Vouching.SIGNED_MAIL),)


def test_an_html_mail_of_outlook_in_a_mislabelled_charset_is_text() -> None:
    assert read("outlook_de_html").text == ("Vielen Dank, das passt für uns – „wunderbar“.\nZwei Zimmer, bitte.\nGrüße")


def test_koi8_in_broken_base64_is_read_as_far_as_it_goes() -> None:
    found = read("koi8_broken_base64")
    assert (found.name, found.subject) == ("Ольга Петрова", "Бронь")
    assert found.text.startswith("Здравствуйте, нужен номер на двоих.")
    assert "предложение" not in found.text.lower()


def test_turkish_in_eight_bits_is_read_in_head_and_body() -> None:
    found = read("cp1254_8bit")
    assert (found.name, found.subject) == ("Şule Çelik", "İlk gün ışık")
    assert found.text == "“Deniz manzaralı” oda, ğüşıöç İ."


@pytest.mark.parametrize(
    "head",
    ["Auto-Submitted: auto-replied\n", "Precedence: bulk\n", "Return-Path: <>\n", "X-Loop: info\n", "List-Id: <n>\n"],
)
def test_a_machines_mail_is_marked(head: str) -> None:
    assert MAILBOX.read(a_mail(head)).is_automatic
    assert read("out_of_office").is_automatic


def test_a_persons_mail_is_not_marked() -> None:
    head = "Auto-Submitted: no\nReturn-Path: <guest@example.test>\nX-Auto-Response-Suppress: DR\n"
    assert not MAILBOX.read(a_mail(head)).is_automatic


def test_an_otas_relay_stands_for_a_stay_and_never_for_an_address() -> None:
    found = read("ota_relay")
    assert found.handles == (
        Handle(IdentityKind.OTA_RELAY, "3812391309-ab.cd@guest.booking.com", "booking", Vouching.SIGNED_MAIL),
    )


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ("mx.hotel.example; dmarc=pass header.from=example.test", Vouching.SIGNED_MAIL),
        ("mx.hotel.example 1; dkim=pass header.d=example.test", Vouching.SIGNED_MAIL),
        ("mx.hotel.example; dkim=pass header.d=other.test", Vouching.CLAIMED),
        ("mx.hotel.example; dkim=pass header.d=test", Vouching.CLAIMED),
        ("mx.hotel.example; dkim=fail header.d=example.test", Vouching.CLAIMED),
        ("mx.hotel.example; dmarc=pass header.from=other.test", Vouching.CLAIMED),
        ("mx.hotel.example (dmarc=pass; dkim=pass header.d=example.test); spf=pass", Vouching.CLAIMED),
        ("mx.evil.test; dmarc=pass header.from=example.test", Vouching.CLAIMED),
        ("", Vouching.CLAIMED),
    ],
)
def test_only_our_own_server_vouches_and_only_for_the_domain(results: str, expected: Vouching) -> None:
    raw = a_mail(f"Authentication-Results: {results}\n" if results else "")
    assert vouching_of(raw) is expected
    assert vouching_of(raw, Mailbox("info@hotel.example")) is Vouching.CLAIMED


def test_a_forged_result_below_our_servers_own_does_not_count() -> None:
    forged = "Authentication-Results: mx.hotel.example; dmarc=pass header.from=example.test\n"
    ours = "Authentication-Results: mx.hotel.example; dmarc=fail header.from=example.test\n"
    assert vouching_of((ours + forged).encode() + a_mail()) is Vouching.CLAIMED


def test_two_senders_are_a_claim() -> None:
    head = "Authentication-Results: mx.hotel.example; dmarc=pass header.from=example.test\n"
    assert vouching_of(a_mail(head, sender="a@example.test, b@example.test")) is Vouching.CLAIMED


def test_the_number_is_the_same_by_whatever_way_the_mail_came() -> None:
    raw = fixture("mail/gmail_tr.eml")
    other_way = b"Delivered-To: alias@hotel.example\r\nReceived: by mx2\r\n" + raw
    assert MAILBOX.read(other_way).provider_id == MAILBOX.read(raw).provider_id


def test_a_copied_message_id_does_not_make_another_mail_pass_for_one_seen_before() -> None:
    one, two = (MAILBOX.read(a_mail("Message-ID: <a@b>\n", body)) for body in ("İptal edin", "Hello"))
    assert one.provider_id != two.provider_id
    assert (one.facts["message_id"], two.facts["message_id"]) == ("a@b", "a@b")


def test_a_mail_without_message_id_has_a_number_too() -> None:
    one, two = MAILBOX.read(a_mail(body="1")), MAILBOX.read(a_mail(body="2"))
    assert one.provider_id != two.provider_id
    assert MAILBOX.read(a_mail(body="1")).provider_id == one.provider_id


def test_where_a_mail_lay_comes_from_its_url() -> None:
    url = "imap://mail.hotel.example/INBOX;UIDVALIDITY=385759045/;UID=20"
    found = only(MAILBOX.receive(Delivery(a_mail(), {}, url, NOW)))
    assert (found.facts["uid_validity"], found.facts["uid"]) == ("385759045", "20")


def test_our_token_is_found_in_the_address_or_the_subject() -> None:
    plus = a_mail().replace(b"info@hotel", b"info+c_01JABCDEF@hotel")
    assert MAILBOX.read(plus).facts["reply_token"] == "c_01JABCDEF"
    assert MAILBOX.read(a_mail("Subject: Re: Teklif [#c_01JABCDEF]\n")).facts["reply_token"] == "c_01JABCDEF"


def test_a_mail_in_our_own_name_belongs_to_whom_it_was_written_to() -> None:
    proof = "Authentication-Results: mx.hotel.example; dmarc=pass header.from=hotel.example\n"
    raw = a_mail(proof, sender="info@hotel.example").replace(b"To: info@hotel.example", b"To: guest@example.test")
    ours, forged = MAILBOX.read(raw), MAILBOX.read(raw.replace(b"dmarc=pass", b"dmarc=fail"))
    assert (ours.sender, ours.handles[0].value) == (Sender.AGENT, "guest@example.test")
    assert forged.sender is Sender.GUEST


def test_a_forwarded_mail_and_a_picture_are_attachments_and_not_the_text() -> None:
    inner, outer = EmailMessage(), EmailMessage()
    inner["Subject"], inner["From"] = "inner", "x@example.test"
    inner.set_content("old text")
    outer["From"], outer["To"] = "guest@example.test", "info@hotel.example"
    outer.set_content("new text")
    outer.add_attachment(inner)
    outer.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="oda planı.png")
    found = MAILBOX.read(bytes(outer))
    assert found.text == "new text"
    assert [(one.kind, one.name) for one in found.attachments] == [("document", ""), ("image", "oda planı.png")]


def test_a_mail_that_is_too_large_is_read_as_far_as_the_limit_and_says_so() -> None:
    found = MAILBOX.read(a_mail(body="Merhaba\n\n" + "x" * MOST_BYTES))
    assert (found.facts["truncated"], found.text[:7], len(found.text)) == ("yes", "Merhaba", 200_000)


def test_a_mail_nested_without_end_is_kept() -> None:
    nest = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000))
    found = MAILBOX.read(b"From: a@example.test\r\n" + nest)
    assert found.kind in {ArrivalKind.MESSAGE, ArrivalKind.OTHER}
    assert found == MAILBOX.read(b"From: a@example.test\r\n" + nest)


@pytest.mark.parametrize("charset", ["utf-9", "punycode", "unicode_escape", "base64", "undefined", "", "koi8-r", "hz"])
def test_a_charset_that_is_none_or_wrong_still_gives_text(charset: str) -> None:
    body = base64.b64encode("Günaydın, ışık".encode()).decode()
    head = f'MIME-Version: 1.0\nContent-Type: text/plain; charset="{charset}"\nContent-Transfer-Encoding: base64\n'
    assert MAILBOX.read(a_mail(head, body)).text == "Günaydın, ışık"


NEW = "Yeni metin / neuer Text / новый текст"


@pytest.mark.parametrize(
    "old",
    [
        "On Sat, Jul 3, 2027 at 2:05 PM Hotel <info@hotel.example> wrote:\n\n> offer\n> more",
        "Hotel <info@hotel.example>, 3 Tem 2027 Cmt, 14:05 tarihinde şunu yazdı:\n\n> teklif",
        "3 Tem 2027 14:05 tarihinde Hotel <info@hotel.example> şunları yazdı:\n> teklif",
        "Am Sa., 3. Juli 2027 um 14:05 Uhr schrieb Hotel <info@hotel.example>:\n> Angebot",
        "Am 03.07.27 um 14:05 schrieb Hotel:\n> Angebot",
        "сб, 3 июл. 2027 г. в 14:05, Hotel <info@hotel.example>:\n\n> предложение",
        "03.07.2027 14:05, Hotel пишет:\n> предложение",
        "Суббота, 3 июля 2027, 14:05 +03:00 от Hotel <info@hotel.example> написал(а):\n> предложение",
        "-----Original Message-----\nFrom: Hotel\nSent: today\n\noffer",
        "-----Özgün İleti-----\nKimden: Hotel\n\nteklif",
        "-----Ursprüngliche Nachricht-----\nVon: Hotel\n\nAngebot",
        "-------- Исходное сообщение --------\nОт: Hotel\n\nпредложение",
        "Kimden: Hotel <info@hotel.example>\nGönderildi: 3 Temmuz 2027\nKime: Ali\nKonu: Teklif\n\nteklif",
        "Von: Hotel <info@hotel.example>\nGesendet: Samstag, 3. Juli 2027\nAn: Ali\nBetreff: Angebot\n\nAngebot",
        "От: Hotel <info@hotel.example>\nОтправлено: 3 июля 2027 г.\nКому: Ольга\n\nпредложение",
        "From: Hotel <info@hotel.example>\nSent: Saturday\nTo: Ali\n\noffer",
        "-- \nAli Veli\n+90 500 000 00 12",
    ],
)
def test_quoted_mails_are_taken_off_in_four_languages(old: str) -> None:
    assert without_quotes(f"{NEW}\n\n{old}\n") == NEW


def test_an_answer_between_or_below_the_lines_is_kept() -> None:
    text = "On 3 Jul 2027, 14:05, Hotel <i@h.example> wrote:\n> two rooms?\nYes.\n> breakfast?\nNo."
    assert without_quotes(text) == "Yes.\nNo."


@pytest.mark.parametrize(
    "text",
    [
        "> only quotes",
        "Kimden: ben\nama bu bir cümle",
        "Dün saat 14:05 gibi müdür şunu yazdı:\nfiyat 100 euro",
        "From: the window we saw the sea",
        "Fiyat şöyle yazdı:",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    assert without_quotes(text) == text
