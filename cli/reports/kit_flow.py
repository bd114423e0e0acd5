"""The handoff flow as a PNG, from the same boxes and arrows as the SVG (`domain.channel_drawing`).

PDF and XLSX take no SVG with letters, so it is drawn once more by Matplotlib, with the font it ships.
"""

from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from cli.reports.pictures import our_look, png_of
from domain.channel_drawing import Flow, FlowBox

INCH = 100.0
_EDGE = "#444455"


def flow_png(flow: Flow) -> bytes:
    """The picture."""
    with our_look():
        figure = Figure(figsize=(flow.width / INCH, flow.height / INCH))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, flow.width)
        axes.set_ylim(flow.height, 0)
        axes.axis("off")
        for start, end in flow.arrows:
            axes.add_patch(_arrow(start, end))
        for box in flow.boxes:
            axes.add_patch(
                FancyBboxPatch(
                    (box.x, box.y), box.width, box.height, boxstyle="round,pad=0,rounding_size=8",
                    facecolor=box.fill, edgecolor=_EDGE, linewidth=0.8, mutation_aspect=1,
                )
            )  # fmt: skip
            axes.text(
                box.x + box.width / 2, box.middle, "\n".join(box.lines), ha="center", va="center", fontsize=8.4,
                linespacing=1.35,
            )  # fmt: skip
        return png_of(figure)


def _arrow(start: FlowBox, end: FlowBox) -> FancyArrowPatch:
    left, right = start.x + start.width, end.x
    bend = (right - left) / 2
    curve = Path(
        [(left, start.middle), (left + bend, start.middle), (right - bend, end.middle), (right, end.middle)],
        [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4],
    )
    return FancyArrowPatch(path=curve, arrowstyle="-|>", mutation_scale=9, color=_EDGE, linewidth=0.8)
