"""Hotel files for tests: the shipped text with one thing changed."""

from importlib.resources import files

from scenarios.loader import HotelFileError, parse_hotel


def belek_text() -> str:
    return files("scenarios").joinpath("hotels", "belek-resort.toml").read_text(encoding="utf-8")


def with_change(old: str, new: str) -> str:
    """Give the Belek file with the first `old` replaced; it must stand there."""
    text = belek_text()
    assert old in text, old
    return text.replace(old, new, 1)


def refusal(text: str) -> HotelFileError:
    """Give the error that reading `text` ends in."""
    try:
        parse_hotel(text, "mine.toml")
    except HotelFileError as error:
        return error
    raise AssertionError("the file was accepted")


def line_with(text: str, fragment: str) -> int:
    """Give the number of the first line that holds `fragment`."""
    return next(i for i, line in enumerate(text.splitlines(), 1) if fragment in line)
