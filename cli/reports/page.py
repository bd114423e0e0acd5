"""One HTML page that needs nothing but itself: no script, no font, no picture, no address outside it.

Everything that comes from elsewhere is escaped where it is put in (`text`); what this module and `pictures.svg_of` make
is the only markup.
"""

from collections.abc import Iterable, Sequence
from html import escape

STYLE = """
:root{--ink:#222;--soft:#5c5c5c;--line:#d9d9d9;--pale:#f6f7f8;--good:#00618f;--bad:#a63f00;--risk:#7a5600}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem 1.25rem 4rem;max-width:68rem;color:var(--ink);background:#fff;line-height:1.5;
font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,sans-serif;font-size:1rem}
h1{font-size:1.7rem;line-height:1.2;margin:.2rem 0 .3rem}
h2{font-size:1.25rem;margin:2.6rem 0 .4rem;padding-top:.6rem;border-top:2px solid var(--line)}
h3{font-size:1.02rem;margin:1.6rem 0 .2rem}
p{margin:.35rem 0}
.soft{color:var(--soft)}
nav{font-size:.9rem;margin:1rem 0 0}
nav a{margin-right:.9rem;white-space:nowrap;color:var(--good)}
ul.headlines{list-style:none;padding:0;margin:.8rem 0}
ul.headlines li{padding:.55rem .8rem;margin:.45rem 0;background:var(--pale);border-left:5px solid var(--line)}
ul.headlines li.pass{border-color:#0072b2}
ul.headlines li.fail{border-color:#d55e00}
ul.headlines li.at_risk{border-color:#e69f00}
figure{margin:.6rem 0 1rem}
figure svg{width:100%;height:auto;display:block}
figcaption{font-size:.88rem;color:var(--soft);max-width:52rem}
.empty{padding:.7rem .9rem;background:var(--pale);color:var(--soft)}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem;margin:.5rem 0}
caption{text-align:left;color:var(--soft);padding-bottom:.3rem}
th,td{text-align:left;padding:.28rem .9rem .28rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;white-space:nowrap}
td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
th.n{text-align:right}
th.part{padding-top:1.1rem;border-bottom:2px solid var(--line);color:var(--soft)}
td.path{font-family:ui-monospace,Consolas,"DejaVu Sans Mono",monospace;font-size:.82rem;overflow-wrap:anywhere}
td.note{overflow-wrap:anywhere}
td.pass{color:var(--good)}td.fail{color:var(--bad);font-weight:600}td.at_risk,td.no_data{color:var(--risk)}
tr.what_if td{background:#fff6e0}
@page{margin:14mm}
@media print{body{font-size:10pt;max-width:none;padding:0}nav{display:none}h2{break-after:avoid}h3{break-after:avoid}
figure,ul.headlines li,tr{break-inside:avoid}thead{display:table-header-group}
ul.headlines li,.empty,tr.what_if td{background:none}}
""".strip()


def text(value: object) -> str:
    """Any text as HTML has it; half characters, which no file can hold, are spelt out."""
    whole = str(value).encode("utf-8", "backslashreplace").decode("utf-8")
    return escape("".join(one if one.isprintable() or one == "\n" else " " for one in whole))


def element(name: str, inner: str, **attributes: str) -> str:
    """An element around markup; a `class_` becomes `class`, `aria_label` becomes `aria-label`."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(value)}"' for key, value in attributes.items() if value
    )
    return f"<{name}{told}>{inner}</{name}>"


def paragraph(sentence: str, class_: str = "") -> str:
    """A sentence of its own; nothing for an empty one."""
    return element("p", text(sentence), class_=class_) if sentence else ""


def section(name: str, title: str, *parts: str) -> str:
    """A part of the page with its heading."""
    inner = "\n".join((element("h2", text(title)), *(part for part in parts if part)))
    return element("section", f"\n{inner}\n", id=name)


def table(headers: Sequence[str], rows: Iterable[str], caption: str = "", numbers: Sequence[int] = ()) -> str:
    """A table of rows that are markup already; `numbers`: columns set to the right."""
    heads = "".join(
        element("th", text(one), scope="col", class_="n" if place in numbers else "")
        for place, one in enumerate(headers)
    )
    body = "\n".join(rows)
    told = element("caption", text(caption)) if caption else ""
    inner = f"{told}<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody>"
    return element("div", element("table", inner), class_="wide")


def cell(value: object, class_: str = "") -> str:
    """A cell."""
    return element("td", text(value), class_=class_)


def picture(svg: str, alt: str, caption: str) -> str:
    """A plot, what it shows for whoever cannot see it, and how to read it."""
    head, rest = svg.split(">", 1)
    drawn = f'{head} role="img" aria-label="{text(alt)}">{rest}'
    told = element("figcaption", text(caption)) if caption else ""
    return element("figure", f"\n{drawn}\n{told}")


def page(title: str, language: str, body: str) -> str:
    """The whole file."""
    return (
        f'<!DOCTYPE html>\n<html lang="{text(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
