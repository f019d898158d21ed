"""Collected facts become entries: messy records in, versions out. Pure; reading files is the caller's."""
