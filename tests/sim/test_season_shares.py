"""What goes into the demand comes back out of some 350,000 drawn contacts (chi-square and four standard errors)."""

from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import gamma

from scenarios.schema.season_demand import Demand
from scenarios.schema.season_words import CHANNELS, INTENTS, LANGUAGES, SeasonChannel
from scenarios.schema.types import Language
from tests.sim.seasons import (
    EVEN_DAYS,
    MANY,
    NO_HOLIDAYS,
    SEED,
    is_near,
    is_plausible,
    joined,
    loaded,
    many,
    plan,
    season,
    sold,
)

Floats = NDArray[np.float64]
_SETS = (*NO_HOLIDAYS, EVEN_DAYS, MANY)
_SALES = INTENTS.index("sales")


def _demand() -> Demand:
    return loaded(*_SETS).scenario.demand


def _volume(channel: SeasonChannel) -> Floats:
    """Mean contacts of a channel by day, worked out from the file by hand."""
    demand, scenario = _demand(), loaded(*_SETS)
    sales = demand.intents[channel]["sales"] / sum(demand.intents[channel].values())
    found = []
    for day in range(scenario.days):
        on = scenario.first + timedelta(days=day)
        month = on.month - 1
        busy = (
            sales * demand.month_index_sales[month] / demand.month_index_sales[7]
            + (1 - sales) * demand.month_index_service[month] / demand.month_index_service[7]
        )
        index = demand.weekday[demand.rhythm[channel].weekday]
        weekday = index[on.weekday()] / (sum(index) / 7)
        found.append(demand.channel_mix[channel] / sum(demand.channel_mix.values()) * busy * weekday)
    return np.array(found) * demand.contacts_per_1000_rooms_day * scenario.rooms / 1000 * demand.factor


def _channel(name: str) -> int:
    return plan(*_SETS).channels.index(name)


def _counts(values: NDArray[np.int64], size: int) -> Floats:
    return np.bincount(values, minlength=size).astype(float)


@pytest.mark.parametrize("channel", ["phone", "whatsapp", "web_chat", "instagram", "email", "ota"])
def test_days_of_a_channel_follow_month_weekday_and_intent_as_the_file_says(channel) -> None:
    counts = np.array([float((draw.channel == _channel(channel)).sum()) for draw in many()])
    wanted = _volume(channel)
    assert is_plausible(counts, wanted)
    assert abs(counts.sum() - wanted.sum()) <= 4 * np.sqrt(wanted.sum())


def test_channels_have_their_shares() -> None:
    wanted = np.array([_volume(channel).sum() for channel in CHANNELS])
    assert is_plausible(_counts(joined(many(), "channel"), len(wanted)), wanted)


def test_turkish_callers_come_by_the_half_hours_of_the_file() -> None:
    assert is_plausible(_half_hours("phone", "tr"), np.array(_demand().half_hours["phone"]))


def test_german_callers_come_one_hour_later_by_turkish_clocks_in_summer() -> None:
    assert is_plausible(_half_hours("phone", "de"), np.roll(_demand().half_hours["phone"], 2))


def test_messages_come_by_turkish_clocks_whatever_the_language() -> None:
    assert is_plausible(_half_hours("whatsapp", "en"), np.array(_demand().half_hours["whatsapp"]))


