"""Makes the rules happen against real systems: a PMS, a store, a clock, channels.

Read it from the inside out. `errors` and `settings` say what can fail and what can be set; `ports` are Protocols that
say in our words what we need from outside; `usecases` are the verbs, one a file, which know ports and domain only.
Around them stand `adapters` (one folder per outside system), `http` (the service) and `workers` (what runs by
itself), which do not know each other. `bootstrap` is the one wiring place. import-linter keeps these layers; a new
file must choose its own.
"""
