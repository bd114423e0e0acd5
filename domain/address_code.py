"""A code that proves an address: six digits sent there, and read back by the guest.

A number or address that an agent typed is nobody's word but the agent's, so nothing of a stay may be sent to it. A code
that was sent there and read back on the telephone shows that whoever is on the line can read what arrives. A code
lives ten minutes, is dead AT its instant, takes five tries and works once; the newest code of an address replaces the
older ones. An address gets three codes an hour: nobody is pestered, and whoever guesses for an hour is right once in
66,000 times.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import CodeExpired, TooManyCodes
from domain.guest import ChannelIdentity, GuestId, IdentityKind

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
MOST_TRIES = 5
MOST_CODES, CODES_WITHIN = 3, timedelta(hours=1)
CODE_READ_BACK = "code_read_back"


class CodeState(StrEnum):
    """`sent`: waits to be read back; `used`: it was; `replaced`: a newer one was sent; `spent`: too many wrong ones."""

    SENT = "sent"
    USED = "used"
    REPLACED = "replaced"
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class AddressCode:
    """One code for one address. `code_id`: of the message that brings it; the digits themselves are not kept."""

    kind: IdentityKind
    scope: str
    value: str
    code_id: str
    guest_id: GuestId
    state: CodeState
    created_at: datetime
    expires_at: datetime
    tries: int = 0

    @property
    def identity(self) -> ChannelIdentity:
        """The address."""
        return ChannelIdentity(self.kind, self.value, self.scope)

    def is_live(self, now: datetime) -> bool:
        """Whether it can still be read back."""
        return self.state is CodeState.SENT and now < self.expires_at

    def missed(self) -> "AddressCode":
        """After a wrong try."""
        tries = self.tries + 1
        return replace(self, tries=tries, state=CodeState.SPENT if tries >= MOST_TRIES else self.state)

    @property
    def tries_left(self) -> int:
        """Wrong ones it still takes."""
        return max(MOST_TRIES - self.tries, 0)


def check_may_send(known: Iterable[AddressCode], now: datetime) -> None:
    """TooManyCodes when the address has had its codes of the last hour. `known`: its codes, in any order."""
    recent = sorted(one.created_at for one in known if one.created_at > now - CODES_WITHIN)
    if len(recent) < MOST_CODES:
        return
    wait = recent[-MOST_CODES] + CODES_WITHIN - now
    raise TooManyCodes(
        "This address has had {most} codes within the hour; the next one in {minutes} min.",
        most=MOST_CODES,
        minutes=int(-(-wait.total_seconds() // 60)),
    )


def live_code(known: Iterable[AddressCode], files: Container[GuestId], now: datetime) -> AddressCode:
    """The code of an address that one of a person's guest files can read back; CodeExpired when there is none."""
    found = [one for one in known if one.guest_id in files and one.is_live(now)]
    if not found:
        raise CodeExpired("No code for this address can be read back now.", hint="Send a new one.", field="code")
    return max(found, key=lambda one: (one.created_at, one.code_id))
