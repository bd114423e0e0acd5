"""On which line of a TOML file does a key stand?

The standard library's parser gives values without their places, yet a person
with 600 lines of hotel file needs the line. This scanner walks a text that
the parser has already accepted and notes the line of every key path, so it
need not validate anything: tables, arrays of tables, dotted and quoted keys,
inline tables and arrays over many lines. Array items are numbered from 0.
"""

from bisect import bisect_right

KeyPath = tuple[str | int, ...]

SPACE = " \t\r\n"
SCALAR_END = ",]}\n#"
TRIPLES = ('"""', "'''")


def key_lines(text: str) -> dict[KeyPath, int]:
    """Give the line (from 1) of every key path in `text`, which must be valid TOML."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


def line_of(lines: dict[KeyPath, int], path: KeyPath) -> int:
    """Give the line of `path`, or of its nearest parent that stands in the file; 1 at worst."""
    for end in range(len(path), 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return 1


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[KeyPath, int] = {}
        self._starts = [0, *(i + 1 for i, char in enumerate(text) if char == "\n")]
        self._tables: dict[KeyPath, int] = {}

    def document(self) -> None:
        table: KeyPath = ()
        self._skip()
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._pair(table)
            self._skip()

    def _mark(self, path: KeyPath) -> None:
        self.lines.setdefault(path, bisect_right(self._starts, self.at))

    def _skip(self) -> None:
        while self.at < len(self.text):
            if self.text[self.at] == "#":
                self.at = self._until("\n")
            elif self.text[self.at] in SPACE:
                self.at += 1
            else:
                return

    def _until(self, ends: str) -> int:
        at = self.at
        while at < len(self.text) and self.text[at] not in ends:
            at += 1
        return at

    def _header(self) -> KeyPath:
        is_array = self.text.startswith("[[", self.at)
        start = self.at
        self.at += 2 if is_array else 1
        keys = self._keys("]")
        end, self.at = self.at + (2 if is_array else 1), start
        path = (*self._resolve(keys[:-1]), keys[-1])
        if is_array:
            self._mark(path)
            self._tables[path] = self._tables.get(path, -1) + 1
        path = self._resolve_last(path)
        self._mark(path)
        self.at = end
        return path

    def _resolve(self, keys: list[str]) -> KeyPath:
        path: KeyPath = ()
        for key in keys:
            path = self._resolve_last((*path, key))
        return path

    def _resolve_last(self, path: KeyPath) -> KeyPath:
        return (*path, self._tables[path]) if path in self._tables else path

    def _keys(self, end: str) -> list[str]:
        keys: list[str] = []
        while True:
            self._skip()
            keys.append(self._key(end))
            self._skip()
            if self.text[self.at] != ".":
                return keys
            self.at += 1

    def _key(self, end: str) -> str:
        start = self.at
        if self.text[start] in "\"'":
            self._string()
            return self.text[start + 1 : self.at - 1]
        self.at = self._until(f". \t{end}")
        return self.text[start : self.at]

    def _pair(self, table: KeyPath) -> None:
        start = self.at
        keys = self._keys("=")
        equals, self.at = self.at, start
        path = table
        for key in keys:
            path = (*path, key)
            self._mark(path)
        self.at = equals + 1
        self._skip()
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        opening = self.text[self.at]
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline_table(path)
        elif opening in "\"'":
            self._string()
        else:
            self.at = self._until(SCALAR_END)

    def _array(self, path: KeyPath) -> None:
        index = 0
        while self._next_item("]"):
            self._mark((*path, index))
            self._value((*path, index))
            index += 1

    def _inline_table(self, path: KeyPath) -> None:
        while self._next_item("}"):
            self._pair(path)

    def _next_item(self, closing: str) -> bool:
        if self.text[self.at] in "[{":
            self.at += 1
        self._skip()
        if self.text[self.at] == ",":
            self.at += 1
            self._skip()
        if self.text[self.at] == closing:
            self.at += 1
            return False
        return True

    def _string(self) -> None:
        quote = self.text[self.at : self.at + 3]
        if quote not in TRIPLES:
            quote = quote[0]
        self.at += len(quote)
        while not self.text.startswith(quote, self.at):
            self.at += 2 if self.text[self.at] == "\\" and quote[0] == '"' else 1
        self.at += len(quote)
        while len(quote) > 1 and self.text.startswith(quote[0], self.at):
            self.at += 1
