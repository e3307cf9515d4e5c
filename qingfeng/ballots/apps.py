from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "qingfeng.ballots"
    label = "ballots"
