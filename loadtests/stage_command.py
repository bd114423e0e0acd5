"""What `locust -f loadtests/locustfile.py` starts beside itself when nobody has made a run for it: the command.

Apart from the rest (`loadtests/driver/own_stage.py`) so that it can be read without loading Locust.
"""

import sys
from collections.abc import Mapping, Sequence

SCENARIO, TOKEN_FILE = "SANTRAL_LOAD_SCENARIO", "SANTRAL_LOAD_TOKENS"
HOST, PARTS = ("-H", "--host"), ("--worker", "--master", "--processes")
SMALLEST = "smoke"


def stage_command(environ: Mapping[str, str], words: Sequence[str]) -> list[str]:
    """What is started for Locust's own `words`. SystemExit with a sentence for what cannot be played so."""
    if any(word.partition("=")[0] in PARTS for word in words):
        sys.exit("For several processes: santral loadtest run --workers N, or --master and santral loadtest worker.")
    command = [sys.executable, "-m", "cli.main", "loadtest", "by-hand", environ.get(SCENARIO) or SMALLEST]
    host = host_in(words)
    if host and not environ.get(TOKEN_FILE):
        sys.exit(f"--host needs {TOKEN_FILE}: a file with tokens of its users, as for santral loadtest run --target.")
    return [*command, "--target", host, "--token-file", environ[TOKEN_FILE]] if host else command


def host_in(words: Sequence[str]) -> str:
    """What Locust was given as `--host`."""
    for place, word in enumerate(words):
        name, sign, value = word.partition("=")
        if name in HOST:
            return value if sign else "".join(words[place + 1 : place + 2])
    return ""
