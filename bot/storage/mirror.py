"""The CRM's records, mirrored so that reading costs no call; each with its age."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Text, any_, bindparam, cast, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.codec import all_from_json, from_doc, to_doc
from bot.storage.parking import CRM_CHANGES
from bot.storage.tables import forgotten, instance, mirror, parked, partner_versions
from crm.records import Contact, Deal, Lead, Milestone, Partner, Payment

Mirrored = Partner | Contact | Deal | Payment | Lead | Milestone
M = TypeVar("M", Partner, Contact, Deal, Payment, Lead, Milestone)
D = TypeVar("D", Payment, Milestone)

_KINDS: dict[type[Mirrored], str] = {
    Partner: "partner",
    Contact: "contact",
    Deal: "deal",
    Payment: "payment",
    Lead: "lead",
    Milestone: "milestone",
}
_CURSOR = "mirror_cursor"
_HEARD = "mirror_heard"
_WHOLE = "mirror_whole"
_LONG_AWAY = timedelta(minutes=5)


def _values(record: Mirrored) -> dict[str, Any]:
    record_id = record.number if isinstance(record, Lead) else record.id
    match record:
        case Partner():
            owner, key = record.id, record.name
        case Lead():
            owner, key = record.partner_id, record.number
        case Contact():
            owner, key = record.partner_id, record.email
        case Deal():
            owner, key = record.partner_id, record.number
        case Payment() | Milestone():
            owner, key = record.partner_id, record.deal_id
    return {"kind": _KINDS[type(record)], "id": record_id, "partner_id": owner, "key": key, "doc": to_doc(record)}


async def news(connection: AsyncConnection, records: Sequence[Mirrored]) -> list[Mirrored]:
    """Those that are not held in just this way."""
    rows = [_values(record) for record in records]
    held: dict[tuple[str, str], Any] = {}
    for kind in {row["kind"] for row in rows}:
        ids = [row["id"] for row in rows if row["kind"] == kind]
        found = await connection.execute(_DOCS, {"kind": kind, "ids": ids})
        held |= {(kind, row.id): row.doc for row in found}
    told = zip(records, rows, strict=True)
    return [record for record, row in told if held.get((row["kind"], row["id"])) != row["doc"]]


async def hold(connection: AsyncConnection, records: Sequence[Mirrored]) -> None:
    """Lock the version of everybody whom `store` will tell of these records: what is decided on what is held stays
    true to the commit, and nobody waits for anybody in a ring.
    """
    rows = [_values(record) for record in records]
    own = {row["partner_id"] for row in rows} | await _owners(connection, rows)
    await bump(connection, own | await _sharing(connection, records))


async def store(connection: AsyncConnection, records: Sequence[Mirrored]) -> None:
    """Write what the CRM says (or will say), and make whoever read the old state start again: the owner of each record,
    where it changes hands the one who had it, and whoever else has a part in the deal.
    """
    records = await _remembered(connection, records)
    if not records:
        return
    rows = [_values(record) for record in records]
    # Versions before records, as whoever handles a message locks them: the other way round two could wait in a ring.
    own = {row["partner_id"] for row in rows} | await _owners(connection, rows)
    await bump(connection, own | await _sharing(connection, records))
    await connection.execute(_STORE, rows)


async def _remembered(connection: AsyncConnection, records: Sequence[Mirrored]) -> Sequence[Mirrored]:
    """Without the contacts that were forgotten: the CRM may hold them still, and here they stay unknown."""
    people = [record.id for record in records if isinstance(record, Contact)]
    if not people:
        return records
    gone = set(await connection.scalars(_FORGOTTEN, {"ids": people}))
    return [record for record in records if not (isinstance(record, Contact) and record.id in gone)]


async def _owners(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> set[str]:
    """Whose these records have been so far."""
    found: set[str] = set()
    for kind in {row["kind"] for row in rows}:
        ids = [row["id"] for row in rows if row["kind"] == kind]
        found |= set(await connection.scalars(_OWNERS, {"kind": kind, "ids": ids}))
    return found


async def _sharing(connection: AsyncConnection, records: Sequence[Mirrored]) -> set[str]:
    """Who beside the owner has a part in the deals that these records are or belong to, before and now."""
    deals = {record.id for record in records if isinstance(record, Deal)}
    deals |= {record.deal_id for record in records if isinstance(record, Payment | Milestone) and record.deal_id}
    now = {other.partner_id for record in records if isinstance(record, Deal) for other in record.others}
    return now | set(await connection.scalars(_SHARING, {"ids": sorted(deals)})) if deals else now


async def bump(connection: AsyncConnection, partner_ids: Iterable[str]) -> None:
    """A new version for each partner, in one order, so that two writers never wait for each other in a ring."""
    rows = [{"partner_id": partner_id, "version": 1} for partner_id in sorted(partner_ids)]
    if rows:
        await connection.execute(_BUMP, rows)


async def version(connection: AsyncConnection, partner_id: str, *, lock: bool = False) -> int:
    """The partner's version, 0 where nothing was ever written; `lock` holds it to the end of the transaction."""
    found = await connection.scalar(_LOCK_VERSION if lock else _VERSION, {"partner": partner_id})
    return int(found or 0)


