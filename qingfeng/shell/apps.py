from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "qingfeng.shell"
    label = "shell"

    def ready(self) -> None:
        from qingfeng.shell import wiring  # noqa: PLC0415 -- apps must be loaded before handlers are

        wiring.connect()
