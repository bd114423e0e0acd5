"""The report of a load test: one HTML file that works offline, and the verdict as JUnit XML for build servers.

It opens with the verdict and one sentence why, then every check with its target, what was measured and where the proof
lies; then latencies, the load, where the time went, what went wrong, the generator's health, and how it was run. The
same run gives the same bytes: neither clock nor chance is asked.
"""

from collections.abc import Iterator
from pathlib import Path

from cli.reports import load_plots, load_plots_more, load_tables, page
from cli.reports.load_junit import junit
from cli.reports.load_view import LoadView
from cli.reports.pictures import Picture, our_look, svg_of
from cli.reports.words import Words
from cli.screens.load_words import sentence
from cli.screens.reader import Reader
from integration.adapters.new_files import write_whole
from integration.adapters.phrases import CataloguePhrases
from integration.usecases.marks import N_
from loadtests.generator import read_health
from loadtests.result import Result
from loadtests.samples import Samples
from loadtests.words import CheckStatus, Verdict

REPORT, JUNIT = "report.html", "junit.xml"
SECTIONS = {
    "summary": N_("In short"),
    "checks": N_("Every check"),
    "latency": N_("Latency"),
    "load": N_("The load"),
    "time": N_("Where the time goes"),
    "errors": N_("Errors and recoveries"),
    "generator": N_("The generator"),
    "made": N_("How it was run"),
}
CLASSES = {Verdict.PASS: "pass", Verdict.FAIL: "fail", Verdict.INVALID: "fail"}


def write_reports(folder: Path, result: Result, samples: Samples, language: str) -> tuple[Path, Path]:
    """`report.html` and `junit.xml` into the run's folder. `language`: `tr` or `en`. Each whole or not
    there: StoreUnavailable when the disk refuses."""
    view = LoadView(result, samples, read_health(folder))
    reader = Reader(CataloguePhrases(), language)
    html, xml = folder / REPORT, folder / JUNIT
    write_whole(html, load_page(view, reader))
    write_whole(xml, junit_of(result, reader))
    return html, xml


def junit_of(result: Result, reader: Reader) -> bytes:
    """The verdict as JUnit XML."""
    why = sentence(result.why.slug, result.why.params, reader)
    return junit(result.name, result.checks, result.verdict, why, is_strict=result.is_strict, wall_s=result.load.wall_s)


def load_page(view: LoadView, reader: Reader) -> bytes:
    """The whole page, UTF-8."""
    w = Words(reader, "")
    drawn = {}
    with our_look():
        for one in _pictures(view, w):
            figure = one.draw() if one.draw else None
            drawn[one.name] = _shown(one, svg_of(figure, one.name) if figure else "")
    said = _sections(view, drawn, reader, w)
    sections = [page.section(name, w(SECTIONS[name]), *parts) for name, parts in said.items()]
    links = " ".join(page.element("a", page.text(w(name)), href=f"#{place}") for place, name in SECTIONS.items())
    title = w(N_("Load test: {name}"), name=view.result.name)
    head = "\n".join((page.element("h1", page.text(title)), _subtitle(view, w), page.element("nav", links)))
    body = f"{page.element('header', head)}\n<main>\n{chr(10).join(sections)}\n</main>"
    return page.page(f"{title}: {view.result.verdict.value}", w.language, body).encode("utf-8")


def _pictures(view: LoadView, w: Words) -> Iterator[Picture]:
    yield load_plots.latency_over_time(view, w)
    yield load_plots.percentile_curves(view, w)
    yield load_plots_more.throughput(view, w)
    yield load_plots_more.generator(view, w)
    yield load_plots_more.attribution(view, w)
    yield load_plots_more.errors(view, w)


def _shown(one: Picture, svg: str) -> str:
    inner = page.picture(svg, one.alt, one.caption) if svg else page.paragraph(one.empty, "empty")
    return page.element("h3", page.text(one.title)) + "\n" + inner


def _sections(view: LoadView, drawn: dict[str, str], reader: Reader, w: Words) -> dict[str, tuple[str, ...]]:
    result = view.result
    beside = load_tables.locust(result, w)
    told = w(N_("Locust counts from the sending and rounds to two digits; ours counts from the instant of being due."))
    return {
        "summary": (_summary(view, reader, w),),
        "checks": (load_tables.checks(result.checks, w),),
        "latency": (
            drawn["latency_time"],
            drawn["percentiles"],
            page.paragraph(
                w(N_("95 % intervals in brackets. A failed request counts as slower than any answered.")), "soft"
            ),
            load_tables.operations(result, w),
            page.element("h3", page.text(w(N_("By stretch of the run")))),
            load_tables.windows(result, w),
        ),
        "load": (drawn["throughput"],),
        "time": (drawn["attribution"],),
        "errors": (drawn["errors"], load_tables.recoveries(result, w)),
        "generator": (drawn["generator"], page.paragraph(told, "soft") if beside else "", beside),
        "made": (load_tables.run_facts(result, view.moment, w),),
    }


def _subtitle(view: LoadView, w: Words) -> str:
    load, asked = view.result.load, view.result.asked
    said = w(
        N_("{requests} requests of {contacts} contacts in {time}, from {moment} of the season, {speed} times as fast."),
        requests=w.number(load.requests), contacts=w.number(load.planned), time=w.duration(load.wall_s),
        moment=view.moment, speed=w.number(asked.speed, 0 if asked.speed % 1 == 0 else 1),
    )  # fmt: skip
    return page.paragraph(said, "soft")


def _summary(view: LoadView, reader: Reader, w: Words) -> str:
    result = view.result
    why = f"{result.verdict.value}: {sentence(result.why.slug, result.why.params, reader)}"
    lines = [(CLASSES[result.verdict], why)]
    multiple = result.load.multiple
    if multiple is not None:
        lines.append(("", w(N_("The load was {n} times the busiest half hour the season expects."),
                            n=w.number(multiple, 1))))  # fmt: skip
    lost = [one for one in result.checks if one.section.value == "integrity"]
    if lost and all(one.status is CheckStatus.PASS for one in lost):
        lines.append(("pass", w(N_("Every record that was promised is there once, and right."))))
    lines += [("", sentence(one.slug, one.params, reader)) for one in result.notes]
    items = "\n".join(page.element("li", page.text(said), class_=class_) for class_, said in lines)
    return page.element("ul", f"\n{items}\n", class_="headlines")
