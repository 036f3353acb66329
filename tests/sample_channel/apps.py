"""The sample channel as an app: it registers its provider."""

from django.apps import AppConfig

from channels_app import providers


class SampleChannelConfig(AppConfig):
    name = "tests.sample_channel"

    def ready(self) -> None:
        from tests.sample_channel.provider import SampleChannel

        providers.register(SampleChannel())
