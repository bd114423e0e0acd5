"""Sends one request through Locust's `FastHttpUser` and says what came of it, in the words of a script.

Nothing is tried twice and nothing is kept between requests but the connection: no cookies, no redirects, and no silent
second try of a read on a connection that was cut, which would hide the cut.
"""

from collections.abc import Callable
from typing import Any, cast

import geventhttpclient.client
from geventhttpclient.response import HTTPConnectionClosed, HTTPParseError
from locust.contrib.fasthttp import FastHttpSession

from loadtests.driver.clock import now_ns
from loadtests.scripts.steps import Answer, Ask

TIMEOUT, CONNECTION, CUT = "timeout", "connection", "cut_answer"
geventhttpclient.client.IDEMPOTENT_METHODS = frozenset()

Judge = Callable[[Answer, int, int], str]


def bare(session: FastHttpSession) -> FastHttpSession:
    """The session without what only costs here: cookies, and an exception for every status that is no success."""
    agent: Any = session.client
    agent.cookiejar, agent.valid_response_codes = None, frozenset(range(100, 600))
    return session


def send(session: FastHttpSession, ask: Ask, judge: Judge) -> Answer:
    """The answer, its status 0 when there was none, or only a part. `judge` is given it with the instants of sending
    and of the end, and says what Locust's own table should call wrong with it, or nothing."""
    sent = now_ns()
    with session.request(
        ask.method,
        ask.path,
        name=ask.operation,
        data=cast("Any", ask.body),
        headers=cast("dict[str, str]", ask.headers),
        catch_response=True,
    ) as got:
        done = now_ns()
        error = got.request_meta["exception"]
        if error is None:
            headers = {name.lower(): value for name, value in got.headers.items()}
            answer = Answer(got.status_code, headers, got.content or b"")
        else:
            answer = Answer(0, error=slug_of(error))
        problem = judge(answer, sent, done)
        if problem:
            got.failure(problem)
        else:
            got.success()
    return answer


def slug_of(error: BaseException) -> str:
    """One word for an answer that did not come."""
    if isinstance(error, TimeoutError):
        return TIMEOUT
    if isinstance(error, HTTPParseError) and not isinstance(error, HTTPConnectionClosed):
        return CUT
    return CONNECTION
