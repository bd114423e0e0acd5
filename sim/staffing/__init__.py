"""The smallest team that meets the targets: what each half hour needs, which shifts cover it, and the proof.

Three steps. **Need** (`need`): heads by half hour, for every set of languages together, so that a person who speaks two
is not counted twice. **Cover** (`cover`): whole people on lawful shifts that cover the need at the least cost, by an
integer programme. **Prove** (`prove`): the week is simulated with that very roster; where a target is missed people are
added, where somebody can be spared he is taken out, and the result is judged on seasons it was not sized on.
"""
