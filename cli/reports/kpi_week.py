"""The weekly sheet: one page as HTML that works offline and as PDF, score cards and season behind it.

Both are made of the week's body (`integration.usecases.kpi_weekly`) by the same words. The same body gives the same
bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cli.reports import page, plot_kpi
from cli.reports.kpi_plan_words import plan_headers, plan_rows, plan_said
from cli.reports.kpi_week_actions import action_words
from cli.reports.kpi_week_words import WeekWords
from cli.reports.pdf import Cell, Document
from cli.reports.pictures import our_look, png_of, svg_of
from cli.screens.reader import Reader
from integration.usecases.marks import N_

Body = dict[str, Any]
NONE_LOST = N_("No lead was lost.")
PARETO = N_("Bars of lost leads by reason, and the share they make up together.")
NOTHING_TO_DO = N_("No rule found anything to do.")
MOVES, REASONS, ACTIONS = N_("What moved"), N_("Why leads were lost"), N_("Three things to do")
CARDS, SEASON = N_("Score cards"), N_("Beside the season as planned")
SHEET = """
#reasons figure{max-width:38rem}
h2{margin-top:1.6rem}
@page{size:A4}
@media print{body{font-size:8pt;line-height:1.3}h1{font-size:15pt}h2{font-size:11pt;margin:.9rem 0 .2rem}
ul.headlines,.section{margin:.3rem 0}ul.headlines li{padding:.1rem .5rem;margin:.15rem 0}
table{font-size:7.5pt;margin:.2rem 0;width:100%}th,td{padding:.1rem .45rem .1rem 0}.wide{overflow:visible}
#reasons figure{max-width:10cm}#reasons .wide{display:none}#cards,#season{break-before:page}}
"""
NUMBERS = (1, 3, 5, 7)
TONE_CLASSES = {"good": "pass", "bad": "fail", "risk": "at_risk", "soft": "soft"}
NAME, FIGURE, CHANGE, ROW_MM = 2.8, 1.3, 1.5, 4.2
# Letters as large as fit one page; the last ones whether they do or not.
SCALES = (0.84, 0.76, 0.68, 0.6, 0.52)


@dataclass(frozen=True, slots=True)
class WeekSheet:
    """Both files."""

    html: bytes
    pdf: bytes


def week_sheet(body: Body, reader: Reader, *, with_cards: bool) -> WeekSheet:
    """Write both; `body["plan"]` may be missing."""
    words = WeekWords(body, reader)
    with our_look():
        pareto = plot_kpi.pareto(body["lost_reasons"], words.w) if body["lost_reasons"] else None
        bands = plot_kpi.bands(body["plan"], words.w) if body.get("plan") else None
        svgs = [svg_of(one, name) if one else "" for one, name in ((pareto, "pareto"), (bands, "bands"))]
        pngs = [png_of(one) if one else b"" for one in (pareto, bands)]
    html = _html(words, svgs, with_cards=with_cards)
    return WeekSheet(html.encode("utf-8"), _pdf(words, pngs, with_cards=with_cards))


def _html(words: WeekWords, svgs: Sequence[str], *, with_cards: bool) -> str:
    t = words.t
    head = "\n".join(
        (
            page.element("h1", page.text(words.title())),
            page.paragraph(words.subtitle(), "soft"),
            _list(words.headlines()),
        )
    )
    actions = [f"{place}. {title}: {said}" for place, (title, said) in enumerate(action_words(words), 1)]
    parts = [
        page.section(
            "todo", t(ACTIONS), _list([(one, "") for one in actions]) if actions else _empty(t(NOTHING_TO_DO))
        ),
        page.section(
            "moves", t(MOVES), page.table(words.move_headers(), _rows(words.move_rows(), NUMBERS), numbers=NUMBERS)
        ),
        page.section("reasons", t(REASONS), *_reasons_html(words, svgs[0])),
    ]
    if with_cards and words.body["cards"]:
        parts.append(page.section("cards", t(CARDS), *_cards_html(words)))
    if svgs[1]:
        parts.append(page.section("season", t(SEASON), *_season_html(words, svgs[1])))
    foot = "\n".join(page.paragraph(one, "soft") for one in words.small_print())
    body = f"{page.element('header', head)}\n<main>\n{chr(10).join(parts)}\n{foot}\n</main>"
    return page.page(words.title(), words.w.language, body).replace("</style>", f"{SHEET}</style>", 1)


def _reasons_html(words: WeekWords, svg: str) -> tuple[str, ...]:
    if not svg:
        return (_empty(words.t(NONE_LOST)),)
    table = page.table(words.reason_headers(), _rows(words.reason_rows(), (1, 2, 3, 4)), numbers=(1, 2, 3, 4))
    return page.picture(svg, words.t(PARETO), ""), table


def _cards_html(words: WeekWords) -> list[str]:
    return [
        page.element("h3", page.text(card["agent"]))
        + page.table(words.card_headers(), _rows(words.card_rows(card), (1, 3, 4)), numbers=(1, 3, 4))
        for card in words.body["cards"]
    ]


def _season_html(words: WeekWords, svg: str) -> tuple[str, ...]:
    return (
        page.paragraph(plan_said(words)),
        page.picture(svg, words.t(N_("Days of the week beside the bands of the simulated season.")), ""),
        page.table(plan_headers(words), _rows(plan_rows(words), ())),
    )


def _rows(rows: Sequence[Sequence[Cell]], numbers: Sequence[int]) -> list[str]:
    return [
        page.element("tr", "".join(_cell(one, is_number=place in numbers) for place, one in enumerate(row)))
        for row in rows
    ]


def _cell(one: Cell, *, is_number: bool) -> str:
    classes = " ".join(filter(None, (TONE_CLASSES.get(one.tone, ""), "n" if is_number else "")))
    return page.cell(one.text, classes)


def _list(items: Sequence[tuple[str, str]]) -> str:
    lines = "\n".join(page.element("li", page.text(said), class_=TONE_CLASSES.get(tone, "")) for said, tone in items)
    return page.element("ul", f"\n{lines}\n", class_="headlines")


def _empty(said: str) -> str:
    return page.paragraph(said, "empty")


def _pdf(words: WeekWords, pngs: Sequence[bytes], *, with_cards: bool) -> bytes:
    t, sheet = words.t, _front(words, pngs[0], SCALES[0])
    for scale in SCALES[1:]:
        if sheet.pages > 1:
            sheet.drop()
            sheet = _front(words, pngs[0], scale)
    if with_cards and words.body["cards"]:
        _cards_pdf(sheet, words)
    if pngs[1]:
        sheet.new_page()
        sheet.heading(t(SEASON), 2)
        sheet.paragraph(plan_said(words))
        sheet.picture(pngs[1], alt=t(N_("Days of the week beside the bands of the simulated season.")))
        sheet.table(plan_headers(words), plan_rows(words), widths=(1.5, 1, 4))
    return sheet.to_bytes()


def _front(words: WeekWords, pareto: bytes, scale: float) -> Document:
    """The page itself."""
    t, made_on = words.t, _made_on(words.body)
    foot = f"Santral · {words.title()} · {', '.join(words.body['hotels'])}"
    sheet = Document(words.title(), language=words.w.language, made_on=made_on, foot=foot, scale=scale)
    sheet.paragraph(words.subtitle(), soft=True)
    for said, tone in words.headlines():
        sheet.paragraph(said, tone=tone)
    sheet.heading(t(ACTIONS), 2)
    actions = action_words(words)
    if actions:
        sheet.bullets((f"{title}: {said}" for title, said in actions), numbered=True)
    else:
        sheet.paragraph(t(NOTHING_TO_DO), soft=True)
    sheet.heading(t(MOVES), 2)
    pairs = (FIGURE, CHANGE) * (2 if words.has_baseline else 1)
    widths = (NAME, FIGURE, 1.75, 0.95, 1.6, *pairs)
    sheet.table(words.move_headers(), words.move_rows(), widths=widths, numbers=NUMBERS)
    if pareto:
        share = 0.62 * min(1.0, scale / SCALES[0])
        height = plot_kpi.pareto_height(len(words.body["lost_reasons"])) / plot_kpi.PARETO_WIDTH * 182 * share
        sheet.heading(t(REASONS), 2, room_mm=height)
        sheet.picture(pareto, alt=t(PARETO), share=share)
    else:
        sheet.heading(t(REASONS), 2)
        sheet.paragraph(t(NONE_LOST), soft=True)
    for said in words.small_print():
        sheet.paragraph(said, soft=True)
    return sheet


def _cards_pdf(sheet: Document, words: WeekWords) -> None:
    sheet.new_page()
    sheet.heading(words.t(CARDS), 2)
    for card in words.body["cards"]:
        sheet.heading(card["agent"], 3, room_mm=ROW_MM * (len(card["rows"]) + 2))
        sheet.table(
            words.card_headers(), words.card_rows(card), widths=(2.4, 1.2, 1.6, 0.9, 1.2, 1.4), numbers=(1, 3, 4)
        )


def _made_on(body: Body) -> date:
    return datetime.fromisoformat(body["made_at"]).date()
