from __future__ import annotations

from django.db import migrations

from qingfeng.audit.append_only.operations import ProtectRows


class Migration(migrations.Migration):
    dependencies = [("ballots", "0001_urns"), ("audit", "0003_append_only")]

    operations = [
        ProtectRows("ballots_codebatch"),
        ProtectRows("ballots_mixedanswer"),
        ProtectRows("ballots_mixedcomment"),
        ProtectRows("ballots_receipt"),
    ]
