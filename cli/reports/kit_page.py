"""The kit's own page: every document with its files, in a browser, without a network."""

from collections.abc import Sequence

from cli.reports.kit_parts import Sheet
from cli.reports.page import cell, element, page, paragraph, table, text


def kit_page(
    title: str, intro: str, headers: Sequence[str], sheets: Sequence[tuple[Sheet, Sequence[str]]],
    whole: tuple[str, str] | None, foot: str, language: str,
) -> bytes:  # fmt: skip
    """The page. `sheets`: each with the names of its files; `whole`: name of the file that holds all and what to call
    it, None when only some were written."""
    rows = [
        element("tr", cell(one.title) + element("td", " · ".join(_link(name) for name in names)) + cell(one.intro))
        for one, names in sheets
    ]
    above = element("p", _link(*whole)) if whole else ""
    body = "\n".join(
        (element("h1", text(title)), paragraph(intro), above, table(headers, rows), paragraph(foot, "soft"))
    )
    return page(title, language, body).encode()


def _link(name: str, called: str = "") -> str:
    return element("a", text(called or name.rpartition(".")[2].upper()), href=name)
