"""Property tests here judge what is computed, not how fast: the machine may be busy with other tests."""

from hypothesis import settings

settings.register_profile("domain", deadline=None)
settings.load_profile("domain")
