"""What the integration needs from outside, in our own words.

`pms` is the hotel's system, `store` our own memory, `surroundings` everything small: clock, ids, telephone numbers,
names, sentences. Use cases know only these; adapters implement them; tests fake them.
"""
