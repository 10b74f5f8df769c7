from django.apps import AppConfig


class CalibrationConfig(AppConfig):
    name = "kondusif_web.calibration"
