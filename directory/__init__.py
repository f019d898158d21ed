"""Open directory of the central authorities that receive requests under the UN Convention against Corruption."""

__version__ = "0.1.0"
