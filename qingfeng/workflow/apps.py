from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "qingfeng.workflow"
    label = "workflow"
