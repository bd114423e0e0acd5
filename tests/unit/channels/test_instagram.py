"""Instagram: what was written, unsent, liked and seen; echoes of our own; times in three spellings."""

from datetime import UTC, datetime

from domain.contact import Handle, Sender
from domain.guest import IdentityKind
from integration.ports.channels import Arrival, ArrivalKind, SignatureFault, Unbelieved
from tests.unit.channels.posting import INSTAGRAM, arrivals, delivery, fixture, from_graph, only

GUEST = Handle(IdentityKind.INSTAGRAM_USER, "6745230001112223", "17841400000000001")


def found() -> tuple[Arrival, ...]:
    return arrivals(INSTAGRAM.receive(from_graph(fixture("instagram/messages.json"))))


def test_what_came_is_told_by_its_kind() -> None:
    assert [one.kind.value for one in found()] == [
        *("message", "message", "message", "message", "message", "message", "message_deleted", "message", "message"),
        *("reaction", "reaction", "receipt", "message_edited", "other"),
    ]


def test_every_event_has_its_own_number_and_the_same_one_the_next_time() -> None:
    numbers = [one.provider_id for one in found()]
    assert len(set(numbers)) == len(numbers)
    assert [one.provider_id for one in found()] == numbers


def test_what_we_wrote_comes_back_as_ours_and_belongs_to_the_guest() -> None:
    echo = found()[7]
    assert (echo.sender, echo.handles, echo.provider_id) == (Sender.AGENT, (GUEST,), "aWdfOURS")
    assert echo.facts["app_id"] == "1234567890"


def test_an_unsent_message_is_about_the_message_and_carries_no_text() -> None:
    gone = found()[6]
    assert (gone.about, gone.text, gone.provider_id) == ("aWdfMSEt1", "", "aWdfMSEt1:deleted")


def test_stories_answers_and_choices_are_facts() -> None:
    story, mention, unsupported, answer = found()[2:6]
    assert story.facts["story_id"] == "st1"
    assert mention.attachments[0].name == "story_mention"
    assert (unsupported.attachments[0].kind, unsupported.facts["type"]) == ("unknown", "unsupported")
    assert (answer.about, answer.facts["choice"]) == ("aWdfOURS", "YES")


def test_seconds_milliseconds_and_iso_are_the_same_instant() -> None:
    times = [one.at for one in found()[:3]]
    assert times == [datetime(2026, 7, 10, 11, 5, second, 123000 * (second == 0), tzinfo=UTC) for second in (0, 1, 2)]


def test_reactions_and_receipts_are_about_our_message() -> None:
    liked, withdrawn, seen, edited = found()[9:13]
    assert (liked.text, liked.about) == ("❤️", "aWdfOURS")
    assert withdrawn.facts["withdrawn"] == "yes"
    assert (seen.facts["status"], seen.about) == ("read", "aWdfOURS")
    assert (edited.text, edited.about) == ("Hayır", "aWdfMSEt6")


def test_a_conversation_that_another_app_holds_is_read_too() -> None:
    body = fixture("instagram/messages.json").replace(b'"messaging"', b'"standby"')
    assert [one.provider_id for one in arrivals(INSTAGRAM.receive(from_graph(body)))] == [
        one.provider_id for one in found()
    ]


def test_the_test_buttons_shape_is_a_message_and_a_comment_is_not() -> None:
    assert only(INSTAGRAM.receive(from_graph(fixture("instagram/test_button.json")))).text == "random_text"
    assert only(INSTAGRAM.receive(from_graph(fixture("instagram/comment.json")))).kind is ArrivalKind.OTHER


def test_an_unsigned_body_is_not_believed() -> None:
    body = fixture("instagram/messages.json")
    assert INSTAGRAM.receive(delivery(body)) == Unbelieved(SignatureFault.MISSING)
    assert INSTAGRAM.receive(from_graph(body, "another secret")) == Unbelieved(SignatureFault.WRONG)
