"""Text of an HTML mail: what a reader would see, block by block, and nothing that is hidden or runs.

It is one walk from tag to tag that never goes back, because the standard library's parser takes time that grows with
the square of hostile HTML (a run of `<!--` is enough). Quoted earlier mails are marked as text mails mark them (`> `),
so the same rules take them off; a line is kept for every paragraph, row and break. What is hidden and never ends hides
the rest.
"""

import re
from collections.abc import Iterator
from html import unescape

_HIDDEN = frozenset({"script", "style", "title", "template", "noscript", "svg"})
_BLOCKS = frozenset({"p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"})
_BREAKS = _BLOCKS | {"br", "hr"}
_TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_MOST_HTML = 500_000
_MOST_DEPTH = 10


def text_of_html(html: str) -> str:
    """What a reader would see of the first half million characters."""
    lines, quoted = [""], 0
    for kind, value in _pieces(html[:_MOST_HTML]):
        if kind == "text":
            lines[-1] += _joined(lines[-1], unescape(value))
            continue
        if value == "blockquote":
            quoted = max(0, quoted + (1 if kind == "open" else -1))
        if value in (_BREAKS if kind == "open" else _BLOCKS):
            mark = "> " * min(quoted, _MOST_DEPTH)
            if lines[-1].strip(" >"):
                lines.append(mark)
            else:
                lines[-1] = mark
    return "\n".join(line.rstrip() for line in lines).strip()


def _pieces(html: str) -> Iterator[tuple[str, str]]:
    """Texts, and names of tags as they open and close."""
    lower, place = html.replace("İ", "i").lower(), 0
    while place < len(html):
        start = html.find("<", place)
        if start != place:
            yield "text", html[place : start if start >= 0 else len(html)]
        if start < 0:
            return
        tag = _TAG.match(html, start + 1)
        if tag is None:
            place = _after_odd(html, start)
            if place == start + 1:
                yield "text", "<"
        else:
            name, end = tag[2].lower(), html.find(">", start)
            yield ("close" if tag[1] else "open"), name
            if name in _HIDDEN and not tag[1]:
                end = lower.find(f"</{name}", start) - 1
            place = end + 1 if end >= start else len(html)


def _after_odd(html: str, start: int) -> int:
    """Past a comment, a declaration, or a `<` that is only a sign."""
    if html.startswith("<!--", start):
        end = html.find("-->", start)
        return end + 3 if end >= 0 else len(html)
    if html.startswith(("<!", "<?", "</"), start):
        end = html.find(">", start)
        return end + 1 if end >= 0 else len(html)
    return start + 1


def _joined(before: str, text: str) -> str:
    """A text of the source, its spaces and line ends made one space each."""
    words = " ".join(text.split())
    front = " " if text[:1].isspace() and before.strip(" >") and not before.endswith(" ") else ""
    return front + words + (" " if words and text[-1:].isspace() else "")
