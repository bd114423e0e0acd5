"""How a hotel serves, read from its file; holidays; and what the shipped words find."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.contact import Channel
from domain.handoff import Trigger, decide_handoff
from domain.hours import DayKind, is_open
from domain.roles import ChannelRole
from domain.signals import Signal, Tag
from scenarios.calendars import Calendar, days_of_year, knows_country
from scenarios.loader import load_hotel, parse_hotel, shipped_hotels
from scenarios.service import ServiceRules, service_rules
from scenarios.words import shipped_words, word_rules
from tests.unit.scenarios.hotel_texts import belek_text, refusal

ISTANBUL = ZoneInfo("Europe/Istanbul")
TR = Calendar("TR")
WORDS = word_rules()


def belek(extra: str = "") -> ServiceRules:
    """Belek's rules with its own serving sections replaced by `extra`."""
    return service_rules(parse_hotel(without_serving() + extra, "mine.toml"))


def without_serving() -> str:
    return belek_text().partition("# ---- serving")[0]


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ISTANBUL).timestamp()


@pytest.mark.parametrize("name", shipped_hotels())
def test_every_shipped_hotel_has_rules_of_serving(name: str):
    rules = service_rules(load_hotel(name))
    policy = rules.policy(date(2027, 1, 1), date(2027, 12, 31))
    assert policy.book.targets("whatsapp", (), at("2027-06-01T12:00")).first_response_s == 120
    assert decide_handoff(2, 0, rules.handoffs.of(Channel.WHATSAPP)) is Trigger.UNSOLVED_TURNS


def test_a_file_without_these_sections_is_always_open_and_follows_the_trade():
    rules = belek()
    assert rules.hours == {}
    assert rules.roles[Channel.OTA] is ChannelRole.INSIDE_PLATFORM
    assert rules.handoffs.callback_within_s == 1_800


def test_the_sales_office_of_belek_has_a_lunch_break_holidays_and_half_days():
    spans = service_rules(load_hotel("belek-resort")).policy(date(2027, 1, 1), date(2027, 12, 31)).spans("email")
    assert all(is_open(at(f"2027-03-{open_at}"), spans) for open_at in ("05T12:29", "08T12:00", "13T12:59"))
    assert not any(is_open(at(f"2027-03-{closed_at}"), spans) for closed_at in ("05T12:45", "08T14:00", "09T10:00"))


def test_a_channel_no_rule_names_follows_the_rule_without_channels():
    hours = belek(
        '[[hours.rules]]\nspans = ["08:00-20:00"]\n[[hours.rules]]\nchannels = ["email"]\nspans = ["09:00-10:00"]\n'
    ).hours
    assert hours[Channel.PHONE] == hours[Channel.OTA] != hours[Channel.EMAIL]


def test_days_closed_by_the_hotel_count_as_holidays():
    rules = belek('[hours]\nclosed_on = [2027-05-20]\n[[hours.rules]]\ndays = ["thu"]\nspans = ["09:00-18:00"]\n')
    spans = rules.policy(date(2027, 5, 1), date(2027, 5, 31)).spans("phone")
    assert is_open(at("2027-05-13T10:00"), spans)
    assert not is_open(at("2027-05-20T10:00"), spans)


def test_a_target_of_the_hotel_wins_and_may_begin_on_a_day():
    book = belek(
        '[[sla.targets]]\nchannels = ["whatsapp"]\nfirst_response_seconds = 90\neffective_from = 2027-06-01\n'
    ).book
    assert book.targets("whatsapp", (), at("2027-05-31T23:59:59")).first_response_s == 120
    assert book.targets("whatsapp", (), at("2027-06-01T00:00")).first_response_s == 90


def test_handoff_rules_of_the_hotel_replace_the_usual_ones_of_their_trigger():
    rules = belek(
        '[[channels.handoffs]]\ntrigger = "unsolved_turns"\nfrom_channels = ["ota"]\n'
        'to_channels = ["phone"]\nturns = 3\n'
    ).handoffs
    assert decide_handoff(3, 0, rules.of(Channel.OTA)) is Trigger.UNSOLVED_TURNS
    assert decide_handoff(9, 0, rules.of(Channel.WHATSAPP)) is None
    assert rules.targets(Trigger.PHONE_SALE, Channel.PHONE)[0] is Channel.WHATSAPP


