from django.db import migrations

from qingfeng.audit.append_only.operations import ProtectRows


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0003_append_only'),
        ('accounts', '0002_seats_grants_ended_and_changes'),
    ]

    operations = [
        ProtectRows('accounts_accountchange'),
        ProtectRows('accounts_seathandover'),
        ProtectRows('accounts_passwordrecord'),
    ]
