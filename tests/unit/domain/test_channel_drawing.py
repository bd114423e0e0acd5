"""The picture of the handoff flow: well-formed, everything inside it, nothing on top of another."""

from itertools import pairwise
from xml.dom import minidom

import pytest

from domain.channel_drawing import flow_svg
from domain.channel_plan import flow_columns
from domain.handoff import HandoffRules
from domain.plan_words import plan_words


def drawn(language: str) -> minidom.Element:
    found = minidom.parseString(flow_svg(HandoffRules(), language).encode()).documentElement
    assert found is not None
    return found


@pytest.mark.parametrize("language", ["tr", "en"])
def test_boxes_lie_inside_the_picture_and_apart_from_each_other(language: str):
    picture = drawn(language)
    width, height = float(picture.getAttribute("width")), float(picture.getAttribute("height"))
    boxes = [
        tuple(float(one.getAttribute(name)) for name in ("x", "y", "width", "height"))
        for one in picture.getElementsByTagName("rect")
        if one.getAttribute("rx")
    ]
    columns, arrows = flow_columns(HandoffRules(), plan_words(language))
    assert len(boxes) == sum(map(len, columns))
    assert all(x >= 0 and y >= 0 and x + w <= width and y + h <= height for x, y, w, h in boxes)
    for place in {box[0] for box in boxes}:
        column = sorted(box for box in boxes if box[0] == place)
        assert all(above[1] + above[3] < below[1] for above, below in pairwise(column))
    assert len([one for one in picture.getElementsByTagName("path") if one.getAttribute("marker-end")]) == len(arrows)


def test_lines_of_text_fit_into_their_boxes():
    picture = drawn("tr")
    for box, text in zip(
        [one for one in picture.getElementsByTagName("rect") if one.getAttribute("rx")],
        picture.getElementsByTagName("text"),
        strict=True,
    ):
        lines = [str(line.toxml().partition(">")[2].partition("<")[0]) for line in text.getElementsByTagName("tspan")]
        assert lines
        assert all(len(line) * 6.2 <= float(box.getAttribute("width")) for line in lines)


def test_the_same_rules_give_the_same_picture_and_words_are_escaped():
    assert flow_svg(HandoffRules(), "en") == flow_svg(HandoffRules(), "en")
    assert "<title>Handoff flow between channels</title>" in flow_svg(HandoffRules(), "en")
