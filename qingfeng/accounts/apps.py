from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "qingfeng.accounts"
    label = "accounts"

    def ready(self) -> None:
        import_module("qingfeng.accounts.queries.policy")  # declares the settings of sign-in
