"""A verdict as JUnit XML, which every build server reads: one suite a section, one case a check.

`at_risk` passes with its story in `system-out`, unless the run was strict; what could not be looked at is an error, as
the verdict is; `waived` is skipped. One more case, `verdict`, is red exactly when the command's exit code is 7.
"""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from loadtests.checks import Check, Section
from loadtests.words import CheckStatus, Verdict

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
RED = {CheckStatus.FAIL: "failure", CheckStatus.INVALID: "error", CheckStatus.SKIPPED: "error"}


def junit(
    name: str, checks: Sequence[Check], verdict: Verdict, why: str, *, is_strict: bool = False, wall_s: float = 0.0
) -> bytes:
    """The file, UTF-8. `name`: of the scenario; `why`: the sentence behind the verdict, in any language."""
    root = Element("testsuites", name=clean(f"santral {name}"), time=f"{wall_s:.3f}")
    for section in Section:
        found = [one for one in checks if one.section is section]
        if found:
            _suite(root, name, section, found, is_strict=is_strict)
    suite = SubElement(root, "testsuite", name="verdict")
    case = SubElement(suite, "testcase", classname=clean(f"santral.{name}"), name="verdict", time="0")
    kind = {Verdict.PASS: "", Verdict.FAIL: "failure", Verdict.INVALID: "error"}[verdict]
    if kind:
        SubElement(case, kind, message=clean(f"{verdict}: {why}"), type=verdict.value)
    _count(suite)
    _total(root)
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def clean(text: str) -> str:
    """Text without the characters that XML cannot hold, not even escaped."""
    return _FORBIDDEN.sub("\ufffd", text)


def _suite(root: Element, name: str, section: Section, checks: Sequence[Check], *, is_strict: bool) -> None:
    suite = SubElement(root, "testsuite", name=section.value)
    for one in checks:
        told = f"target {one.target}; measured {one.measured}"
        case = SubElement(
            suite, "testcase", classname=clean(f"santral.{name}.{section}"), name=clean(one.name), time="0"
        )
        kind = "failure" if is_strict and one.status is CheckStatus.AT_RISK else RED.get(one.status, "")
        if kind:
            SubElement(case, kind, message=clean(told), type=one.status.value).text = clean(one.evidence)
            continue
        if one.status is CheckStatus.WAIVED:
            SubElement(case, "skipped", message=clean(f"waived: {one.evidence}"))
        mark = "AT RISK: " if one.status is CheckStatus.AT_RISK else ""
        SubElement(case, "system-out").text = clean(f"{mark}{told}; {one.evidence}")
    _count(suite)


def _count(suite: Element) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for key, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(len(suite.findall(f"testcase/{kind}"))))


def _total(root: Element) -> None:
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(one.get(key, "0")) for one in root.findall("testsuite"))))
