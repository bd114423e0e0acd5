"""Care of a home's store, for the commands: results as bodies, checks with their hints in the reader's language."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from domain.access import Actor
from domain.errors import Refused
from integration.adapters.new_files import begin, drop, is_there, unwritable
from integration.adapters.store.audit_export import verify_export
from integration.adapters.store.audit_keeper import seal_of
from integration.adapters.store.care import copy_online
from integration.adapters.store.carers import care_of
from integration.adapters.store.inspection import Check, Inspection
from integration.ports.records import AuditReport
from integration.settings import Settings
from integration.usecases.desk import Desk
from integration.usecases.verify_audit import export_audit

Body = dict[str, Any]
Say = Callable[..., str]


def checks_body(checks: Iterable[Check], say: Say) -> Body:
    """`{"status": "ok" | "failed", "checks": [{"name", "status", "hint"}]}`."""
    shown = [
        {
            "name": one.name,
            "status": "ok" if one.is_ok else "failed",
            "hint": say(one.hint, **dict(one.params)) if one.hint else "",
        }
        for one in checks
    ]
    return {"status": "failed" if any(one["status"] == "failed" for one in shown) else "ok", "checks": shown}


def _rows(inspection: Inspection) -> int | None:
    return None if inspection.report is None else inspection.report.rows


def check_store(settings: Settings, say: Say) -> Body:
    """Look the store over. NotFound without one, ConfigurationError without the audit's key."""
    return checks_body(care_of(settings).look_over().checks, say)


def back_up_home(settings: Settings, target: Path, say: Say, *, force: bool, with_mock: bool) -> Body:
    """Back the store up; with the mock PMS, to `<target>.pms` beside it."""
    mock = target.with_name(f"{target.name}.pms")
    if with_mock and is_there(mock) and not force:
        raise Refused("{place} is there already.", place=str(mock), hint="--force writes it anew.")
    copied = care_of(settings).back_up(target, force=force)
    if with_mock:
        part = mock.with_name(f"{mock.name}.part")
        copy_online(settings.mock_path, part)
        part.replace(mock)
    found = checks_body(copied.inspection.checks, say)
    return {"file": str(copied.file), "rows": _rows(copied.inspection), **found}


def restore_home(settings: Settings, backup: Path, say: Say, *, force: bool) -> Body:
    """Put a backup in the store's place."""
    care = care_of(settings)
    restored = care.restore(backup, force=force)
    return {
        "file": care.name,
        "rows": _rows(restored.inspection),
        "lost": restored.lost,
        "kept": str(restored.kept) if restored.kept else None,
        **checks_body(restored.inspection.checks, say),
    }


def upgrade_home(settings: Settings) -> Body:
    """Bring the store to today's schema."""
    done = care_of(settings).upgrade()
    kept = str(done.kept) if done.kept else None
    return {"from": done.before, "to": done.after, "sealed": done.sealed, "kept": kept}


def verified_file(settings: Settings, file: Path) -> AuditReport:
    """Verify an export with the key of this home, or the one in the environment."""
    return verify_export(file, seal_of(settings).chain())


async def export_to(desk: Desk, actor: Actor, file: Path, *, force: bool) -> int:
    """Write an export, whole or not at all; the number of rows. Refused when the file is there, unless `force`.

    InvalidInput when it cannot be written as named.
    """
    if is_there(file) and not force:
        raise Refused("{place} is there already.", place=str(file), hint="--force writes it anew.")
    part, lines = begin(file), 0
    try:
        with part.open("w", encoding="utf-8", newline="\n") as out:
            async for some in export_audit(desk, actor):
                out.writelines(f"{line}\n" for line in some)
                lines += len(some)
        part.replace(file)
    except OSError as error:
        raise unwritable(file, error) from error
    finally:
        drop(part)
    return lines - 1
