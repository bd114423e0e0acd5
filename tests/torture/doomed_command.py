"""A command built to die: `python -m tests.torture.doomed_command reservation import FILE`.

It is the real one, with the same doom file as the doomed service: at the named point of a write, kill -9.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path

from cli.context import Session
from cli.main import main
from cli.wiring import AtEnd, open_desk
from integration.settings import Settings
from integration.usecases.desk import Desk
from tests.torture.doomed import Doom


def doomed(settings: Settings, at_end: AtEnd) -> Desk:
    return replace(open_desk(settings, at_end=at_end), point=Doom(Path(os.environ["SANTRAL_HOME"]) / "doom"))


if __name__ == "__main__":
    sys.exit(main(session=Session(opener=doomed)))
