from django.db import migrations

from qingfeng.audit.append_only.operations import ProtectRows

TABLES = ("evaluation_confirmation", "evaluation_appealcorrection")


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0009_appeals"),
        ("audit", "0003_append_only"),
    ]

    operations = [ProtectRows(table) for table in TABLES]
