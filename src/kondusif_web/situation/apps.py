from django.apps import AppConfig


class SituationConfig(AppConfig):
    name = "kondusif_web.situation"
