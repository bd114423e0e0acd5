"""What a handle proves, and who cannot be one person."""

import pytest

from domain.contact import Handle, Vouching
from domain.guest import ChannelIdentity, IdentityKind
from domain.identity import LINK_RULES, LineKind, Strength, best_first, conflicts, surer, weigh

PHONE, MAIL = IdentityKind.PHONE, IdentityKind.EMAIL


@pytest.mark.parametrize(
    ("kind", "vouching", "line", "strength"),
    [
        (PHONE, Vouching.NETWORK, LineKind.MOBILE, Strength.STRONG),
        (PHONE, Vouching.NETWORK, LineKind.UNKNOWN, Strength.STRONG),
        (PHONE, Vouching.NETWORK, LineKind.FIXED, Strength.ALONE),
        (PHONE, Vouching.NETWORK, LineKind.SHARED, Strength.NEVER),
        (PHONE, Vouching.CODE, LineKind.FIXED, Strength.STRONG),
        (PHONE, Vouching.CLAIMED, LineKind.MOBILE, Strength.WEAK),
        (PHONE, Vouching.TYPED, LineKind.MOBILE, Strength.WEAK),
        (MAIL, Vouching.SIGNED_MAIL, LineKind.UNKNOWN, Strength.STRONG),
        (MAIL, Vouching.CODE, LineKind.UNKNOWN, Strength.STRONG),
        (MAIL, Vouching.CLAIMED, LineKind.UNKNOWN, Strength.WEAK),
        (MAIL, Vouching.TYPED, LineKind.UNKNOWN, Strength.NEVER),
        (IdentityKind.OTA_RELAY, Vouching.NETWORK, LineKind.UNKNOWN, Strength.ALONE),
        (IdentityKind.OTA_RESERVATION, Vouching.NETWORK, LineKind.UNKNOWN, Strength.STRONG),
        (IdentityKind.WHATSAPP_USER, Vouching.NETWORK, LineKind.UNKNOWN, Strength.STRONG),
        (IdentityKind.WHATSAPP_USER, Vouching.CLAIMED, LineKind.UNKNOWN, Strength.NEVER),
        (IdentityKind.INSTAGRAM_USER, Vouching.NETWORK, LineKind.UNKNOWN, Strength.STRONG),
        (IdentityKind.PMS_PROFILE, Vouching.PMS, LineKind.UNKNOWN, Strength.STRONG),
        (IdentityKind.WEB_VISITOR, Vouching.CLAIMED, LineKind.UNKNOWN, Strength.ALONE),
    ],
)
def test_what_a_handle_may_do_is_read_from_the_rules(
    kind: IdentityKind, vouching: Vouching, line: LineKind, strength: Strength
):
    assert weigh(Handle(kind, "x", "", vouching), line).rule.strength is strength


def test_every_kind_of_identity_has_a_rule_and_every_rule_a_code_of_its_own_and_a_reason():
    assert {rule.kind for rule in LINK_RULES} == set(IdentityKind)
    assert len({rule.code for rule in LINK_RULES}) == len(LINK_RULES)
    assert all(rule.why.endswith(".") for rule in LINK_RULES)


def test_what_is_only_said_can_be_mistaken_for_nothing_proven():
    said = weigh(Handle(MAIL, "anna@example.com", "", Vouching.CLAIMED))
    proven = weigh(Handle(MAIL, "anna@example.com", "", Vouching.SIGNED_MAIL))
    assert said.identity != proven.identity == said.handle.identity


def test_the_best_handle_is_the_same_in_whatever_order_they_are_told():
    user = Handle(IdentityKind.WHATSAPP_USER, "TR.1", "p")
    phone, typed = Handle(PHONE, "+905320000001"), Handle(MAIL, "a@example.com", "", Vouching.TYPED)
    for told in ((user, phone, typed), (typed, phone, user), (phone, typed, user)):
        assert [one.handle for one in best_first(map(weigh, told))] == [user, phone]


def test_different_users_of_one_business_are_two_people_and_two_numbers_are_not():
    def user(value: str, scope: str = "p") -> ChannelIdentity:
        return ChannelIdentity(IdentityKind.WHATSAPP_USER, value, scope)

    assert conflicts([user("TR.1")], [user("TR.2")]) == ((user("TR.1"), user("TR.2")),)
    assert conflicts([user("TR.1")], [user("TR.2", "another business")]) == ()
    assert conflicts([ChannelIdentity(PHONE, "+905320000001")], [ChannelIdentity(PHONE, "+905320000002")]) == ()
    assert conflicts([user("TR.1"), user("TR.2")], [user("TR.2")]) == ()


def test_of_two_that_vouch_the_surer_one_counts():
    assert surer(Vouching.CLAIMED, Vouching.NETWORK) is Vouching.NETWORK
    assert surer(Vouching.CODE, Vouching.NETWORK) is Vouching.CODE
