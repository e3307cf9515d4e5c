from django.db import migrations

from qingfeng.audit.append_only.operations import ProtectRows


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_seals'),
    ]

    operations = [
        ProtectRows('audit_entry'),
        ProtectRows('audit_seal'),
    ]
