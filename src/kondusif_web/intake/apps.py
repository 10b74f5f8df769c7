from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "kondusif_web.intake"
