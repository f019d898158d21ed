"""Characters that no stored text may hold: they would not show, or would turn the direction of what surrounds them."""

import re

UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]")
