"""A refusal in the words of the dialect.

The body is the vendor's `exceptionDetailType`: `type` and `title` always, then `status`, `detail`, `instance`,
`o:errorCode` and `o:errorPath` (which field). The vendor's list of codes is behind a login, so apart from the shape of
a code (`RSV` + five digits, `GEN` + digits) the codes here are the mock's own and illustrative: see LIMITS.md.

A `Problem` ends a request; the transaction it happened in is rolled back, so a refused write leaves nothing behind.
"""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


class Problem(Exception):
    """A refusal: HTTP status, the dialect's code, one sentence, and the path of the field it is about."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str = "",
        path: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code} {title} {detail} {path}".strip())
        self.status, self.code, self.title, self.detail, self.path = status, code, title, detail, path
        self.headers = dict(headers or {})

    def body(self, area: str, instance: str) -> Json:
        """The vendor's error object; empty members are left out."""
        body: Json = {"type": f"urn:mock:{area}", "title": self.title, "status": self.status}
        for key, value in (("detail", self.detail), ("instance", instance)):
            if value:
                body[key] = value
        body["o:errorCode"] = self.code
        if self.path:
            body["o:errorPath"] = self.path
        return body


def bad_request(title: str, path: str = "", *, code: str = "GEN00001", detail: str = "") -> Problem:
    """400: the request does not fit the vendor's document."""
    return Problem(400, code, title, detail, path)


def refused(code: str, title: str, path: str = "", *, detail: str = "") -> Problem:
    """400 with a business code: well formed, and the hotel says no."""
    return Problem(400, code, title, detail, path)


def unknown_code(kind: str, value: object, path: str) -> Problem:
    """400: a code (room type, rate plan, reason...) that this hotel has not configured."""
    return Problem(400, "GEN00050", f"{kind} is not configured in this hotel", f"Unknown {kind}: {value}", path)


def not_found(title: str, path: str = "") -> Problem:
    """404 for a write that names a record that does not exist (a read answers 204)."""
    return Problem(404, "GEN00404", title, "", path)
