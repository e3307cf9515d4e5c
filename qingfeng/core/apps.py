from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "qingfeng.core"
    label = "core"

    def ready(self) -> None:
        from qingfeng.core import wording  # noqa: PLC0415 -- forms may be imported once apps are ready

        wording.speak_plainly()
