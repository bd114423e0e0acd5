"""Whether a mail is from the address it says: the word of our own mail server, and of nobody else.

Our server writes what it found into `Authentication-Results` (RFC 8601), under its own name. Anybody can write such a
header too, so only the topmost one under our server's name counts, and a server must be set to remove those that come
from outside under its name (RFC 8601, section 5). `dmarc=pass` vouches for the address's domain; `dkim=pass` does when
the signing domain is that domain or one above it. Where nothing is configured, every address is a claim.
"""

import re
from email.message import Message

from integration.adapters.channels.mail_headers import every

_COMMENT = re.compile(r"\([^()]*\)")
_SIGNER = re.compile(r"\bheader\.(?:d|i)\s*=\s*\"?@?([a-z0-9.-]+)", re.IGNORECASE)
_FROM = re.compile(r"\bheader\.from\s*=\s*\"?(?:[^@\s;]*@)?([a-z0-9.-]+)", re.IGNORECASE)
_LEAST_LABELS = 2


def is_vouched(mail: Message, authserv_id: str, sender: str) -> bool:
    """Whether our mail server vouches for the domain of `sender`."""
    domain = sender.rpartition("@")[2].lower().rstrip(".")
    results = _results(mail, authserv_id) if authserv_id and domain else ""
    return any(_proves(one.strip(), domain) for one in results.split(";")[1:])


def _results(mail: Message, authserv_id: str) -> str:
    """The topmost header under our server's name."""
    for header in every(mail, "authentication-results"):
        plain = _COMMENT.sub(" ", header)
        name = plain.partition(";")[0].split()
        if name and name[0].lower() == authserv_id.lower():
            return plain
    return ""


def _proves(result: str, domain: str) -> bool:
    method = result.replace(" =", "=").replace("= ", "=").lower()
    if method.startswith("dmarc=pass"):
        found = _FROM.search(result)
        return found is None or _is_at_or_above(found[1].lower(), domain)
    if not method.startswith("dkim=pass"):
        return False
    signer = _SIGNER.search(result)
    return signer is not None and _is_at_or_above(signer[1].lower(), domain)


def _is_at_or_above(one: str, domain: str) -> bool:
    """`hotel.example` is at or above `mail.hotel.example`; a top level alone is above nobody."""
    one = one.strip(".")
    return one.count(".") >= _LEAST_LABELS - 1 and (domain == one or domain.endswith(f".{one}"))
