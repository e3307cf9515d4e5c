from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "qingfeng.evaluation"
    label = "evaluation"
