from django.db import migrations

from qingfeng.audit.append_only.operations import ProtectRows


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0003_append_only'),
        ('decisions', '0001_first_tables'),
    ]

    operations = [
        ProtectRows('decisions_approvalstep'),
        ProtectRows('decisions_writtenopinion'),
        ProtectRows('decisions_resolution'),
        ProtectRows('decisions_minutescorrection'),
    ]
