"""How our plots look, and how they become SVG inside a page or a PNG beside it.

Every plot starts from Matplotlib's own defaults, not from what the machine's user prefers, with the palette of Okabe
and Ito (2008), which the colour-blind tell apart, and the font that Matplotlib ships, drawn as outlines: Turkish and
Cyrillic letters look the same everywhere. Ids come from a fixed salt and no date is written, so the same plot gives the
same bytes. An SVG is stripped of what points elsewhere (namespaces, document type), which HTML does without.
"""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

BLUE, SKY, ORANGE, RED, GREEN, YELLOW, PINK = (
    "#0072B2", "#56B4E9", "#E69F00", "#D55E00", "#009E73", "#F0E442", "#CC79A7",
)  # fmt: skip
INK, GREY, PALE = "#222222", "#767676", "#D9D9D9"
VOLUME = LinearSegmentedColormap.from_list("volume", ["#FFFFFF", "#C6DFF0", SKY, BLUE, "#00304F"])
GOOD_BAD = LinearSegmentedColormap.from_list(
    "good_bad", ["#7A2E00", RED, "#F7D9C4", "#FFFFFF", "#D6E8F4", "#8FC1E0", BLUE]
)
DPI = 130
LOOK = {
    "svg.hashsalt": "santral",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.titlelocation": "left",
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": "#E6E6E6",
    "grid.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "hatch.linewidth": 0.6,
    "text.parse_math": False,
}
_NOTHING: dict[str, str | None] = {"Date": None, "Creator": None, "Format": None, "Type": None}
_HEAD = re.compile(r"^.*?(?=<svg\b)", re.DOTALL)
_NAMESPACES = re.compile(r"""\s+(?:xmlns(?::\w+)?|version)="[^"]*\"""")
_ID = re.compile(r'\sid="([^"]*)"')
_USED = re.compile(r'(?:xlink:href="#|url\(#)([^")]*)')
_COMMENT = re.compile(r"<!--.*?-->|^ +", re.DOTALL | re.MULTILINE)
_SIZE = re.compile(r'\s(?:width|height)="[^"]*pt"')


@dataclass(frozen=True, slots=True)
class Picture:
    """One plot. `draw`: makes the figure; None when there is nothing to draw, and then `empty` says why. `alt`: what it
    shows, for whoever cannot see it. `caption`: how to read it."""

    name: str
    title: str
    caption: str
    alt: str
    empty: str
    draw: Callable[[], Figure] | None


@contextmanager
def our_look() -> Iterator[None]:
    """Everything drawn or written inside looks like ours."""
    with style.context(["default", LOOK]):
        yield


def svg_of(figure: Figure, name: str) -> str:
    """The plot as an SVG element to stand in HTML. `name`: unique within the page; ids start with it."""
    sheet = io.BytesIO()
    FigureCanvasSVG(figure).print_svg(sheet, metadata=_NOTHING)  # type: ignore[no-untyped-call]
    text = _NAMESPACES.sub("", _HEAD.sub("", sheet.getvalue().decode("utf-8")), count=3)
    used = set(_USED.findall(text))
    text = _ID.sub(lambda found: f' id="{name}-{found[1]}"' if found[1] in used else "", _COMMENT.sub("", text))
    text = text.replace('xlink:href="#', f'href="#{name}-').replace("url(#", f"url(#{name}-")
    head, rest = text.split(">", 1)
    return f"{_SIZE.sub('', head)}>{rest}".strip()


def png_of(figure: Figure) -> bytes:
    """The plot as a PNG."""
    sheet = io.BytesIO()
    figure.set_dpi(DPI)
    FigureCanvasAgg(figure).print_png(sheet, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return sheet.getvalue()
