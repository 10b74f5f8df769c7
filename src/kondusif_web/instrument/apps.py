from django.apps import AppConfig


class InstrumentConfig(AppConfig):
    name = "kondusif_web.instrument"
