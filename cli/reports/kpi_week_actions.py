"""The three actions in words: a title, and the numbers each rests on (`integration.usecases.kpi_actions`)."""

from collections.abc import Callable, Mapping
from typing import Any

from cli.reports.kpi_week_words import WeekWords
from cli.screens.kpi import KPI_NAMES
from domain.kpi_list import Unit
from integration.usecases.marks import N_

Body = dict[str, Any]
TITLES = {
    "missed_leads": N_("Answer {channel} sooner"),
    "half_hours": N_("One more on the telephone at {times}"),
    "lost_reason": N_("Work on the reason “{reason}”"),
    "bottleneck": N_("{channel}: {kpi} is furthest from its target"),
    "handoffs": N_("Look at what is handed to the telephone"),
    "late_records": N_("Book while the guest is on the line"),
    "unsold_offers": N_("Ask again after offers that were not sold"),
    "open_leads": N_("Bring the open leads to an end"),
    "unsolved_cases": N_("Solve the cases that are still open"),
}
WORTH = N_(
    "{won} of {of} leads of this channel were won and a reservation came to {basket}, "
    "so those leads are worth about {worth}."
)
READ_SOME = N_(
    "{n} of {of} lost leads ({share}) were lost for it. Read some of these cases with the team and agree on an answer."
)


def action_words(words: WeekWords) -> list[tuple[str, str]]:
    """What to do, and why, one by one."""
    return [(_title(one, words), _SAID[one["rule"]](one, words)) for one in words.body["actions"]]


def _title(one: Body, words: WeekWords) -> str:
    return words.t(
        TITLES[one["rule"]],
        channel=words.channel(one["channel"]) if "channel" in one else "",
        times=", ".join(half["from"] for half in one.get("half_hours", ())),
        reason=words.t.reason(one.get("reason", "")),
        kpi=words.t(KPI_NAMES[one["kpi"]]) if "kpi" in one else "",
    )


def _missed_leads(one: Body, words: WeekWords) -> str:
    t = words.t
    said = t(N_("{missed} of {leads} leads had no answer in time."), missed=one["missed"], leads=one["leads"])
    if one["worth"] is None:
        return said
    basket, worth = (words.money(one[name], one["currency"]) for name in ("basket", "worth"))
    return f"{said} {t(WORTH, won=one['won'], of=one['won_of'], basket=basket, worth=worth)}"


def _half_hours(one: Body, words: WeekWords) -> str:
    each = "; ".join(
        words.t(N_("{time}: {n} of {calls}"), time=half["from"], n=half["in_time"], calls=half["calls"])
        for half in one["half_hours"]
    )
    sentence = N_("{late} calls in these half hours were not answered in time; answered in time were {each}.")
    return words.t(sentence, late=one["late"], each=each)


def _lost_reason(one: Body, words: WeekWords) -> str:
    return words.t(READ_SOME, n=one["n"], of=one["of"], share=words.w.share(one["share"], 0))


def _bottleneck(one: Body, words: WeekWords) -> str:
    t, n = words.t, one["n"] + one["open_n"]
    sentence = N_("{share} of {n} kept what was promised; three quarters must.")
    said = t(sentence, share=words.w.share(one["in_target"], 0), n=n)
    if one["p75"] is None or one["target"] is None:
        return said
    more = N_("Three quarters took up to {p75}; the target is {target}.")
    return f"{said} {t(more, p75=words.w.duration(one['p75']), target=words.w.duration(one['target']))}"


def _handoffs(one: Body, words: WeekWords) -> str:
    w = words.w
    return words.t(
        N_("{value} of {n} written cases went to the telephone ({interval}); the band is {low} to {high}."),
        value=w.share(one["value"]), n=one["n"], low=w.share(one["target_low"], 0), high=w.share(one["target"], 0),
        interval=w.interval(one["low"], one["high"], Unit.SHARE.value),
    )  # fmt: skip


def _late_records(one: Body, words: WeekWords) -> str:
    sentence = N_("{late} of {of} reservations were not in the PMS when their call ended.")
    return words.t(sentence, late=one["late"], of=one["of"])


def _unsold_offers(one: Body, words: WeekWords) -> str:
    return words.t(N_("{unsold} of {of} offers are not sold yet."), unsold=one["unsold"], of=one["of"])


def _open_leads(one: Body, words: WeekWords) -> str:
    return words.t(N_("{open} of {of} leads are neither won nor lost."), open=one["open"], of=one["of"])


def _unsolved_cases(one: Body, words: WeekWords) -> str:
    return words.t(N_("{open} of {of} cases are not solved yet."), open=one["open"], of=one["of"])


_SAID: Mapping[str, Callable[[Body, WeekWords], str]] = {
    "missed_leads": _missed_leads,
    "half_hours": _half_hours,
    "lost_reason": _lost_reason,
    "bottleneck": _bottleneck,
    "handoffs": _handoffs,
    "late_records": _late_records,
    "unsold_offers": _unsold_offers,
    "open_leads": _open_leads,
    "unsolved_cases": _unsolved_cases,
}
