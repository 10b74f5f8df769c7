from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "kondusif_web.accounts"
