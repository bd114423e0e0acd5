"""Somebody else's service as the target: where load may be sent at all, with whose tokens, and what may be waived.

Load on a service that nobody agreed to is an attack. So a target is this machine, or a host whose name was written down
beforehand: in SANTRAL_LOAD_TARGETS (names, parted by commas) or with `--allow`. Nothing is started or killed there, and
its PMS is not ours to look into: what cannot be checked is skipped, and skipped is never a pass, unless a person waives
it by name and says why.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from cli.screens.load_words import CHECKS, SECTIONS
from domain.errors import InvalidInput, Refused
from loadtests.checks import Check
from loadtests.words import CheckStatus

TARGETS = "SANTRAL_LOAD_TARGETS"
ROLES = ("operator", "supervisor", "admin")
_DERIVED = re.compile(r"recovery_\d+_\w+|(?:availability|booking|webhook)_p\d+_busiest")
Tokens = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Target:
    """A service that runs already. `hook_secret`: what its hooks are signed with; empty: no webhooks are sent. `hooks`:
    their names by hotel and channel."""

    url: str
    tokens: Tokens = field(repr=False)
    hook_secret: str = field(default="", repr=False)
    hooks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waiver:
    """A check that a person answers for."""

    check: str
    reason: str
    by: str


def target_of(url: str, token_file: Path | None, allowed: Iterable[str]) -> Target:
    """A target. InvalidInput for an address or a file that cannot be used, Refused for a host nobody allowed."""
    host = _host_of(url)
    if not is_allowed(host, allowed):
        raise Refused(
            "Load may not be sent to {host}: nobody has allowed it.", host=host,
            hint="--allow HOST allows it for this run, SANTRAL_LOAD_TARGETS on this machine.", field="target",
        )  # fmt: skip
    if token_file is None:
        raise InvalidInput("--target needs --token-file with tokens of its users.", field="token_file")
    content = _content(token_file)
    hooks = content.get("hooks")
    return Target(
        url.rstrip("/"), _tokens(content, token_file), str(content.get("hook_secret", "")),
        hooks if isinstance(hooks, dict) else {},
    )  # fmt: skip


def _host_of(url: str) -> str:
    """The host of a plain address: no name and password in it, which would end up in reports."""
    try:
        parts = urlsplit(url)
        is_plain = not (parts.query or parts.fragment or "@" in parts.netloc) and parts.port != 0
    except ValueError:
        parts, is_plain = urlsplit(""), False
    if not is_plain or parts.scheme not in {"http", "https"} or not parts.hostname:
        said = url.rpartition("@")[2][:80]
        raise InvalidInput("{url} is not an address such as http://127.0.0.1:8700.", url=said, field="target")
    return parts.hostname


def is_allowed(host: str, allowed: Iterable[str]) -> bool:
    """Whether load may be sent there: this machine always, any other by its exact name."""
    try:
        is_here = ip_address(host).is_loopback
    except ValueError:
        is_here = host.lower() == "localhost"
    return is_here or host.lower() in {one.strip().lower() for one in allowed if one.strip()}


def waived(checks: Iterable[Check], waivers: Sequence[Waiver]) -> list[Check]:
    """The checks with what was waived marked so, by their names or that of their section. Only what was skipped can be
    waived: a failure stands."""
    by_name = {one.check: one for one in waivers}
    found = []
    for check in checks:
        waiver = by_name.get(check.name) or by_name.get(check.section.value)
        if waiver is not None and check.status is CheckStatus.SKIPPED:
            told = f"{waiver.by}: {waiver.reason}"
            found.append(replace(check, status=CheckStatus.WAIVED, evidence=f"{check.evidence} ({told})".strip()))
        else:
            found.append(check)
    return found


def check_options(url: str, *, token_file: Path | None, allow: Sequence[str] | None, database: str) -> None:
    """InvalidInput for an option that would do nothing: one of a target without a target, or a store of the run's own
    beside one."""
    lonely = (("--token-file", token_file), ("--allow", allow))
    option = next((name for name, value in lonely if value and not url), None)
    if option is not None:
        raise InvalidInput("{option} belongs to {other}.", option=option, other="--target", field=option.lstrip("-"))
    if url and database != "auto":
        raise InvalidInput("Give {one} or {other}, not both.", one="--target", other="--database", field="database")


def waivers_of(names: Sequence[str], reason: str, by: str) -> tuple[Waiver, ...]:
    """Waivers as typed; InvalidInput without a reason and a name, for a name that is no check's, and for a reason or a
    name without a waiver."""
    if not names and (reason or by):
        option = "--reason" if reason else "--by"
        raise InvalidInput("{option} belongs to {other}.", option=option, other="--waive", field="waive")
    if names and not (reason.strip() and by.strip()):
        raise InvalidInput("A waiver needs --reason and --by.", field="waive")
    strange = next((one for one in names if not is_check(one)), None)
    if strange is not None:
        raise InvalidInput("There is no check {name}.", name=strange[:80], hint=", ".join((*SECTIONS, *CHECKS)),
                           field="waive")  # fmt: skip
    return tuple(Waiver(name, reason.strip(), by.strip()) for name in names)


def is_check(name: str) -> bool:
    """Whether a verdict can have a check or a section of this name; recoveries and busiest stretches have their own."""
    return name in SECTIONS or name in CHECKS or bool(_DERIVED.fullmatch(name))


def _content(path: Path) -> dict[str, object]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidInput("{place} cannot be read as JSON.", place=str(path), field="token_file") from error
    return content if isinstance(content, dict) else {}


def _tokens(content: Mapping[str, object], path: Path) -> Tokens:
    found: dict[str, Sequence[str]] = {}
    for role in ROLES:
        value = content.get(role)
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise InvalidInput(
                "{place} needs a list of tokens for {role}.", place=str(path), role=role, field="token_file"
            )
        found[role] = tuple(value)
    if not found["operator"]:
        raise InvalidInput(
            "{place} needs a list of tokens for {role}.", place=str(path), role="operator", field="token_file"
        )
    return found
