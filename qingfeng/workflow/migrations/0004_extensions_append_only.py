from django.db import migrations

from qingfeng.audit.append_only.operations import ProtectRows


class Migration(migrations.Migration):

    dependencies = [
        ('workflow', '0003_deadlines'),
    ]

    operations = [
        ProtectRows('workflow_extension'),
    ]
