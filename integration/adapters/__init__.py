"""One folder per outside system: each satisfies a port and is the only place that knows its protocol.

The OHIP client, the store's tables and migrations, the clock, the maker of ids. An adapter translates both ways: our
words out, their answers in, their failures into the `PmsError` tree. Two adapters never import each other through a
use case.
"""
