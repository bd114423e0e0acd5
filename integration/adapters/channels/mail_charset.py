"""Bytes to text, whatever the mail says its charset is.

Names are often wrong: `iso-8859-9` for what is `windows-1254`, `us-ascii` for anything, `windows-1252` for UTF-8, or a
name no one knows. A charset of one byte a letter accepts any bytes, so its name proves nothing: UTF-8 is tried first,
because bytes that are no UTF-8 are hardly ever valid as such by accident, then the charset that was named, by its
Windows superset where it has one. A charset of several bytes refuses what it is not, so there the name goes first.
The last resort is Turkish. Nothing raises: a byte without a letter becomes U+FFFD.
"""

import codecs

# A Windows charset has letters where its ISO twin has control codes that no mail means.
_WIDER = {"iso8859-1": "cp1252", "iso8859-9": "cp1254", "ascii": "cp1254", "gb2312": "gb18030"}
_ONE_BYTE = ("iso8859", "cp125", "koi8", "ascii", "mac", "cp866", "cp857")
_LAST = "cp1254"
# Codecs of Python's that are no charset of a mail; some take time that grows with the square of the text.
_NO_CHARSETS = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})


def decoded(raw: bytes, charset: str) -> str:
    """The text of bytes that are said to be in `charset`."""
    name = _known(charset)
    order = ("utf-8", name) if name.startswith(_ONE_BYTE) else (name, "utf-8", _LAST)
    for one in order[:-1]:
        try:
            return raw.decode(one)
        except ValueError:
            continue
    return raw.decode(order[-1], "replace")


def _known(charset: str) -> str:
    """The codec of a charset that decodes to text, or the last resort."""
    name = charset.strip().strip("\"'").split("*")[0].lower()
    try:
        codec = codecs.lookup(name).name
        b"a".decode(codec, "replace")
    except (LookupError, ValueError, TypeError):
        return _LAST
    return _LAST if codec in _NO_CHARSETS else _WIDER.get(codec, codec)
