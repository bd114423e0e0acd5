"""What every test starts from: no settings of the developer's shell, a known language, an unlikely time zone.

A test that passes only on the author's machine is worse than none. So `SANTRAL_*` variables are dropped (save the one
that says where the vendor's specification lies), the language is English unless a test asks for another, and the
machine stands in a zone 5 h 45 min from UTC, where code that uses local time by mistake is wrong at once. Compiled
modules are kept, whatever the shell wants: hundreds of processes start here, each with the same sources. Hypothesis
draws the same examples every run; `make torture` draws new ones. Ctrl-C, which tests press, counts also where a shell
started us in the background and lets us ignore it. A test module that loads gevent would have it patch this process
under all other tests; it is named and nothing runs.
"""

import os
import signal
import sys
import time

import pytest
from hypothesis import HealthCheck, settings

KEPT = {"SANTRAL_PMS_SPECS"}

for name in [name for name in os.environ if name.startswith("SANTRAL_") and name not in KEPT]:
    del os.environ[name]
os.environ.update({"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "PYTHONUTF8": "1", "TZ": "Asia/Kathmandu", "NO_COLOR": "1"})
for name in ("LANGUAGE", "PYTHONDONTWRITEBYTECODE"):
    os.environ.pop(name, None)
sys.dont_write_bytecode = False
time.tzset()
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("ci", derandomize=True, deadline=None, database=None, print_blob=False)
settings.register_profile(
    "torture", max_examples=2000, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Locust is tested in processes of its own."""
    if "gevent" in sys.modules:
        pytest.exit(f"gevent was loaded before {item.nodeid} was collected: test Locust in a process of its own.", 2)
