from django.apps import AppConfig


class LogbookConfig(AppConfig):
    name = "kondusif_web.logbook"