def _half_hours(channel: SeasonChannel, language: Language) -> Floats:
    rows = (joined(many(), "channel") == _channel(channel)) & (joined(many(), "language") == LANGUAGES.index(language))
    return _counts((joined(many(), "at")[rows] // 1800).astype(int) % 48, 48)


@pytest.mark.parametrize("channel", ["phone", "whatsapp", "email", "ota"])
def test_languages_of_august_are_the_mix_of_the_file(channel) -> None:
    draws = many()[61:92]
    languages = joined(draws, "language")[joined(draws, "channel") == _channel(channel)]
    mix = _demand().language_mix[channel]
    assert is_plausible(_counts(languages, 4), np.array([mix[one] for one in LANGUAGES]))


def test_the_tilt_moves_foreign_languages_and_leaves_turkish_its_share() -> None:
    draws = many()[92:]
    languages = joined(draws, "language")[joined(draws, "channel") == _channel("phone")]
    demand = _demand()
    mix, tilt = demand.language_mix["phone"], demand.language_tilt
    weights = {one: mix[one] * tilt[one][8] / tilt[one][7] for one in ("en", "de", "ru")}
    foreign = (1 - mix["tr"]) / sum(weights.values())
    wanted = [mix["tr"], *(weights[one] * foreign for one in ("en", "de", "ru"))]
    assert is_plausible(_counts(languages, 4), np.array(wanted))


def test_intents_of_a_channel_in_the_reference_month_are_those_of_the_file() -> None:
    draws = many()[61:92]
    intents = joined(draws, "intent")[joined(draws, "channel") == _channel("email")]
    mix = _demand().intents["email"]
    assert is_plausible(_counts(intents, 6), np.array([mix.get(one, 0.0) for one in INTENTS]))


def test_hotels_get_contacts_by_their_rooms() -> None:
    rooms = np.array([float(one.rooms) for one in loaded(*_SETS).hotels])
    assert rooms.sum() == 4000
    assert is_plausible(_counts(joined(many(), "hotel"), len(rooms)), rooms)


def test_lead_times_are_the_gamma_of_the_file_up_to_its_longest() -> None:
    lead = loaded(*_SETS).scenario.selling.lead_time
    edges = np.array([0, 1, 4, 8, 15, 31, 61, 91, 121, 181, 241, 301, lead.most_days + 1])
    below = gamma.cdf(edges, lead.shape, scale=lead.scale_days)
    counts, _ = np.histogram(sold(many(), "lead_days"), edges)
    assert is_plausible(counts.astype(float), np.diff(below))
    assert counts.sum() == len(sold(many(), "lead_days"))


def test_nights_and_adults_have_the_weights_of_the_file() -> None:
    selling = loaded(*_SETS).scenario.selling
    for name, rows in (("nights", selling.nights), ("adults", selling.party.adults)):
        weights = np.zeros(1 + max(row.value for row in rows))
        for row in rows:
            weights[row.value] = row.weight
        assert is_plausible(_counts(sold(many(), name), len(weights)), weights), name


def test_parties_with_children_follow_the_month_of_arrival() -> None:
    draws, party = many(), loaded(*_SETS).scenario.selling.party
    days = np.concatenate([np.full(len(draw), draw.day) for draw in draws]) + sold(draws, "lead_days")
    is_summer = (days >= 30) & (days < 92)
    first_year = days < 365 - 30
    has_children = sold(draws, "has_children").astype(float)
    assert is_near(has_children[is_summer], party.with_children_summer)
    assert is_near(has_children[first_year & ~is_summer], party.with_children)


def test_prices_have_mean_one_and_the_spread_of_the_file() -> None:
    factors = sold(many(), "price_factor")
    assert is_near(factors, 1.0)
    assert abs(np.log(factors).std() / loaded(*_SETS).scenario.selling.price.sigma_log - 1) < 0.005


def test_cancellations_come_on_the_booking_day_or_by_the_beta_of_the_file() -> None:
    cancelled = loaded(*_SETS).scenario.selling.cancellation
    elapsed = sold(many(), "cancel_elapsed")
    assert is_near((elapsed == 0).astype(float), cancelled.on_booking_day)
    assert is_near(elapsed[elapsed > 0], cancelled.elapsed_a / (cancelled.elapsed_a + cancelled.elapsed_b))


def test_follow_up_calls_come_after_a_day_at_least_and_two_on_the_mean() -> None:
    days = sold(many(), "follow_up_days")
    assert days.min() == 1
    assert is_near(days.astype(float), loaded(*_SETS).scenario.selling.follow_up.after_days)


@pytest.mark.parametrize(("intent", "name"), [(_SALES, "sales"), (INTENTS.index("prearrival"), "service")])
def test_talk_is_lognormal_with_the_mean_and_spread_of_the_file_beside_short_calls(intent, name) -> None:
    draws, work = many(), loaded(*_SETS).scenario.work["phone"]
    rows = (joined(draws, "channel") == _channel("phone")) & (joined(draws, "intent") == intent)
    talk, wrap = joined(draws, "work")[rows], joined(draws, "wrap")[rows]
    handle = getattr(work, name)
    assert is_near((wrap == 0).astype(float), work.short_share)
    assert is_near(talk[wrap == 0], work.short_mean_s)
    assert is_near(talk[wrap > 0], handle.mean_s)
    assert abs(np.log(talk[wrap > 0]).std() / handle.sigma - 1) < 0.01
    assert is_near(wrap[wrap > 0], handle.wrap_s)


def test_new_guests_wait_less_than_existing_ones_and_backlog_has_its_fixed_end() -> None:
    draws, given = many(), loaded(*_SETS).scenario.patience
    channel, is_sale, waits = (joined(draws, one) for one in ("channel", "intent", "patience"))
    phone = channel == _channel("phone")
    assert is_near(waits[phone & (is_sale == _SALES)], given["phone"].new_s)
    assert is_near(waits[phone & (is_sale != _SALES)], given["phone"].existing_s)
    assert set(waits[channel == _channel("email")]) == {given["email"].new_s}


def test_silent_guests_turns_and_unsolved_contacts_have_their_chances() -> None:
    draws, scenario = many(), loaded(*_SETS).scenario
    rows = joined(draws, "channel") == _channel("whatsapp")
    assert is_near(joined(draws, "silent")[rows].astype(float), scenario.patience["whatsapp"].silent_share)
    sales = rows & (joined(draws, "intent") == _SALES)
    unsolved, turns = joined(draws, "unsolved_turns")[sales], joined(draws, "turns")[sales]
    chance = scenario.work["whatsapp"].unsolved_after_two_turns["sales"]
    assert is_near((unsolved > 0).astype(float), chance)
    assert unsolved[unsolved > 0].min() == 2
    assert is_near(turns[unsolved == 0].astype(float), scenario.work["whatsapp"].turns_mean)


def test_second_tries_come_after_a_lognormal_gap() -> None:
    gaps, redial = joined(many(), "redial_gap"), loaded(*_SETS).scenario.redial
    assert gaps.shape[1] == redial.most == 3
    assert abs(np.median(gaps) / redial.median_gap_s - 1) < 0.01
    assert abs(np.log(gaps).std() / redial.sigma - 1) < 0.005


def test_day_totals_vary_as_asked_beyond_chance() -> None:
    of = plan(*NO_HOLIDAYS)
    wanted = of.reach[:, -1]
    rest = np.concatenate([[len(draw) for draw in season(of, k, SEED)] / wanted - 1 for k in range(6)])
    variance = of.factor.cv**2 + (1 / wanted).mean()
    assert abs((rest**2).mean() / variance - 1) <= 4 * np.sqrt(2 / len(rest)) * 1.2
    assert (rest**2).mean() > 3 * (1 / wanted).mean()


def test_mornings_and_afternoons_go_together_as_asked() -> None:
    of = plan(*NO_HOLIDAYS)
    halves = np.array([of.factor.halves(np.random.default_rng(seed)) for seed in range(20_000)])
    assert is_near(halves[:, 0], 1.0)
    assert abs(np.corrcoef(halves.T)[0, 1] - of.factor.correlation) < 4 * (1 - of.factor.correlation**2) / np.sqrt(
        20_000
    )
    total = halves @ [of.factor.morning_share, 1 - of.factor.morning_share]
    assert abs(total.std() / of.factor.cv - 1) < 4 / np.sqrt(2 * 20_000) * 1.2


def test_counts_of_mornings_and_afternoons_are_correlated_through_the_day_factor() -> None:
    of = plan(*NO_HOLIDAYS)
    pairs = []
    for draw, reach in zip(season(of, 1), of.reach, strict=True):
        before = float((draw.at % 86_400 < 43_200).sum())
        pairs.append((before / reach[24] - 1, (len(draw) - before) / (reach[48] - reach[24]) - 1))
    found = np.corrcoef(np.array(pairs).T)[0, 1]
    variance = of.factor.half_cv**2
    first, second = (1 / of.reach[:, 24]).mean(), (1 / (of.reach[:, 48] - of.reach[:, 24])).mean()
    wanted = of.factor.correlation * variance / np.sqrt((variance + first) * (variance + second))
    assert abs(found - wanted) < 4 * (1 - wanted**2) / np.sqrt(of.days)
