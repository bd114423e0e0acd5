"""Who may do what, and what they may see.

Three roles: `operator` sells, `supervisor` also extends, merges guests, says who is at the desk, approves targets, sees
in clear and reads the audit, `admin` also manages users and the PMS. The table below is the whole of it. An operator
sees telephone, e-mail and name masked until a reasoned reveal, which leaves a trace. Masks have a fixed length, so they
do not leak how long a name is.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import Forbidden


class Role(StrEnum):
    """The three roles."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Permission(StrEnum):
    """What can be allowed."""

    SELL = "sell"
    READ = "read"
    REVEAL = "reveal"
    EXTEND = "extend"
    SEE_CLEAR = "see_clear"
    AUDIT = "audit"
    RECONCILE = "reconcile"
    ROLLBACK = "rollback"
    MERGE = "merge"
    STAFF = "staff"
    CALIBRATE = "calibrate"
    ADMINISTER = "administer"


_SELLER = frozenset({Permission.SELL, Permission.READ, Permission.REVEAL})
RIGHTS: dict[Role, frozenset[Permission]] = {
    Role.OPERATOR: _SELLER,
    Role.SUPERVISOR: _SELLER
    | {Permission.EXTEND, Permission.SEE_CLEAR, Permission.AUDIT, Permission.RECONCILE, Permission.ROLLBACK}
    | {Permission.MERGE, Permission.STAFF, Permission.CALIBRATE},
    Role.ADMIN: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a name (agent number, never a guest), a role, and the way in (`cli`, `http`, `import`, `sweep`).

    `batch`: the import or run that what is done belongs to; it can be undone as a whole.
    """

    name: str
    role: Role
    via: str = "cli"
    batch: str | None = None

    def may(self, permission: Permission) -> bool:
        """Whether the role allows it."""
        return permission in RIGHTS[self.role]

    def require(self, permission: Permission) -> None:
        """Forbidden unless the role allows it."""
        if not self.may(permission):
            raise Forbidden(
                "The role {role} may not do this ({permission}).", role=self.role.value, permission=permission.value
            )


_CALLING_CODES = ("90", "49", "44", "31", "48", "380", "7", "1")
_SHORTEST_PHONE = 6


def mask_phone(e164: str) -> str:
    """`+905321112233` -> `+90 5** *** ** 33`: country, first digit, last two; fixed length otherwise."""
    digits = e164.removeprefix("+")
    if len(digits) < _SHORTEST_PHONE or not digits.isdigit():
        return "***"
    country = next((code for code in _CALLING_CODES if digits.startswith(code)), digits[:2])
    return f"+{country} {digits[len(country)]}** *** ** {digits[-2:]}"


def mask_id(value: str) -> str:
    """`TR.1234567890` -> `***90`: a provider's id of a person, the last two characters; fixed length."""
    return f"***{value[-2:]}"


def mask_email(email: str) -> str:
    """`anna@gmail.com` -> `a***@g***.com`."""
    local, _, domain = email.partition("@")
    name, _, top = domain.rpartition(".")
    return f"{local[:1]}***@{name[:1]}***.{top}"


def mask_name(name: str) -> str:
    """`Ayşe Yılmaz` -> `A*** Y***`; first letters upper-cased the Turkish way for i."""
    name = unicodedata.normalize("NFC", name)
    return " ".join(f"{'İ' if part[0] == 'i' else part[0].upper()[:1]}***" for part in name.split())
