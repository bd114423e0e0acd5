"""A guest writes on WhatsApp; from the command line he is answered, offered, sold, asked to pay, and has paid."""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cli.context import Session
from cli.wiring import open_desk
from integration.ports.queue_records import CaseWish
from integration.usecases.check_payment import check_payment
from integration.usecases.send_out import send_due
from integration.usecases.take_delivery import take_delivery
from integration.usecases.take_in import take_pending
from pms_mock.channels.callbacks import iyzico_notice
from pms_mock.channels.memory import ChannelMemory
from tests.e2e.santral import NOW, a_home, run
from tests.intake.reception import SECRET, Writer, message, signed, webhook
from tests.outbound.mailroom import NUMBER

CHANNELS = f"""
[hooks.whatsapp]
wire = "whatsapp"
hotel = "BELEK1"
secrets = ["{SECRET}"]
verify_token = "verify-me-please"

[hooks.iyzico]
wire = "iyzico"
hotel = "BELEK1"
merchant = "1"
secrets = ["stand-in-secret"]
"""


def of_service(home: Path, hook: str | None = None, body: bytes = b"", headers: dict[str, str] | None = None) -> str:
    """What the service does: a delivery is taken in, the outbox does a round. Gives the guest of the newest case."""
    session = Session(environ={"SANTRAL_HOME": str(home), "SANTRAL_AS_OF": NOW, "USER": "ayse"})

    async def work() -> str:
        ends: list[Callable[[], None]] = []
        desk = open_desk(session.settings, at_end=ends.append)
        if hook is not None:
            now = desk.clock.now()
            delivery = signed(body, now)
            if headers is not None:
                delivery = type(delivery)(body, headers, f"https://hotel.example/hooks/{hook}", now)
            await take_delivery(desk, desk.hooks[hook], delivery)
            await take_pending(desk)
        await send_due(desk, 50, check_payment)
        cases = await desk.store.read(lambda tx: tx.list_cases(CaseWish(), 5))
        await desk.pms.close()
        await desk.carriers.close()
        await desk.store.close()
        for end in ends:
            end()
        return str(cases[0].guest_id) if cases else ""

    return asyncio.run(work())


def write_in(home: Path) -> str:
    """A guest writes; who he is."""
    anna = Writer(NUMBER, "", "Anna")
    written = message(anna, "Hello, a room in July?", datetime.fromisoformat(NOW), "wamid.in1")
    return of_service(home, "whatsapp", webhook((anna, written)))


def test_from_a_message_to_a_paid_reservation(tmp_path: Path):
    home = a_home(tmp_path)
    (home / "channels.toml").write_text(CHANNELS, encoding="utf-8")
    guest = write_in(home)
    call = run("call", "start", "--direction", "out", "--guest", guest, "--json", home=home).body
    replied = run("case", "reply", call["case_id"], "--text", "Yes, we have one.", "--json", home=home)
    assert (replied.code, replied.body["status"]) == (0, "accepted")
    wish = ("--check-in", "2027-07-10", "--nights", "7", "--adults", "2")
    offer = run("reservation", "quote", *wish, "--json", home=home).body["offer_id"]
    sent = run("offer", "send", offer, "--via", "whatsapp", "--json", home=home)
    assert (sent.code, sent.body["status"]) == (0, "accepted")
    assert run("offer", "send", offer, "--via", "sms", "--json", home=home).code == 0
    held = run("reservation", "hold", "--offer", offer, "--pick", "1", "--guest", guest, "--json", home=home).body
    one = held["reservation_id"]
    linked = run("reservation", "pay-link", one, "--via", "whatsapp", "--json", home=home)
    assert (linked.code, linked.body["status"]) == (0, "accepted")
    assert run("reservation", "show", one, "--json", home=home).body["status"] == "option"
    box = run("pms", "channel", "sent", "--json", home=home).body
    assert [row["provider"] for row in box["sent"]] == ["whatsapp", "whatsapp", "netgsm", "iyzico", "whatsapp"]
    assert box["links"][0]["token"] in box["sent"][-1]["body"]["text"]["body"]
    assert run("pms", "channel", "pay", box["links"][0]["token"], "--json", home=home).code == 0
    memory = ChannelMemory(str(home / "channels.sqlite"))
    notice = iyzico_notice(memory.links()[0])
    memory.close()
    of_service(home, "iyzico", notice.body, dict(notice.headers))
    of_service(home)
    assert run("reservation", "show", one, "--json", home=home).body["status"] == "confirmed"


def test_what_goes_wrong_has_its_exit_code(tmp_path: Path):
    home = a_home(tmp_path)
    (home / "channels.toml").write_text(CHANNELS, encoding="utf-8")
    guest = write_in(home)
    case = run("call", "start", "--direction", "out", "--guest", guest, "--json", home=home).body["case_id"]
    assert run("case", "reply", "cas_none", "--text", "x", home=home).code == 4
    assert run("case", "reply", case, "--text", "x", "--via", "pigeon", home=home).code == 2
    assert run("pms", "channel", "fault", "whatsapp", "refused", "--detail", "131026", home=home).code == 0
    assert run("case", "reply", case, "--text", "x", home=home).code == 3
    assert run("pms", "channel", "fault", "whatsapp", "lost_answer", home=home).code == 0
    assert run("case", "reply", case, "--text", "x", "--key", "k1", home=home).code == 6
    assert run("case", "reply", case, "--text", "x", "--key", "k1", home=home).code == 6
    assert run("pms", "channel", "fault", "pigeon", "429", home=home).code == 2
    (home / "channels.toml").write_text(
        '[carriers.sms]\nkind = "netgsm"\nhotels = ["BELEK1"]\nbase = "https://api.example.com"\n'
        'user = "u"\npassword = "p"\nheader = "H"\n'
    )
    refused = run("case", "reply", case, "--text", "x", "--json", home=home)
    assert (refused.code, refused.body["error"]["code"]) == (2, "configuration_error")


def test_a_typed_number_is_verified_by_a_code(tmp_path: Path):
    home = a_home(tmp_path)
    anna = ("--name", "Anna Schmidt", "--phone", "+49 151 23456789")
    guest = run("lead", "add", *anna, "--json", home=home).body["guest_id"]
    sent = run("guest", "verify", guest, "--phone", "+49 151 23456789", "--lang", "tr", home=home)
    assert (sent.code, "kodu size okumasını" in sent.out) == (0, True), sent.err
    (row,) = run("pms", "channel", "sent", "--json", home=home).body["sent"]
    (code,) = re.findall(r"(?<!\d)\d{6}(?!\d)", row["body"]["messages"][0]["msg"])
    assert code not in sent.out + sent.err
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert run("guest", "verify", guest, "--code", wrong, home=home).code == 3
    assert run("guest", "verify", guest, "--code", "12", home=home).code == 2
    proven = run("guest", "verify", guest, "--code", code, "--json", home=home)
    assert (proven.code, proven.body["how"]) == (0, "code_read_back")
    (file,) = run("guest", "person", guest, "--json", home=home).body["files"]
    assert [one["vouching"] for one in file["identities"]] == ["code"]
    assert run("guest", "verify", guest, "--code", code, home=home).code == 3
    assert run("guest", "verify", "gst_none", home=home).code == 4
