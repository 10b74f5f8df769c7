from django.apps import AppConfig


class ElectionConfig(AppConfig):
    name = "kondusif_web.election"
