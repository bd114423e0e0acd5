"""The wire: which requests exist, what they may contain, and the words of a refusal."""
