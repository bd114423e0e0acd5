"""Stand-ins that satisfy the ports: type-checked, in memory, with knobs for what goes wrong.

A fake keeps the promises of its port and no others. It holds no clock, no chance and no wait of its own.
"""
