"""The directory as files: NDJSON, CSV."""
