from django.apps import AppConfig


class DialogueConfig(AppConfig):
    name = "kondusif_web.dialogue"
