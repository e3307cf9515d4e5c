from django.apps import AppConfig


class RectificationConfig(AppConfig):
    name = "qingfeng.rectification"
    label = "rectification"
