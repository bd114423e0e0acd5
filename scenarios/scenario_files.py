"""The files of a scenario: read, taken apart, and followed down to what they extend; or a sentence with the place.

A file is a shipped one by its name, or any path. `extends` names another, from the folder of the file that says so; at
most four files may stand on each other, and none may stand on itself.
"""

from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

from scenarios.file_faults import FileError, TomlFaultError, dotted, toml_of
from scenarios.scenario_layers import Layer, layer_of
from scenarios.schema.faults import KeyPath

SHIPPED = (
    "antalya-high-season",
    "antalya-quiet",
    "bad-monday",
    "bayram-peak",
    "bench-million",
    "bodrum-english",
    "pms-outage",
    "smoke",
)
MAX_BYTES = 1_000_000
MOST_FILES = 4


class ScenarioFileError(FileError):
    """A scenario that cannot be used."""

    code = "scenario_file"


def shipped_scenarios() -> tuple[str, ...]:
    """The names of the scenarios that come with Santral, the default one first."""
    return SHIPPED


def folder_of(path_or_name: str) -> Path:
    """Where the files that a scenario names are looked for."""
    return Path() if path_or_name in SHIPPED else Path(path_or_name).parent


def layers_of(path_or_name: str) -> list[Layer]:
    """The files of a scenario, the base first. Raises ScenarioFileError."""
    name, text = _read(path_or_name)
    return followed(layer_in(text, name, folder_of(path_or_name)))


def followed(top: Layer) -> list[Layer]:
    """A file and those it extends, the base first. Raises ScenarioFileError."""
    layers = [top]
    while (wanted := layers[0].extends) is not None:
        if "name" not in layers[0].content:
            raise _refused(layers[0], ("name",), "a scenario on another has a name of its own")
        target = wanted if wanted in SHIPPED else str(layers[0].folder / wanted)
        try:
            name, text = _read(target)
        except ScenarioFileError as error:
            raise _refused(layers[0], ("extends",), error.message) from None
        chain = [layer.file for layer in reversed(layers)]
        if name in chain:
            raise _refused(layers[0], ("extends",), f"a circle: {' extends '.join([*chain, name])}")
        if len(chain) == MOST_FILES:
            raise _refused(layers[0], ("extends",), f"at most {MOST_FILES} files may stand on each other")
        layers = [layer_in(text, name, folder_of(target)), *layers]
    return layers


def layer_in(text: str, file: str, folder: Path = Path()) -> Layer:
    """The layer in a file's text. Raises ScenarioFileError."""
    try:
        content = toml_of(text)
    except TomlFaultError as error:
        raise ScenarioFileError(file, "", error.line, error.message) from None
    version = content.get("schema")
    if version != 1 or isinstance(version, bool):
        said = "the file has none" if version is None else f"the file says {version}"
        raise ScenarioFileError(file, "schema", 1, f"this version of Santral reads schema = 1; {said}")
    layer = layer_of(file, text, content, folder)
    for fault in layer.faults:
        raise _refused(layer, fault.path, fault.message)
    return layer


def _refused(layer: Layer, path: KeyPath, message: str) -> ScenarioFileError:
    return ScenarioFileError(layer.file, dotted(path), layer.line(path), message)


def _read(path_or_name: str) -> tuple[str, str]:
    if path_or_name in SHIPPED:
        resource = files("scenarios").joinpath(f"{path_or_name}.toml")
        return resource.name, resource.read_text(encoding="utf-8")
    path = Path(path_or_name)
    try:
        with path.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
    except FileNotFoundError:
        near = get_close_matches(str(path), SHIPPED, n=1)
        said = f"did you mean {near[0]}?" if near else f"shipped ones are {', '.join(SHIPPED)}"
        raise ScenarioFileError(str(path), "", 0, f"there is no such scenario; {said}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a usable path"
        raise ScenarioFileError(str(path), "", 0, f"the file cannot be read: {reason}") from None
    if len(raw) > MAX_BYTES:
        raise ScenarioFileError(path.name, "", 0, "the file is larger than 1 MB, so it is not a scenario")
    try:
        return path.name, raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ScenarioFileError(path.name, "", line, "the file is not UTF-8 text") from None
