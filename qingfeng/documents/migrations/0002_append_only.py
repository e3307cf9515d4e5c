from django.db import migrations

from qingfeng.audit.append_only.operations import ProtectRows


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0003_append_only'),
        ('documents', '0001_first_tables'),
    ]

    operations = [
        ProtectRows('documents_storedfile'),
        ProtectRows('documents_fileversion'),
        ProtectRows('documents_issuedcopy'),
        ProtectRows('documents_recipient'),
    ]
