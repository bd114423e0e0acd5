"""Who it is: what a handle proves, as data.

A handle (`domain.contact.Handle`) does one of four things, by its kind, by who vouches for it and by what sort of
telephone line it is. **Strong** ones recognise a guest and link: two strong handles of one contact are one person's.
**Alone** ones recognise a guest and link nobody: a house telephone, an OTA's relay address. **Weak** ones are what
somebody only says of himself; they are known again in a space of their own, where they can be mistaken for nothing
proven, and suggest a link that a person decides. What is **never** used says nothing: a switchboard, an address that
was typed by an agent. The first rule that fits decides; its code and sentence explain every link that is made.

Some identities exist once per person and scope (a WhatsApp user of one business, a profile in one PMS). Two people who
have different ones are two people, whatever number they share: a **conflict**, and no machine joins them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.contact import Handle, Vouching
from domain.guest import ChannelIdentity, IdentityKind


class Strength(StrEnum):
    """What a handle may do; see the module."""

    STRONG = "strong"
    ALONE = "alone"
    WEAK = "weak"
    NEVER = "never"


class LineKind(StrEnum):
    """What sort of line a number is: a person's mobile, a line of a house, one that many share (switchboards, 444 and
    0850 numbers, internet lines), or not known."""

    MOBILE = "mobile"
    FIXED = "fixed"
    SHARED = "shared"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LinkRule:
    """Handles of `kind` that one of `vouched_by` vouches for (None: anybody), on one of `lines` (None: any), are of
    this strength; `why` says it to people."""

    code: str
    kind: IdentityKind
    strength: Strength
    why: str
    vouched_by: tuple[Vouching, ...] | None = None
    lines: tuple[LineKind, ...] | None = None

    def fits(self, handle: Handle, line: LineKind) -> bool:
        """Whether the rule is about this handle."""
        return (
            handle.kind is self.kind
            and (self.vouched_by is None or handle.vouching in self.vouched_by)
            and (self.lines is None or line in self.lines)
        )


_PHONE, _EMAIL = IdentityKind.PHONE, IdentityKind.EMAIL
_SEEN, _CODED = (Vouching.NETWORK,), (Vouching.CODE,)
_UNSURE = LinkRule("unknown_evidence", _PHONE, Strength.NEVER, "Nobody vouches for it.")
LINK_RULES = (
    LinkRule("shared_line", _PHONE, Strength.NEVER, "A number that many people use.", lines=(LineKind.SHARED,)),
    LinkRule("number_confirmed", _PHONE, Strength.STRONG, "The guest sent a code back from it.", _CODED),
    LinkRule("house_line", _PHONE, Strength.ALONE, "A line of a house, not of a person.", _SEEN, (LineKind.FIXED,)),
    LinkRule("number_seen", _PHONE, Strength.STRONG, "The network showed the number.", _SEEN),
    LinkRule("number_in_pms", _PHONE, Strength.WEAK, "The hotel's records name it.", (Vouching.PMS,)),
    LinkRule("number_said", _PHONE, Strength.WEAK, "Somebody says it is theirs.", (Vouching.CLAIMED, Vouching.TYPED)),
    LinkRule(
        "mail_proven", _EMAIL, Strength.STRONG, "A signed mail or a code proves it.", (Vouching.SIGNED_MAIL, *_CODED)
    ),
    LinkRule("mail_typed", _EMAIL, Strength.NEVER, "It was typed by an agent.", (Vouching.TYPED,)),
    LinkRule("mail_said", _EMAIL, Strength.WEAK, "Anybody can write under this address."),
    LinkRule("relay_address", IdentityKind.OTA_RELAY, Strength.ALONE, "A travel site's relay, not the guest's own."),
    LinkRule("whatsapp_user", IdentityKind.WHATSAPP_USER, Strength.STRONG, "WhatsApp vouches for the user.", _SEEN),
    LinkRule("instagram_user", IdentityKind.INSTAGRAM_USER, Strength.STRONG, "Instagram vouches for the user.", _SEEN),
    LinkRule("pms_profile", IdentityKind.PMS_PROFILE, Strength.STRONG, "The PMS's own number.", (*_SEEN, Vouching.PMS)),
    LinkRule("ota_booking", IdentityKind.OTA_RESERVATION, Strength.STRONG, "A booking at the travel site.", _SEEN),
    LinkRule("web_visitor", IdentityKind.WEB_VISITOR, Strength.ALONE, "A browser, which people share."),
)
EXCLUSIVE = frozenset({IdentityKind.WHATSAPP_USER, IdentityKind.INSTAGRAM_USER, IdentityKind.PMS_PROFILE})
SAID = "said"
_TRUST = {
    Vouching.CODE: 6,
    Vouching.NETWORK: 5,
    Vouching.PMS: 4,
    Vouching.SIGNED_MAIL: 3,
    Vouching.CLAIMED: 2,
    Vouching.TYPED: 1,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A handle and what the rules say of it."""

    handle: Handle
    rule: LinkRule

    @property
    def identity(self) -> ChannelIdentity:
        """What it is known by: what is only said has a space of its own."""
        plain = self.handle.identity
        if self.rule.strength is not Strength.WEAK:
            return plain
        return ChannelIdentity(plain.kind, plain.value, f"{SAID}:{plain.scope}")


def weigh(handle: Handle, line: LineKind = LineKind.UNKNOWN, rules: Iterable[LinkRule] = LINK_RULES) -> Evidence:
    """What a handle is worth. `line`: of a telephone number."""
    return Evidence(handle, next((rule for rule in rules if rule.fits(handle, line)), _UNSURE))


def best_first(evidence: Iterable[Evidence]) -> list[Evidence]:
    """What can be used: strong, then alone, then weak; of these first what only one person can have, then in the order
    the provider gave. The first one is who it is taken for, so that the same handles always mean the same guest."""
    order = {Strength.STRONG: 0, Strength.ALONE: 1, Strength.WEAK: 2}
    usable = [one for one in evidence if one.rule.strength in order]
    return sorted(usable, key=lambda one: (order[one.rule.strength], one.handle.kind not in EXCLUSIVE))


def conflicts(
    some: Iterable[ChannelIdentity], others: Iterable[ChannelIdentity]
) -> tuple[tuple[ChannelIdentity, ChannelIdentity], ...]:
    """Pairs of identities that two files of one person cannot both have."""
    theirs: Mapping[tuple[IdentityKind, str], list[ChannelIdentity]] = _by_place(others)
    ours = _by_place(some)
    return tuple(
        (one, found[0])
        for place, mine in ours.items()
        if (found := theirs.get(place)) and not set(mine) & set(found)
        for one in mine[:1]
    )


def _by_place(identities: Iterable[ChannelIdentity]) -> dict[tuple[IdentityKind, str], list[ChannelIdentity]]:
    places: dict[tuple[IdentityKind, str], list[ChannelIdentity]] = {}
    for one in identities:
        if one.kind in EXCLUSIVE:
            places.setdefault((one.kind, one.scope), []).append(one)
    return places


def surer(one: Vouching, other: Vouching) -> Vouching:
    """Of two that vouch for an identity, the one to rely on."""
    return one if _TRUST[one] >= _TRUST[other] else other
