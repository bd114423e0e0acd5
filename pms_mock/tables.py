"""The tables of the hotel's file.

Money is kept in minor units (cents), instants as UTC milliseconds, days as ISO text. `stock.sold` can never be
negative nor exceed what the hotel has plus what an authorised override has forced; the database itself says so
(CHECK), so no path through the code can sell a room twice. `world` is one row that every request reads: the version
of the configuration, the clock's offset, the version of the fault rules (0 = none) and whether the ledger is kept.
"""

SCHEMA_VERSION = 2
APPLICATION_ID = 0x504D5321

_FAULTS = """
CREATE TABLE fault (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, operation TEXT NOT NULL, hotel TEXT NOT NULL, rate REAL NOT NULL,
  seed INTEGER NOT NULL, times INTEGER NOT NULL, start_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL,
  params TEXT NOT NULL, seen INTEGER NOT NULL DEFAULT 0, hits INTEGER NOT NULL DEFAULT 0);
CREATE TABLE fault_trace (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, ref TEXT NOT NULL, due_ms INTEGER NOT NULL, doc BLOB NOT NULL);
CREATE INDEX trace_by_ref ON fault_trace (kind, ref);
INSERT INTO seq VALUES ('fault', 0);
"""

UPGRADE = f"DROP TABLE fault;\nUPDATE world SET faults = 0;{_FAULTS}"
"""From version 1, whose faults were of three kinds and never outlived a test."""

