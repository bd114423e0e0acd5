"""A rollback as people read it: every step in a sentence, and why one cannot be done."""

from collections.abc import Mapping

from cli.screens.blocks import Block, Facts, Heading, Screen, Table, Text, Tone
from cli.screens.reader import Body, Reader
from domain.reservation import ReservationState
from integration.usecases.marks import N_

STATES: Mapping[str, str] = {
    "planned": N_("Planned"),
    "applying": N_("Under way"),
    "applied": N_("Done"),
    "incomplete": N_("Done, but not all could be undone"),
}
ACTIONS: Mapping[str, str] = {
    "cancel": N_("Cancel the wrong reservation"),
    "reinstate": N_("Bring it back"),
    "change_back": N_("Change it back"),
    "back_to_hold": N_("Back to a hold"),
    "back_to_option": N_("Back to an option"),
    "deadline_back": N_("Back to the old deadline"),
    "no_show_back": N_("Take the no-show back"),
    "refund_task": N_("Task: refund"),
    "correction_message": N_("Task: tell the guest"),
    "change_again": N_("Change it again"),
    "no_show_again": N_("No-show again"),
    "withdraw_refund": N_("Take the refund task back"),
    "withdraw_message": N_("Take the message task back"),
}
STATUSES: Mapping[str, tuple[str, str]] = {
    "planned": (N_("Planned"), "yellow"),
    "done": (N_("Done"), "green"),
    "skipped": (N_("Nothing to do"), "green"),
    "impossible": (N_("Cannot be undone"), "red"),
    "failed": (N_("Failed"), "red"),
    "unknown": (N_("Not known yet"), "yellow"),
}
REASONS: Mapping[str, str] = {
    "in_house": N_("The guest is in the house."),
    "checked_out": N_("The guest has left."),
    "arrival_passed": N_("The day of arrival is over."),
    "changed_later": N_("Somebody else changed it afterwards."),
    "front_desk": N_("The front desk changed it in the PMS."),
    "unsettled": N_("An earlier write has no known outcome yet."),
    "deposit_unknown": N_("A payment has no known outcome yet; a person decides."),
    "paid": N_("Money has been paid on it; it stays as it is."),
    "not_in_pms": N_("It is not in the PMS."),
    "no_room": N_("The room has been sold meanwhile."),
    "no_room_left": N_("The room has been sold meanwhile."),
    "not_kept": N_("What was before is not known any more."),
    "already_free": N_("The room is free already."),
    "already_undone": N_("It is undone already."),
    "lapsed": N_("It has lapsed meanwhile."),
    "since_plan": N_("It has changed since the plan was made; plan again."),
    "earlier_step": N_("A step before this one failed."),
    "already_done": N_("A person has done it already."),
    "pms_outcome_unknown": N_("The PMS has not said whether it was done."),
    "outcome_pending": N_("The PMS has not said whether it was done."),
    "reservation_busy": N_("An earlier write has no known outcome yet."),
    "in_flight": N_("It is being carried out."),
}


def rollback(body: Body, t: Reader) -> Screen:
    """One rollback with its steps."""
    return [
        Facts(_head(body, t)),
        Table(t.words(N_("No."), N_("Reservation"), N_("Step"), N_("From"), N_("To"), N_("Status"), N_("Why")),
              tuple(_step(one, t) for one in body["steps"])),
        *_alone(body, t),
        *_drafts(body, t),
        *_said(body, t),
    ]  # fmt: skip


def _when(iso: str | None, body: Body, t: Reader) -> str:
    """In the time of its hotel; of several hotels, in the first one's."""
    return t.instant(iso, next(iter(body["hotels"]), ""))


def _head(body: Body, t: Reader) -> tuple[tuple[str, object], ...]:
    applied = _when(body["applied_at"], body, t)
    return (
        (t(N_("Rollback")), body["rollback_id"]),
        (t(N_("State")), t(STATES[body["state"]])),
        (t(N_("Reason")), body["reason"]),
        (t(N_("Planned")), f"{_when(body['planned_at'], body, t)}, {body['planned_by']}"),
        (t(N_("Applied")), f"{applied}, {body['applied_by']}" if body["applied_by"] else None),
        (t(N_("Undoes")), body["undoes"]),
        (t(N_("Undone by")), body.get("undone_by")),
        (t(N_("Reservations")), body["reservations"]),
        (t(N_("Needs a supervisor")), t(N_("yes")) if body["needs_supervisor"] else None),
    )


def _step(one: Body, t: Reader) -> tuple[object, ...]:
    word, colour = STATUSES[one["status"]]
    amount = f" {t.money(one['amount'])}" if one["amount"] else ""
    return (
        one["line"],
        one["target"],
        f"{t(ACTIONS[one['action']])}{amount}",
        _place(one["was"], t),
        _place(one["will_be"], t),
        Tone(t(word), colour),
        t(REASONS[one["reason"]]) if one["reason"] in REASONS else one["reason"],
    )


def _place(one: Body | None, t: Reader) -> str:
    if one is None:
        return ""
    state = t.name(ReservationState(one["status"]))
    return f"{state}, {one['check_in']} +{one['nights']}, {one['room_type']}, {t.money(one['total'])}"


def _alone(body: Body, t: Reader) -> list[Block]:
    if not body["left_alone"]:
        return []
    counted = ", ".join(f"{kind}: {count}" for kind, count in body["left_alone"].items())
    return [Text(t(N_("Also written there, and left as it is: {counted}."), counted=counted))]


def _drafts(body: Body, t: Reader) -> list[Block]:
    rows = tuple((one["target"], one["draft"]) for one in body["steps"] if one["draft"])
    return [Heading(t(N_("Drafts for guests"))), Table(t.words(N_("Reservation"), N_("Text")), rows)] if rows else []


def _said(body: Body, t: Reader) -> list[Block]:
    if body.get("dry_run"):
        return [Text(t(N_("Nothing was written.")))]
    if body.get("replayed"):
        return [Text(t(N_("This rollback had been applied before; nothing was done now.")))]
    if body["state"] == "planned":
        return [Text(t(N_("Apply it: santral rollback apply {rollback_id}"), rollback_id=body["rollback_id"]))]
    return []


def listing(body: Body, t: Reader) -> Screen:
    """Many rollbacks."""
    rows = tuple(
        (
            one["rollback_id"], t(STATES[one["state"]]), one["scope"], one["target"], one["reservations"],
            _when(one["planned_at"], one, t), one["planned_by"], one["applied_by"], one["reason"],
        )
        for one in body["rollbacks"]
    )  # fmt: skip
    headers = t.words(
        N_("Rollback"), N_("State"), N_("Scope"), N_("Of"), N_("Reservations"), N_("Planned"), N_("By"),
        N_("Applied by"), N_("Reason"),
    )  # fmt: skip
    return [Table(headers, rows) if rows else Text(t(N_("There are no rollbacks.")))]
