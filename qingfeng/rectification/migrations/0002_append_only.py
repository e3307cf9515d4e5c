from django.db import migrations

from qingfeng.audit.append_only.operations import ProtectRows

TABLES = (
    "rectification_itemreport",
    "rectification_itemtransfer",
    "rectification_itemreminder",
)


class Migration(migrations.Migration):
    dependencies = [
        ("rectification", "0001_first_tables"),
        ("audit", "0003_append_only"),
    ]

    operations = [ProtectRows(table) for table in TABLES]
