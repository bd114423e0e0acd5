"""Derive the mock's own table of the wire from the vendor's documents.

The published files are permissive: nearly nothing is required, nothing is closed, and ISO dates carry a length of 8.
This module carries over the *structure* (names, types, formats, enumerations, lengths; no descriptions), closes every
object, mends the dates, and keeps what a request of an offered operation can reach. The result is one JSON file,
`wire_schema.json`, that ships with the mock; a test derives it again and compares.

    python -m pms_mock.protocol.derive SPEC_DIR

SPEC_DIR holds `<name>.subset.json` (Swagger 2.0). The facts are under the Universal Permissive License 1.0: see
NOTICE.txt.
"""

import json
import sys
from pathlib import Path
from typing import Any

Json = dict[str, Any]

OFFERED_SPECS = ("oauth", "par", "inv", "crm", "csh", "rsv")
OTHER_SPECS = ("blk", "distributionreservationbook", "distributionshop")
NOT_OFFERED = frozenset({"authorizeCreditCardAmount", "postBillingPayment"})
WIRE_FILE = Path(__file__).with_name("wire_schema.json")

_KEPT = (
    "type", "format", "enum", "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "pattern",
    "uniqueItems", "required", "default", "collectionFormat",
)  # fmt: skip
_METHODS = ("get", "post", "put", "delete")
_ISO_DATE_LENGTH = 10


def derive(spec_dir: Path) -> Json:
    """The whole table: `operations` by id, `headers` by name, `definitions` by document and name."""
    wire: Json = {"release": "25.5", "operations": {}, "elsewhere": [], "headers": {}, "definitions": {}}
    for name in OFFERED_SPECS:
        document = json.loads((spec_dir / f"{name}.subset.json").read_text("utf-8"))
        _add_document(wire, name, document)
    for name in OTHER_SPECS:
        document = json.loads((spec_dir / f"{name}.subset.json").read_text("utf-8"))
        wire["elsewhere"] += [[method.upper(), document["basePath"] + path] for path, method, _ in _each(document)]
    wire["elsewhere"].sort()
    return wire


def render(wire: Json) -> str:
    """Stable text: one operation, header or definition a line, so that a new release can be read as a diff."""
    lines = ["{", f'"release":{json.dumps(wire["release"])},', f'"elsewhere":{_compact(wire["elsewhere"])},']
    lines += ['"headers":{', *_members(wire["headers"]), "},", '"operations":{', *_members(wire["operations"]), "},"]
    lines.append('"definitions":{')
    names = sorted(wire["definitions"])
    for name in names:
        closing = "}" if name == names[-1] else "},"
        lines += [f"{json.dumps(name)}:{{", *_members(wire["definitions"][name]), closing]
    return "\n".join([*lines, "}", "}", ""])


def _add_document(wire: Json, name: str, document: Json) -> None:
    reachable: Json = {}
    for path, method, operation in _each(document):
        if operation["operationId"] in NOT_OFFERED:
            wire["elsewhere"].append([method.upper(), document["basePath"] + path])
            continue
        body = _add_operation(wire, document, path, method)
        if body:
            _reach(document["definitions"], body, name, reachable)
    if reachable:
        wire["definitions"][name] = reachable


def _add_operation(wire: Json, document: Json, path: str, method: str) -> str | None:
    operation = document["paths"][path][method]
    entry: Json = {"area": document["basePath"].strip("/").split("/")[0], "method": method.upper()}
    entry |= {"path": document["basePath"] + path, "query": {}, "form": {}, "segments": {}, "headers": []}
    body = None
    for parameter in (_resolved(document, item) for item in operation.get("parameters", [])):
        if parameter["in"] == "body":
            body = parameter["schema"]["allOf"][0]["$ref"].rsplit("/", 1)[1]
        elif parameter["in"] == "header":
            header = parameter["name"].lower()
            wire["headers"].setdefault(header, _parameter(parameter))
            entry["headers"].append(header)
        else:
            place = {"query": "query", "formData": "form", "path": "segments"}[parameter["in"]]
            entry[place][parameter["name"]] = _parameter(parameter)
    name = next(key for key in OFFERED_SPECS if document["basePath"] == f"/{key}/v1")
    entry["body"] = f"{name}/{body}" if body else None
    entry["success"] = min(code for code in operation["responses"] if code.startswith("2"))
    wire["operations"][operation["operationId"]] = entry
    return body


def _parameter(parameter: Json) -> Json:
    kept = _clean(parameter, "")
    if "items" in parameter:
        kept["items"] = _clean(parameter["items"], "")
    return kept


def _reach(definitions: Json, name: str, document: str, reached: Json) -> None:
    if name in reached:
        return
    reached[name] = _clean(definitions[name], document)
    for target in sorted(_targets(definitions[name])):
        _reach(definitions, target, document, reached)


def _clean(schema: Json, document: str) -> Json:
    if "$ref" in schema:
        return {"$ref": f"#/definitions/{document}/{schema['$ref'].rsplit('/', 1)[1]}"}
    kept = {key: schema[key] for key in _KEPT if key in schema and not (key == "minLength" and schema[key] == 0)}
    if kept.get("format") == "date" and kept.get("maxLength", _ISO_DATE_LENGTH) < _ISO_DATE_LENGTH:
        del kept["maxLength"]
    if isinstance(schema.get("properties"), dict):
        kept["properties"] = {key: _clean(value, document) for key, value in schema["properties"].items()}
        kept["additionalProperties"] = False
    if isinstance(schema.get("items"), dict) and document:
        kept["items"] = _clean(schema["items"], document)
    if "allOf" in schema:
        kept["allOf"] = [_clean(part, document) for part in schema["allOf"]]
    return kept


def _targets(schema: object) -> set[str]:
    if isinstance(schema, dict):
        own = {schema["$ref"].rsplit("/", 1)[1]} if isinstance(schema.get("$ref"), str) else set[str]()
        return own.union(*(_targets(value) for value in schema.values()))
    if isinstance(schema, list):
        return set[str]().union(*(_targets(value) for value in schema))
    return set()


def _resolved(document: Json, parameter: Json) -> Json:
    if "$ref" not in parameter:
        return parameter
    resolved: Json = document["parameters"][parameter["$ref"].rsplit("/", 1)[1]]
    return resolved


def _each(document: Json) -> list[tuple[str, str, Json]]:
    return [(path, m, item[m]) for path, item in document["paths"].items() for m in _METHODS if m in item]


def _members(mapping: Json) -> list[str]:
    keys = sorted(mapping)
    return [f"{json.dumps(key)}:{_compact(mapping[key])}{'' if key == keys[-1] else ','}" for key in keys]


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


if __name__ == "__main__":
    WIRE_FILE.write_text(render(derive(Path(sys.argv[1]))), "utf-8")
