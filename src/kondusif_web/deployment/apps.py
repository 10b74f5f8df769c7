from django.apps import AppConfig


class DeploymentConfig(AppConfig):
    name = "kondusif_web.deployment"
