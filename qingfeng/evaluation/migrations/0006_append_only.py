from django.db import migrations

from qingfeng.audit.append_only.operations import ProtectRows

TABLES = (
    "evaluation_fact",
    "evaluation_factpoints",
    "evaluation_reviewchange",
    "evaluation_snapshot",
    "evaluation_unitresult",
    "evaluation_approval",
    "evaluation_schedulechange",
)


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0005_evidence_files"),
        ("audit", "0003_append_only"),
    ]

    operations = [ProtectRows(table) for table in TABLES]