def test_words_and_points_of_the_hotel_stand_beside_the_shipped_ones():
    rules = belek(
        '[tags]\npoints = { ota = 7 }\n[[tags.rules]]\ncode = "golf"\ngives = "reservation"\n'
        'language = "en"\nany_of = ["tee time*"]\n'
    )
    assert rules.words.read("two tee times please").marks == {Tag.RESERVATION}
    assert Signal.CANCELLATION in rules.words.read("iptal").marks
    assert rules.priority.points[Tag.OTA] == 7


@pytest.mark.parametrize(
    ("extra", "key", "says"),
    [
        ('[[hours.rules]]\nspans = ["9-12"]\n', "hours.rules[1].spans[1]", '"09:00-12:30"'),
        ('[[hours.rules]]\nspans = ["09:00-24:30"]\n', "hours.rules[1].spans[1]", "24:00"),
        ('[[hours.rules]]\nspans = []\n', "hours.rules[1].spans", ""),
        ('[[hours.rules]]\ndays = ["monday"]\nspans = ["09:00-10:00"]\n', "hours.rules[1].days[1]", "mon"),
        ('[sla]\nwarn_at = "1.2"\n', "sla.warn_at", "1"),
        ('[[sla.targets]]\nchannels = ["fax"]\nfirst_response_seconds = 5\n', "sla.targets[1].channels[1]", ""),
        ("[[sla.targets]]\n", "sla.targets[1]", "at least one target"),
        ("[[sla.targets]]\nfirst_response_seconds = 600\nresolution_seconds = 60\n", "sla.targets[1]", "too small"),
        (
            '[[channels.handoffs]]\ntrigger = "phone_sale"\nturns = 1\n'
            'from_channels = ["phone"]\nto_channels = ["phone"]\n',
            "channels.handoffs[1]",
            "another channel",
        ),
        (
            '[[channels.handoffs]]\ntrigger = "phone_sale"\nfrom_channels = ["phone"]\nto_channels = ["email"]\n',
            "channels.handoffs[1]",
            "turns or signals",
        ),
        (
            '[[tags.rules]]\ncode = "a"\ngives = "vip"\nlanguage = "tr"\nany_of = ["ab*"]\n',
            "tags.rules[1].any_of[1]",
            "stem",
        ),
        (
            '[[tags.rules]]\ncode = "a"\ngives = "important"\nlanguage = "tr"\nany_of = ["abc"]\n',
            "tags.rules[1].gives",
            "vip",
        ),
        ("[tags]\nhigh_from = 70\n", "tags", "above high_from"),
        ("[hours]\nopen = 1\n", "hours.open", "unknown key"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_its_place(extra: str, key: str, says: str):
    error = refusal(without_serving() + extra)
    assert error.key == key
    assert error.line > 0
    assert says in error.message


def test_turkish_holidays_and_half_days_are_known():
    assert TR.kind_of(date(2027, 3, 8)) is DayKind.HALF_DAY
    assert TR.kind_of(date(2027, 3, 9)) is DayKind.HOLIDAY
    assert TR.kind_of(date(2026, 10, 28)) is DayKind.HALF_DAY
    assert TR.kind_of(date(2027, 3, 12)) is DayKind.PLAIN


def test_a_day_with_two_holidays_has_both_names_in_the_language_asked_for():
    assert len(TR.names(date(2027, 5, 19))) == 2
    assert TR.names(date(2027, 5, 1), "tr") == ("Emek ve Dayanışma Günü",)
    assert TR.names(date(2027, 3, 12)) == ()


@pytest.mark.parametrize("country", ["TR", "DE", "RU", "GB", "NL", "PL", "KZ"])
def test_the_countries_of_the_guests_are_known(country: str):
    assert knows_country(country)
    assert len(days_of_year(country, 2027)) >= 8


def test_a_country_nobody_knows_has_no_holidays():
    assert Calendar("XX").kind_of(date(2027, 1, 1)) is DayKind.PLAIN


SAID = [
    ("Merhaba, 15-20 Ağustos için 2 kişi fiyat alabilir miyim?", "tr", {Tag.RESERVATION}),
    ("REZERVASYONUMU İPTAL ETMEK İSTİYORUM", "tr", {Tag.RESERVATION, Signal.CANCELLATION}),
    ("rezervasyonumuzu iptal ettirebilir miyiz", "tr", {Tag.RESERVATION, Signal.CANCELLATION}),
    ("Ücretsiz iptal var mı?", "tr", set()),
    ("Ücretimin iadesini istiyorum", "tr", {Signal.CANCELLATION}),
    ("Maalesef gelemiyoruz", "tr", {Signal.CANCELLATION}),
    ("SIKAYETIM VAR, müdürünüzle görüşmek istiyorum", "tr", {Signal.CRISIS}),
    ("Şikâyetimi kime iletebilirim, çok acil", "tr", {Signal.CRISIS}),
    ("Bu gece için yeriniz var mı", "tr", {Tag.RESERVATION, Signal.LAST_MINUTE}),
    ("Havalimanı transferi ayarlayabilir misiniz", None, {Tag.SUPPORT}),
    ("Hi, how much is a double room for 7 nights?", "en", {Tag.RESERVATION}),
    ("I'd like to cancel my booking please", "en", {Tag.RESERVATION, Signal.CANCELLATION}),
    ("Do you have free cancellation?", "en", set()),
    ("This is unacceptable, I want to speak to the manager", "en", {Signal.CRISIS}),
    ("We booked on Booking.com, is the room confirmed?", "en", {Tag.RESERVATION, Tag.OTA}),
    ("The AC is not working and we need a towel", "en", {Tag.SUPPORT}),
    ("Guten Tag, was kostet ein Doppelzimmer für uns?", "de", {Tag.RESERVATION}),
    ("Wir müssen die gebuchte Reise leider stornieren", "de", {Tag.RESERVATION, Signal.CANCELLATION}),
    ("Ich sage den Aufenthalt leider ab", "de", {Signal.CANCELLATION}),
    ("Gibt es kostenlose Stornierung?", "de", set()),
    ("Das ist eine Frechheit, ich möchte mich beschweren", "de", {Signal.CRISIS}),
    ("Здравствуйте, сколько стоит номер на 5 ночей?", "ru", {Tag.RESERVATION}),
    ("Хочу отменить бронирование", "ru", {Tag.RESERVATION, Signal.CANCELLATION}),
    ("Мы отменяем поездку, верните деньги", "ru", {Signal.CANCELLATION}),
    ("Есть ли бесплатная отмена?", "ru", set()),
    ("Срочно! Хочу подать жалобу", "ru", {Signal.CRISIS}),
    ("Отменный отель, спасибо!", "ru", set()),
    ("Kein Problem, danke", "de", set()),
    ("🙏", None, set()),
    ("Bir sorunuz varsa yazın", "tr", set()),
    ("Bu akşam ödemeyi yapacağım", "tr", set()),
    ("Otel hastaneye yakın mı?", "tr", set()),
    ("Bugün geliyoruz, geç olacak", "tr", {Signal.LAST_MINUTE}),
    ("I will pay tonight, thanks", "en", set()),
    ("Do you have a room for 2 tonight?", "en", {Signal.LAST_MINUTE}),
    ("Cant come, sorry. Can we get a refund?", "en", {Signal.CANCELLATION}),
    ("Do not cancel my booking please", "en", {Tag.RESERVATION}),
    ("What happens if we cancel later?", "en", set()),
    ("Haben Sie noch ein Zimmer für heute?", "de", {Signal.LAST_MINUTE}),
    ("Ich möchte sofort buchen", "de", {Tag.RESERVATION}),
    ("Können Sie uns einen Tisch für heute reservieren?", "de", {Tag.RESERVATION}),
    ("Есть свободный номер на сегодня?", "ru", {Tag.RESERVATION, Signal.LAST_MINUTE}),
    ("Не отменяйте бронь, мы приедем", "ru", {Tag.RESERVATION}),
]


@pytest.mark.parametrize(("text", "language", "marks"), SAID, ids=[text for text, _, _ in SAID])
def test_guests_are_understood_in_four_languages(text: str, language: str | None, marks: set[Tag | Signal]):
    read = WORDS.read(text)
    assert read.marks == marks
    assert read.language == language


def test_the_shipped_words_speak_of_everything_in_every_language():
    spoken = {(row.gives, row.language) for row in shipped_words().rules}
    gives = {"reservation", "support", "vip", "cancellation", "crisis", "last_minute"}
    assert spoken >= {(one, language) for one in gives for language in ("tr", "en", "de", "ru")}
    codes = [row.code for row in shipped_words().rules]
    assert len(codes) == len(set(codes))
