from django.apps import AppConfig


class LookConfig(AppConfig):
    name = "kondusif_web.pages"
    label = "look"
