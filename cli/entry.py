"""The `santral` of the shell: quiet under Ctrl-C from its first moment to its last.

Loading the program takes a tenth of a second in which Python would answer Ctrl-C with a traceback; so the handler
that ends the process comes first, and everything else is imported under it.
"""

import os
import signal
from types import FrameType

INTERRUPTED = 130


def _end(_number: int, _frame: FrameType | None) -> None:
    os._exit(INTERRUPTED)


def run() -> int:
    """Run the command typed and give its exit code."""
    signal.signal(signal.SIGINT, _end)
    from cli.main import main

    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        return main()
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        signal.signal(signal.SIGINT, _end)
