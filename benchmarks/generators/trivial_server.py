"""A server that only answers: `python -m benchmarks.generators.trivial_server MILLISECONDS`, each answer so late.

Says its address as one line of JSON, like every server that is measured, and ends with SIGTERM.
"""

import asyncio
import json
import sys
from typing import cast

BODY = json.dumps({"reservation_id": "res_01", "status": "held", "total": {"amount": "420.00", "currency": "EUR"}})
ANSWER = (
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nServer-Timing: pms;dur=1.5, store;dur=0.5, total;dur=2.5\r\n"
    f"Content-Length: {len(BODY)}\r\n\r\n{BODY}"
).encode()


class Answering(asyncio.Protocol):
    """Counts requests by the end of their heads; a body comes in the same segment."""

    def __init__(self, late_s: float) -> None:
        self._late_s = late_s

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if b"\r\n\r\n" not in data:
            return
        if self._late_s:
            asyncio.get_running_loop().call_later(self._late_s, self._transport.write, ANSWER)
        else:
            self._transport.write(ANSWER)


async def main(late_s: float) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Answering(late_s), "127.0.0.1", 0)
    print(json.dumps({"url": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"}), flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    import uvloop

    uvloop.run(main(float(sys.argv[1]) / 1000))
