"""The intake, whole: signed bodies in, cases out."""
