"""The formats of a file by their names."""

from collections.abc import Callable, Mapping

from directory.exports.item import Contents
from directory.exports.table import Table
from directory.exports.writers import Lines, Whole, Writer

FORMATS: Mapping[str, Callable[[Contents], Writer]] = {"ndjson": Lines, "csv": Table, "json": Whole}
MEDIA_TYPES: Mapping[str, str] = {
    "ndjson": Lines.media_type, "csv": Table.media_type, "json": Whole.media_type,
}  # fmt: skip
