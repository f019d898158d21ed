"""The type of a connection, for those who are handed one without knowing SQLite."""

from sqlite3 import Connection

__all__ = ["Connection"]
