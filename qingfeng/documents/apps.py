from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "qingfeng.documents"
    label = "documents"
