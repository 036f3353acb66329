"""The product's settings, with a reply strategy that fails with what it was told."""

from config.settings import *  # noqa: F403

REPLY_STRATEGY = "tests.chaos.canaries.strategy.Fails"
