"""A server of the tests: answers every request at once. `python -m tests.loadtests.toy_server`.

It says its address on the first line of stdout and ends with its stdin. `FREEZE` seconds of every `PERIOD` it stands
still, as a stopped process would: what has been sent waits. Paths `/cut` and `/gone` are answered by half and not at
all.
"""

import asyncio
import itertools
import json
import os
import sys
import time

FREEZE, PERIOD = float(os.environ.get("FREEZE", "0")), float(os.environ.get("PERIOD", "2"))
TIMING = b"Server-Timing: pms;dur=1.5, store;dur=0.5, total;dur=2.5\r\n"
REFS = itertools.count(1)


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            lines = head.lower().split("\r\n")
            length = next((int(one.split(":")[1]) for one in lines if one.startswith("content-length:")), 0)
            await reader.readexactly(length)
            path = head.split(" ")[1]
            body = json.dumps({"ref": next(REFS)}).encode()
            answer = b"HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s" % (TIMING, len(body), body)
            if path in {"/cut", "/gone"}:
                writer.write(answer[:-3] if path == "/cut" else b"")
                break
            writer.write(answer)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()


async def freeze() -> None:
    while FREEZE:
        await asyncio.sleep(PERIOD - FREEZE)
        time.sleep(FREEZE)


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=512)
    port = server.sockets[0].getsockname()[1]
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{port}"}) + "\n")
    sys.stdout.flush()
    freezing = asyncio.create_task(freeze())
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    freezing.cancel()


if __name__ == "__main__":
    asyncio.run(main())
