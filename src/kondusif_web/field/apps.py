from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "kondusif_web.field"
