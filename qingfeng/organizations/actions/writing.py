"""Write a plan that was checked: in bulk, a few statements whatever the number of rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qingfeng.organizations.models import Person, Post, Unit
from qingfeng.organizations.workbook.planning import Change, Plan
from qingfeng.organizations.workbook.records import PersonRecord, PostKey, PostRecord, UnitRecord

UNIT_FIELDS = (
    "code", "name", "short_name", "unit_class", "active_from", "active_to", "is_evaluated", "sort_order"
)  # fmt: skip
PERSON_FIELDS = ("code", "name", "is_party_member")
POST_FIELDS = ("title", "held_from", "held_to", "is_leader", "is_head", "is_concurrent")
BATCH = 200


def write(plan: Plan) -> None:
    """Write units before people before posts."""
    _write_units(plan.units)
    _write_people(plan.people)
    _write_posts(plan.posts)


def _fields(record: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def _write_units(changes: Iterable[Change[UnitRecord]]) -> None:
    """Create new units without links, then lay every changed row over what is stored, links and all."""
    records = {change.after.code: change for change in changes}
    Unit.objects.bulk_create(
        [Unit(**_fields(change.after, UNIT_FIELDS)) for change in records.values() if change.before is None],
        batch_size=BATCH,
    )
    links = {code for change in records.values() for code in (change.after.parent, change.after.successor)}
    stored = Unit.objects.in_bulk({*records, *links} - {""}, field_name="code")
    for code, change in records.items():
        unit, record = stored[code], change.after
        for name in UNIT_FIELDS:
            setattr(unit, name, getattr(record, name))
        unit.parent = stored[record.parent] if record.parent else None
        unit.successor = stored[record.successor] if record.successor else None
        unit.revision += 0 if change.before is None else 1
    names = [*UNIT_FIELDS, "parent", "successor", "revision"]
    Unit.objects.bulk_update([stored[code] for code in records], names, batch_size=BATCH)


def _write_people(changes: Iterable[Change[PersonRecord]]) -> None:
    records = {change.after.code: change.after for change in changes}
    stored = Person.objects.in_bulk(records, field_name="code")
    for code, person in stored.items():
        for name in PERSON_FIELDS:
            setattr(person, name, getattr(records[code], name))
        person.revision += 1
    Person.objects.bulk_update(stored.values(), [*PERSON_FIELDS, "revision"], batch_size=BATCH)
    Person.objects.bulk_create(
        [Person(**_fields(record, PERSON_FIELDS)) for code, record in records.items() if code not in stored],
        batch_size=BATCH,
    )


def _write_posts(changes: Iterable[Change[PostRecord]]) -> None:
    records = {change.after.key: change.after for change in changes}
    units = Unit.objects.in_bulk({record.unit for record in records.values()}, field_name="code")
    people = Person.objects.in_bulk({record.person for record in records.values()}, field_name="code")
    stored = _stored_posts(people)
    for key, record in records.items():
        for name in POST_FIELDS:
            if key in stored:
                setattr(stored[key], name, getattr(record, name))
    Post.objects.bulk_update([stored[key] for key in records if key in stored], POST_FIELDS, batch_size=BATCH)
    Post.objects.bulk_create(
        [
            Post(person=people[record.person], unit=units[record.unit], **_fields(record, POST_FIELDS))
            for key, record in records.items()
            if key not in stored
        ],
        batch_size=BATCH,
    )


def _stored_posts(people: dict[str, Person]) -> dict[PostKey, Post]:
    rows = Post.objects.filter(person__in=people.values()).select_related("person", "unit")
    return {(post.person.code, post.unit.code, post.title, post.held_from): post for post in rows}
