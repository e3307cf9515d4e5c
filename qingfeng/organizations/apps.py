from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "qingfeng.organizations"
    label = "organizations"
