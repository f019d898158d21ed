"""``directory serve``."""

commands = ()
