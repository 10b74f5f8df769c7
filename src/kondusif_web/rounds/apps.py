from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "kondusif_web.rounds"