async def of_partner(connection: AsyncConnection, kind: type[M], partner_id: str) -> tuple[M, ...]:
    """All records of a kind that belong to this partner, and none of anybody else."""
    docs = await connection.scalars(_OF_PARTNER, {"partner": partner_id, "kind": _KINDS[kind]})
    return tuple(from_doc(kind, doc) for doc in docs)


async def influenced_by(connection: AsyncConnection, partner_id: str) -> tuple[Deal, ...]:
    """Deals of others, or of the vendor, in which this partner had a part: for its commission, never for its list."""
    said = [{"partner_id": partner_id}]
    docs = await connection.scalars(_INFLUENCED, {"partner": partner_id, "said": said})
    return tuple(from_doc(Deal, doc) for doc in docs)


async def some(connection: AsyncConnection, kind: type[M], record_ids: Iterable[str]) -> tuple[M, ...]:
    """Those of these ids that there are, whoever's they are."""
    docs = await connection.scalars(_SOME, {"kind": _KINDS[kind], "ids": sorted(set(record_ids))})
    return tuple(from_doc(kind, doc) for doc in docs)


async def deals_named(connection: AsyncConnection, names: Iterable[str]) -> tuple[Deal, ...]:
    """Deals of these numbers or ids, whoever's they are: for what the vendor's own systems say, never for a partner."""
    said = {*names}
    numbers = sorted(said | {name.upper() for name in said})
    docs = await connection.scalars(_DEALS_NAMED, {"ids": sorted(said), "numbers": numbers})
    return tuple(from_doc(Deal, doc) for doc in docs)


async def of_deals(connection: AsyncConnection, kind: type[D], deal_ids: Iterable[str]) -> tuple[D, ...]:
    """The payments or milestones of these deals, whoever's they are."""
    wanted = sorted(set(deal_ids) - {""})
    if not wanted:
        return ()
    docs = await connection.scalars(_OF_DEALS, {"kind": _KINDS[kind], "ids": wanted})
    return tuple(from_doc(kind, doc) for doc in docs)


@dataclass(frozen=True, slots=True)
class Held:
    """What the mirror holds of one partner, and the version it is of."""

    partner: Partner
    deals: tuple[Deal, ...]
    payments: tuple[Payment, ...]
    contacts: tuple[Contact, ...]
    leads: tuple[Lead, ...]
    version: int
    milestones: tuple[Milestone, ...] = ()


async def held(connection: AsyncConnection, partner_id: str) -> Held | None:
    """One partner's records in one look, so that they and their version belong together."""
    rows = (await connection.execute(_HELD, {"partner": partner_id})).all()
    docs: dict[str, list[Any]] = {kind: [] for kind in _KINDS.values()}
    for row in rows:
        docs[row.kind].append(row.doc)
    if not docs["partner"]:
        return None
    return Held(
        from_doc(Partner, docs["partner"][0]),
        tuple(from_doc(Deal, doc) for doc in docs["deal"]),
        tuple(from_doc(Payment, doc) for doc in docs["payment"]),
        tuple(from_doc(Contact, doc) for doc in docs["contact"]),
        tuple(from_doc(Lead, doc) for doc in docs["lead"]),
        int(rows[0].version or 0),
        tuple(from_doc(Milestone, doc) for doc in docs["milestone"]),
    )


