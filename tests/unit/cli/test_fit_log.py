"""A contact log's rows: Turkish and English headers, what a telephone system writes, and what cannot be meant."""

import hashlib
from collections.abc import Iterator
from datetime import time
from math import isnan
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from cli.fit_log import ReadLog, read_log
from domain.errors import InvalidInput
from integration.ports.sheets import Cell, Sheet, SheetRow
from scenarios.schema.season_words import CHANNELS, INTENTS, LANGUAGES
from sim.fit.log import Seen

ISTANBUL = ZoneInfo("Europe/Istanbul")


def read(header: tuple[Cell, ...], *rows: tuple[Cell, ...] | str) -> ReadLog:
    def lines() -> Iterator[SheetRow]:
        yield SheetRow(1, header)
        for line, row in enumerate(rows, start=2):
            yield SheetRow(line, (), row) if isinstance(row, str) else SheetRow(line, row)

    return read_log(Sheet("log.csv", hashlib.sha256().hexdigest(), lines()), ISTANBUL, lambda _: None)


def test_turkish_headers_and_words_are_read() -> None:
    header = (
        "Geliş Zamanı",
        "KANAL",
        "Dil",
        "Konu",
        "Sonuç",
        "Bekleme Süresi",
        "Konuşma",
        "Satış",
        "Giriş Tarihi",
        "Gece",
    )
    found = read(
        header,
        ("03.08.2026 10:15", "Telefon", "Rusça", "Satış", "Cevaplandı", "0:00:12", "5:30", "evet", "10.08.2026", 7),
        ("03.08.2026 10:20", "WhatsApp", "türkçe", "diğer", "vazgeçti", "90,5", None, None, None, None),
    ).builder.log()
    assert found.channel.tolist() == [CHANNELS.index("phone"), CHANNELS.index("whatsapp")]
    assert found.language.tolist() == [LANGUAGES.index("ru"), LANGUAGES.index("tr")]
    assert found.intent.tolist() == [INTENTS.index("sales"), -1]
    assert found.is_sales.tolist() == [1, 0]
    assert found.outcome.tolist() == [Seen.ANSWERED, Seen.GAVE_UP]
    assert found.wait.tolist() == [12.0, 90.5]
    assert found.talk[0] == 330
    assert isnan(found.talk[1])
    assert (found.bought[0], found.lead_days[0], found.nights[0]) == (1, 7, 7)


def test_a_telephone_systems_record_gives_wait_and_talk_from_its_instants() -> None:
    header = ("start_stamp", "answer_stamp", "end_stamp", "direction", "caller_id_number", "hangup_cause_text")
    found = read(
        header,
        ("2026-08-03 10:00:00", "2026-08-03 10:00:08", "2026-08-03 10:03:08", "inbound", "05321112233", "x"),
        ("2026-08-03 10:01:00", "", "2026-08-03 10:01:40", "inbound", "05321112233", "x"),
        ("2026-08-03 10:02:00", "", "2026-08-03 10:02:40", "outbound", "05321112233", "x"),
    )
    log = found.builder.log()
    assert found.passed_over == 1
    assert log.wait.tolist() == [8.0, 40.0]
    assert log.outcome.tolist() == [Seen.ANSWERED, Seen.GAVE_UP]
    assert log.talk[0] == 180
    assert log.caller[0] == log.caller[1] >= 0
    assert not log.has_channels


def test_an_instant_with_a_zone_becomes_local_time() -> None:
    log = read(("started",), ("2026-08-02T21:30:00Z",)).builder.log()
    assert log.first.isoformat() == "2026-08-03"
    assert log.at.tolist() == [1800.0]


def test_every_bad_row_is_named_with_its_line_and_none_is_lost() -> None:
    header = ("started", "channel", "wait_s", "bought", "check_in", "turns", "outcome", "direction", "ended")
    good = ("2026-08-03 10:00", "phone", 5, "no", "", 1, "answered", "", "")
    bad: list[tuple[Cell, ...] | str] = [
        ("", "phone"),
        ("yesterday", "phone"),
        ("2026-08-03 10:00", "pigeon"),
        ("2026-08-03 10:00", "phone", "-5"),
        ("2026-08-03 10:00", "phone", "nan"),
        ("2026-08-03 10:00", "phone", 5, "perhaps"),
        ("2026-08-03 10:00", "phone", 5, "yes", "2026-08-01"),
        ("2026-08-03 10:00", "phone", 5, "yes", "", "many"),
        ("2026-08-03 10:00", "phone", 5, "yes", "", 1, "???"),
        ("2026-08-03 10:00", "phone", 5, "yes", "", 1, "answered", "sideways"),
        ("2026-08-03 10:00", "phone", "", "", "", "", "abandoned", "", "2026-08-03 09:00"),
        "A quote is not closed.",
    ]
    found = read(header, good, *bad, good)
    assert [line for line, _ in found.bad_rows] == list(range(3, 3 + len(bad)))
    assert (found.read, found.bad, len(found.builder)) == (len(bad) + 2, len(bad), 2)
    assert all(str(error) for _, error in found.bad_rows)


def test_lengths_are_read_as_people_and_excel_write_them() -> None:
    log = read(
        ("started", "wait_s"), *(("2026-08-03", one) for one in (75, 75.5, "1:15", "0:01:15", time(0, 1, 15), ""))
    )
    assert np.nan_to_num(log.builder.log().wait, nan=-1).tolist() == [75, 75.5, 75, 75, 75, -1]


def test_a_yes_for_which_there_was_no_room_is_a_yes() -> None:
    log = read(("started", "bought"), ("2026-08-03", "oda yok"), ("2026-08-03", "no room"), ("2026-08-03", "hayır"))
    assert log.builder.log().bought.tolist() == [1, 1, 0]


def test_a_sheet_without_instants_is_no_log() -> None:
    with pytest.raises(InvalidInput, match="started"):
        read(("channel",), ("phone",))
