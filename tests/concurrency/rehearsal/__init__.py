"""A rehearsal in small, and rehearsals with a broken part: what cannot fail proves nothing."""