async def everyone(connection: AsyncConnection, kind: type[M]) -> tuple[M, ...]:
    """All records of a kind: for managers and announcements, never for a partner."""
    docs = cast(mirror.c.doc, Text)  # read all at once, since one by one takes three times as long
    query = select(docs).where(mirror.c.kind == _KINDS[kind]).order_by(mirror.c.key, mirror.c.id)
    return all_from_json(kind, f"[{','.join(await connection.scalars(query))}]")


async def one(connection: AsyncConnection, kind: type[M], record_id: str) -> M | None:
    doc = await connection.scalar(_ONE, {"kind": _KINDS[kind], "id": record_id})
    return None if doc is None else from_doc(kind, doc)


async def contact_by_address(
    connection: AsyncConnection, address: str, *, ended: str = ""
) -> tuple[Partner, Contact] | None:
    """The active contact of that address and its partner; None when two partners claim it: then it names nobody. With
    `ended`, the beginning of a fact's name, None as well where that fact is known of the partner.
    """
    rows = (await connection.execute(_BY_ADDRESS, {"address": address, "ended": ended})).all()
    found = [(row.partner, from_doc(Contact, row.contact)) for row in rows]
    active = [(partner, contact) for partner, contact in found if contact.active]
    if len({contact.partner_id for _, contact in active}) != 1:
        return None
    partner, contact = active[0]
    if partner is None or any(row.has_ended for row in rows if ended and row.owner == contact.partner_id):
        return None
    return from_doc(Partner, partner), contact


async def contact_by_slack_user(connection: AsyncConnection, partner_id: str, slack_user_id: str) -> Contact | None:
    query = select(mirror.c.doc).where(
        mirror.c.kind == "contact",
        mirror.c.partner_id == partner_id,
        text("(doc ->> 'slack_user_id') = :slack_user").bindparams(slack_user=slack_user_id),
    )
    doc = (await connection.scalars(query.limit(1))).first()
    return None if doc is None else from_doc(Contact, doc)


async def cursor(connection: AsyncConnection) -> str:
    return str(await connection.scalar(select(instance.c.value).where(instance.c.name == _CURSOR)) or "")


async def move_cursor(connection: AsyncConnection, seen: str, value: str) -> bool:
    """False where somebody else has moved it from `seen` meanwhile. Until the commit nobody else moves it."""
    made = insert(instance).values(name=_CURSOR, value="")
    await connection.execute(made.on_conflict_do_nothing(index_elements=["name"]))
    moved = update(instance).where(instance.c.name == _CURSOR, instance.c.value == seen).values(value=value)
    return (await connection.execute(moved)).rowcount == 1


async def heard(connection: AsyncConnection) -> None:
    """The CRM has answered: what is held is as old as this at most, whatever changed there since."""
    made = insert(instance).values(name=_HEARD, value=func.now().cast(Text))
    await connection.execute(made.on_conflict_do_update(index_elements=["name"], set_={"value": made.excluded.value}))


async def is_taken_over(connection: AsyncConnection) -> None:
    """The last page of what the CRM holds is here."""
    made = insert(instance).values(name=_WHOLE, value=func.now().cast(Text))
    await connection.execute(made.on_conflict_do_nothing(index_elements=["name"]))


async def is_whole(connection: AsyncConnection) -> bool:
    """Whether all that the CRM held was taken over once: what comes from then on is new there."""
    return await connection.scalar(select(instance.c.value).where(instance.c.name == _WHOLE)) is not None


async def last_heard(connection: AsyncConnection) -> datetime | None:
    """When the CRM answered last; None where it never did."""
    said = await connection.scalar(select(instance.c.value).where(instance.c.name == _HEARD))
    return datetime.fromisoformat(said) if said else None


async def as_of(connection: AsyncConnection) -> datetime | None:
    """When the CRM answered last, where it has been away for longer than anybody need not know; else None."""
    said = await connection.scalar(_AS_OF, {"name": _HEARD, "dependency": CRM_CHANGES})
    return datetime.fromisoformat(said) if said else None


