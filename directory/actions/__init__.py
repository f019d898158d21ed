"""One decision, one transaction, one log record."""
