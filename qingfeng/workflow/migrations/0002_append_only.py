from django.db import migrations

from qingfeng.audit.append_only.operations import ProtectRows


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0003_append_only'),
        ('workflow', '0001_first_tables'),
    ]

    operations = [
        ProtectRows('workflow_statechange'),
    ]
