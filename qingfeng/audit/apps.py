from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "qingfeng.audit"
    label = "audit"
