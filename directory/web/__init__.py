"""The only place that knows HTTP and templates."""
