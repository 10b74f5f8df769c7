from django.apps import AppConfig


class DrillConfig(AppConfig):
    name = "kondusif_web.drill"
