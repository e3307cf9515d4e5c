from __future__ import annotations

import datetime as dt

from factory.declarations import LazyAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from qingfeng.organizations.enums import UnitClass
from qingfeng.organizations.models import Person, Post, Unit

LONG_AGO = dt.date(2020, 1, 1)


class UnitFactory(DjangoModelFactory[Unit]):
    class Meta:
        model = Unit

    code = Sequence(lambda n: f"U{n:04d}")
    name = LazyAttribute(lambda unit: f"云川市{unit.short_name}")
    short_name = Sequence(lambda n: f"第{n}镇")
    unit_class = UnitClass.TOWN
    active_from = LONG_AGO


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    code = Sequence(lambda n: f"P{n:05d}")
    name = Sequence(lambda n: f"人员{n}")


class PostFactory(DjangoModelFactory[Post]):
    class Meta:
        model = Post

    person = SubFactory(PersonFactory)
    unit = SubFactory(UnitFactory)
    title = "科员"
    held_from = LONG_AGO
