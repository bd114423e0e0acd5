"""Proofs with the real pieces: processes, sockets, files, and kills. The long ones are marked `torture`."""
