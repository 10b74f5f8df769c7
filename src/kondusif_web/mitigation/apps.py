from django.apps import AppConfig


class MitigationConfig(AppConfig):
    name = "kondusif_web.mitigation"
    label = "mitigation"
