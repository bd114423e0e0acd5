"""The command line: parse, call one use case, render.

`santral NOUN VERB` is how IT, planners and QA reach the system. A command body parses its options, hands them to one
use case taken from `ctx.obj` and gives the answer to `render`; it decides nothing itself. This is the top layer: it
may import every other package, and it is the only place where the mock PMS's application meets the integration that
talks to it. Heavy libraries are imported inside the command that needs them, because `--help` must start fast and
build no settings.
"""
