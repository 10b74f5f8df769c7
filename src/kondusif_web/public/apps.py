from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "kondusif_web.public"
