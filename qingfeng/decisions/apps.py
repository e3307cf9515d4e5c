from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "qingfeng.decisions"
    label = "decisions"
