"""Authorities, requirements, vocabulary and the rules on them. Pure: no input, no output."""
