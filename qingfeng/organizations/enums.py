from __future__ import annotations

from django.db import models


class UnitClass(models.TextChoices):
    TOWN = "town", "镇街"
    PARTY = "party", "党群"
    GOVERNMENT = "government", "政府部门"
    ENTERPRISE = "enterprise", "国企事业"
    VERTICAL = "vertical", "垂管"
    STATIONED = "stationed", "派驻"
