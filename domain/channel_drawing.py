"""The handoff flow as a picture: SVG text from the live rules, laid out in three columns.

Left are the channels a guest comes by, in the middle the triggers with what makes them hold, right the channels that
the guest is taken to. A column is spread over the height of the longest one, so arrows cross as little as three columns
allow; nothing else is needed for a dozen boxes. The text equivalent is in the picture (`title`, `desc`), colours are
told apart without hue, and the file needs no font and no script.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from domain.channel_plan import flow_columns
from domain.handoff import HandoffRules
from domain.plan_words import plan_words

_WIDTHS = (150, 330, 150)
_GAP = 110
_MARGIN = 20
_LINE = 18
_PAD = 12
_SPACE = 22
_LETTER = 7.2
_FILLS = ("#e8eef7", "#fdf1d8", "#e3f3e6")


@dataclass(frozen=True, slots=True)
class FlowBox:
    """A box of the flow; `x`, `y`: its upper left corner in points."""

    key: str
    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    fill: str

    @property
    def height(self) -> float:
        """As many lines as it has."""
        return _PAD * 2 + _LINE * len(self.lines)

    @property
    def middle(self) -> float:
        """Where its arrows begin and end."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Flow:
    """The flow laid out: boxes, arrows from box to box, the size of the sheet in points, and each arrow in words."""

    boxes: tuple[FlowBox, ...]
    arrows: tuple[tuple[FlowBox, FlowBox], ...]
    width: float
    height: float
    told: tuple[str, ...]


def laid_out(rules: HandoffRules, language: str) -> Flow:
    """Where everything stands, for whoever draws it; `language` tr or en."""
    columns, arrows = flow_columns(rules, plan_words(language))
    texts = [
        [(key, _wrapped(text, width)) for key, text in column] for column, width in zip(columns, _WIDTHS, strict=True)
    ]
    height = max(_height([lines for _, lines in column]) for column in texts)
    boxes = [list(_stacked(column, place, height)) for place, column in enumerate(texts)]
    by_key = [{box.key: box for box in column} for column in boxes]
    return Flow(
        tuple(box for column in boxes for box in column),
        tuple((by_key[place][start], by_key[place + 1][end]) for place, start, end in arrows),
        _MARGIN * 2 + sum(_WIDTHS) + _GAP * 2,
        height + 2 * _MARGIN,
        tuple(_told(columns, arrows)),
    )


def flow_svg(rules: HandoffRules, language: str) -> str:
    """The picture; `language` tr or en."""
    say, flow = plan_words(language), laid_out(rules, language)
    drawn = [_arrow(start, end) for start, end in flow.arrows]
    drawn += [_drawn(box) for box in flow.boxes]
    title = escape(say("flow_title"))
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{flow.width:g}" height="{flow.height:g}" '
            f'viewBox="0 0 {flow.width:g} {flow.height:g}" role="img" font-family="sans-serif" font-size="13">',
            f"<title>{title}</title>",
            f"<desc>{escape('; '.join(flow.told))}</desc>",
            '<defs><marker id="tip" viewBox="0 0 10 10" refX="10" refY="5" markerWidth="8" markerHeight="8" '
            'orient="auto"><path d="M0 0L10 5L0 10z" fill="#445"/></marker></defs>',
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            *drawn,
            "</svg>\n",
        )
    )


Columns = Sequence[Sequence[tuple[str, str]]]
Arrows = Sequence[tuple[int, str, str]]


def _told(columns: Columns, arrows: Arrows) -> Iterator[str]:
    names = [dict(column) for column in columns]
    for place, start, end in arrows:
        yield f"{names[place][start]} → {names[place + 1][end]}"


def _wrapped(text: str, width: float) -> tuple[str, ...]:
    most = int((width - 2 * _PAD) / _LETTER)
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) > most and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return tuple(lines)


def _height(column: Sequence[tuple[str, ...]]) -> float:
    return sum(_PAD * 2 + _LINE * len(lines) for lines in column) + _SPACE * max(len(column) - 1, 0)


def _stacked(column: Sequence[tuple[str, tuple[str, ...]]], place: int, height: float) -> Iterator[FlowBox]:
    x = _MARGIN + sum(_WIDTHS[:place]) + _GAP * place
    spare = (height - _height([lines for _, lines in column])) / (len(column) + 1)
    y = _MARGIN + spare
    for key, lines in column:
        box = FlowBox(key, lines, x, y, _WIDTHS[place], _FILLS[place])
        yield box
        y += box.height + _SPACE + spare


def _drawn(box: FlowBox) -> str:
    top = box.y + _PAD + _LINE - 5
    lines = "".join(
        f'<tspan x="{box.x + box.width / 2:g}" y="{top + _LINE * number:g}">{escape(line)}</tspan>'
        for number, line in enumerate(box.lines)
    )
    return (
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="8" '
        f'fill="{box.fill}" stroke="#445"/><text text-anchor="middle" fill="#112">{lines}</text>'
    )


def _arrow(start: FlowBox, end: FlowBox) -> str:
    x, to = start.x + start.width, end.x
    bend = (to - x) / 2
    return (
        f'<path d="M{x:g} {start.middle:g}C{x + bend:g} {start.middle:g} {to - bend:g} {end.middle:g} '
        f'{to:g} {end.middle:g}" fill="none" stroke="#445" marker-end="url(#tip)"/>'
    )