# Every message asks these: made once, they are not put together and compiled anew each time.
_STORED = insert(mirror)
_STORE = _STORED.on_conflict_do_update(
    index_elements=["kind", "id"],
    set_={name: _STORED.excluded[name] for name in ("partner_id", "key", "doc")} | {"as_of": func.now()},
)
_BUMP = insert(partner_versions).on_conflict_do_update(
    index_elements=["partner_id"], set_={"version": partner_versions.c.version + 1}
)
_VERSION = select(partner_versions.c.version).where(partner_versions.c.partner_id == bindparam("partner"))
# The update changes nothing; it locks the row, there or not, in one round trip.
_LOCK_VERSION = (
    insert(partner_versions)
    .values(partner_id=bindparam("partner"), version=0)
    .on_conflict_do_update(index_elements=["partner_id"], set_={"version": partner_versions.c.version})
    .returning(partner_versions.c.version)
)
_OF_PARTNER = (
    select(mirror.c.doc)
    .where(mirror.c.partner_id == bindparam("partner"), mirror.c.kind == bindparam("kind"))
    .order_by(mirror.c.key, mirror.c.id)
)
_HELD = (
    select(mirror.c.kind, mirror.c.doc, _VERSION.scalar_subquery().label("version"))
    .where(mirror.c.partner_id == bindparam("partner"))
    .order_by(mirror.c.key, mirror.c.id)
)
_ONE = select(mirror.c.doc).where(mirror.c.kind == bindparam("kind"), mirror.c.id == bindparam("id"))
_FORGOTTEN = select(forgotten.c.contact_id).where(forgotten.c.contact_id == any_(bindparam("ids", type_=ARRAY(Text))))
_OWNERS = (
    select(mirror.c.partner_id)
    .where(mirror.c.kind == bindparam("kind"), mirror.c.id == any_(bindparam("ids", type_=ARRAY(Text))))
    .distinct()
)
_SHARING = text(
    "select distinct other ->> 'partner_id' from mirror, jsonb_array_elements(doc -> 'others') other "
    "where kind = 'deal' and id = any(:ids)"
).bindparams(bindparam("ids", type_=ARRAY(Text)))
_INFLUENCED = (
    select(mirror.c.doc)
    .where(
        # Written out and not bound, so that the index on it is seen to serve.
        text("mirror.kind = 'deal' and (mirror.doc -> 'others') @> :said").bindparams(bindparam("said", type_=JSONB)),
        mirror.c.partner_id != bindparam("partner"),
    )
    .order_by(mirror.c.key, mirror.c.id)
)
_SOME = (
    select(mirror.c.doc)
    .where(mirror.c.kind == bindparam("kind"), mirror.c.id == any_(bindparam("ids", type_=ARRAY(Text))))
    .order_by(mirror.c.id)
)
_AS_OF = select(instance.c.value).where(
    instance.c.name == bindparam("name"),
    exists().where(parked.c.dependency == bindparam("dependency"), parked.c.since < func.now() - _LONG_AWAY),
)
_DOCS = select(mirror.c.id, mirror.c.doc).where(
    mirror.c.kind == bindparam("kind"), mirror.c.id == any_(bindparam("ids", type_=ARRAY(Text)))
)
_DEALS_NAMED = (
    select(mirror.c.doc)
    .where(
        mirror.c.kind == "deal",
        (mirror.c.key == any_(bindparam("numbers", type_=ARRAY(Text))))
        | (mirror.c.id == any_(bindparam("ids", type_=ARRAY(Text)))),
    )
    .order_by(mirror.c.key)
)
_OF_DEALS = (
    select(mirror.c.doc)
    .where(mirror.c.kind == bindparam("kind"), mirror.c.key == any_(bindparam("ids", type_=ARRAY(Text))))
    .order_by(mirror.c.key, mirror.c.id)
)
_OWNER = mirror.alias("owner")
_BY_ADDRESS = (
    select(
        mirror.c.doc.label("contact"), _OWNER.c.doc.label("partner"), mirror.c.partner_id.label("owner"),
        exists().where(instance.c.name == cast(bindparam("ended"), Text) + mirror.c.partner_id).label("has_ended"),
    )
    .select_from(mirror.outerjoin(_OWNER, (_OWNER.c.kind == "partner") & (_OWNER.c.id == mirror.c.partner_id)))
    .where(mirror.c.kind == "contact", mirror.c.key == bindparam("address"))
)  # fmt: skip