TABLES = (
    """
CREATE TABLE world (
  id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, offset_ms INTEGER NOT NULL,
  ledger INTEGER NOT NULL, faults INTEGER NOT NULL);
INSERT INTO world VALUES (1, 1, 0, 1, 0);
CREATE TABLE seq (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO seq VALUES ('reservation', 350000), ('profile', 900000), ('lock', 7000), ('cancellation', 40000),
  ('deposit', 20000), ('call', 60000), ('turnaway', 80000), ('restriction', 0), ('comment', 100000);
CREATE TABLE client (
  client_id TEXT PRIMARY KEY, secret TEXT NOT NULL, app_key TEXT NOT NULL, username TEXT NOT NULL,
  password TEXT NOT NULL, enterprise_id TEXT NOT NULL, hotels TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE token (
  hash BLOB PRIMARY KEY, client_id TEXT NOT NULL, user TEXT NOT NULL, expires_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE external_system (code TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE hotel (hotel TEXT PRIMARY KEY, position INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE price (
  hotel TEXT NOT NULL, day TEXT NOT NULL, rate_plan TEXT NOT NULL, room_type TEXT NOT NULL,
  minor INTEGER NOT NULL CHECK (minor >= 0), PRIMARY KEY (hotel, day, rate_plan, room_type)) WITHOUT ROWID;
CREATE TABLE stock (
  hotel TEXT NOT NULL, day TEXT NOT NULL, room_type TEXT NOT NULL, capacity INTEGER NOT NULL,
  sold INTEGER NOT NULL DEFAULT 0, forced INTEGER NOT NULL DEFAULT 0, tentative INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (hotel, day, room_type),
  CHECK (sold >= 0 AND forced >= 0 AND tentative >= 0 AND sold <= capacity + forced)) WITHOUT ROWID;
CREATE TABLE sell_limit (
  hotel TEXT NOT NULL, day TEXT NOT NULL, scope TEXT NOT NULL CHECK (scope IN ('house', 'type', 'class')),
  code TEXT NOT NULL, rooms INTEGER NOT NULL CHECK (rooms >= 0), PRIMARY KEY (hotel, day, scope, code)) WITHOUT ROWID;
CREATE TABLE restriction (
  id INTEGER PRIMARY KEY, hotel TEXT NOT NULL, code TEXT NOT NULL, unit INTEGER, los INTEGER NOT NULL,
  room_class TEXT, room_type TEXT, rate_plan TEXT, start TEXT NOT NULL, until TEXT NOT NULL, weekdays INTEGER NOT NULL);
CREATE INDEX restriction_by_hotel ON restriction (hotel, until);
CREATE TABLE profile (
  id TEXT PRIMARY KEY, surname TEXT NOT NULL, given TEXT NOT NULL, type TEXT NOT NULL, active INTEGER NOT NULL,
  doc TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX profile_by_name ON profile (surname, given);
CREATE INDEX profile_by_given ON profile (given);
CREATE TABLE profile_contact (
  kind TEXT NOT NULL, value TEXT NOT NULL, profile TEXT NOT NULL, PRIMARY KEY (kind, value, profile)) WITHOUT ROWID;
CREATE INDEX contact_by_profile ON profile_contact (profile);
CREATE TABLE profile_ref (
  system TEXT NOT NULL, ref TEXT NOT NULL, profile TEXT NOT NULL, PRIMARY KEY (ref, system, profile)) WITHOUT ROWID;
CREATE TABLE reservation (
  id INTEGER PRIMARY KEY, hotel TEXT NOT NULL, confirmation TEXT NOT NULL, status TEXT NOT NULL, profile TEXT NOT NULL,
  room_type TEXT NOT NULL, rate_plan TEXT NOT NULL, arrival TEXT NOT NULL, departure TEXT NOT NULL,
  units INTEGER NOT NULL, adults INTEGER NOT NULL, child_ages TEXT NOT NULL, guarantee TEXT NOT NULL,
  deducts INTEGER NOT NULL, on_hold INTEGER NOT NULL, market TEXT NOT NULL, source TEXT NOT NULL,
  promotion TEXT NOT NULL, packages TEXT NOT NULL, currency TEXT NOT NULL, fixed INTEGER NOT NULL, nights TEXT NOT NULL,
  total_minor INTEGER NOT NULL, deposit_due TEXT, created_ms INTEGER NOT NULL, created_on TEXT NOT NULL,
  creator TEXT NOT NULL, modified_ms INTEGER NOT NULL, modifier TEXT NOT NULL,
  cancel_number TEXT, cancel_code TEXT, cancel_text TEXT, cancelled_on TEXT, reinstated_on TEXT, doc TEXT NOT NULL);
CREATE INDEX reservation_by_confirmation ON reservation (confirmation);
CREATE INDEX reservation_by_profile ON reservation (profile);
CREATE INDEX reservation_by_arrival ON reservation (hotel, arrival);
CREATE INDEX reservation_by_departure ON reservation (hotel, departure);
CREATE INDEX reservation_by_created ON reservation (hotel, created_on);
CREATE INDEX reservation_by_cancel ON reservation (cancel_number) WHERE cancel_number IS NOT NULL;
CREATE INDEX reservation_by_due ON reservation (hotel, deposit_due) WHERE deposit_due IS NOT NULL;
CREATE INDEX reservation_live ON reservation (hotel, status, arrival) WHERE status IN ('Reserved', 'InHouse');
CREATE TABLE reservation_ref (
  system TEXT NOT NULL, ref TEXT NOT NULL, reservation INTEGER NOT NULL,
  PRIMARY KEY (ref, system, reservation)) WITHOUT ROWID;
CREATE INDEX ref_by_reservation ON reservation_ref (reservation);
CREATE TABLE reservation_comment (
  id INTEGER PRIMARY KEY, reservation INTEGER NOT NULL, doc TEXT NOT NULL);
CREATE INDEX comment_by_reservation ON reservation_comment (reservation);
CREATE TABLE cancellation (
  number INTEGER PRIMARY KEY, reservation INTEGER NOT NULL, shown TEXT NOT NULL, code TEXT NOT NULL,
  text TEXT NOT NULL, day TEXT NOT NULL, user TEXT NOT NULL);
CREATE INDEX cancellation_by_reservation ON cancellation (reservation);
CREATE TABLE deposit (
  id INTEGER PRIMARY KEY, hotel TEXT NOT NULL, reservation INTEGER NOT NULL, minor INTEGER NOT NULL,
  currency TEXT NOT NULL, method TEXT NOT NULL, reference TEXT NOT NULL, remark TEXT NOT NULL, day TEXT NOT NULL,
  folio INTEGER NOT NULL, cashier REAL, user TEXT NOT NULL);
CREATE INDEX deposit_by_reservation ON deposit (reservation);
CREATE TABLE lock (
  handle INTEGER PRIMARY KEY, reservation INTEGER NOT NULL UNIQUE, user TEXT NOT NULL, created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL);
CREATE TABLE call (
  id INTEGER PRIMARY KEY, hotel TEXT NOT NULL, user TEXT NOT NULL, day TEXT NOT NULL, seconds INTEGER NOT NULL,
  reservation INTEGER, doc TEXT NOT NULL);
CREATE INDEX call_by_day ON call (hotel, day);
CREATE TABLE turnaway (
  id INTEGER PRIMARY KEY, hotel TEXT NOT NULL, user TEXT NOT NULL, reason TEXT NOT NULL, day TEXT NOT NULL,
  doc TEXT NOT NULL);
CREATE TABLE ledger (
  id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, hotel TEXT NOT NULL,
  operation TEXT NOT NULL, request_id TEXT NOT NULL, status INTEGER NOT NULL, duration_us INTEGER NOT NULL,
  external_reference TEXT NOT NULL, fault TEXT NOT NULL);
"""
    + _FAULTS
)
