"""The season's load as a locustfile: `locust -f loadtests/locustfile.py`, headless or in the browser.

The number of users is the pool that takes the contacts, not the load: contacts come when the season sends them.
`SANTRAL_LOAD_FOLDER` names the folder of a run: `plan.json` says what is played, `tokens.json` opens the service;
`santral loadtest run` makes it, starts this and judges what it leaves there. Without it this makes a run of its own
(`loadtests/driver/own_stage.py`), and Locust's exit code is its verdict.
"""

import os
import sys
from pathlib import Path

# Locust puts this file's folder first on the path, where our modules would hide the standard library's of one name.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from loadtests.driver.run import Cast  # noqa: E402
from loadtests.driver.users import users_of  # noqa: E402
from loadtests.scripts.cast import background, script_of  # noqa: E402

LoadUser = users_of(os.environ, sys.argv[1:], Cast(script_of, background))
