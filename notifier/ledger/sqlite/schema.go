package sqlite

// version is the schema's number in user_version. What is changed here has its
// counterpart in migrations.
const version = 6

// versionMarks is the first version with the table rejects and the columns
// exports.replaced, recipients.consent and recipients.extra. Readers do without
// them where a ledger has not been opened for writing since.
const versionMarks = 2

// versionContents is the first version with the table contents.
const versionContents = 3

// versionSent is the first version with the table sent.
const versionSent = 4

// versionTraces is the first version with the tables traces and facts and the
// columns attempts.prev, recipients.last and late.traces.
const versionTraces = 5

// versionAftermath is the first version with the tables bounces and letters.
const versionAftermath = 6

// applicationID marks the file as ours ("brch").
const applicationID = 0x62726368

// The statuses as stored. They are all above 1 so that a row keeps its size
// when its status changes: SQLite stores 0 and 1 in no byte and these in one.
const (
	stPending  = 10
	stDeferred = 11
	stAccepted = 12
	stRefused  = 13
	stUnknown  = 14
	stBounced  = 15
	stPostal   = 20 // told by post: no notice of ours
)

// schema is the ledger as it is created. Recipients are ordered by id, which
// is the order of sending; what is pending, deferred or unknown is found by
// partial indexes that shrink as the campaign goes on. tally and groups are
// the account, changed in the transaction that changes what they count. An
// export's replaced is NULL where its rejects have no marks.
const schema = rejectsTable + contentsTable + sentTable + tracesTables + aftermathTables + `
CREATE TABLE exports(
  digest BLOB PRIMARY KEY, name TEXT NOT NULL, batch INTEGER NOT NULL,
  rows INTEGER NOT NULL, recipients INTEGER NOT NULL, merged INTEGER NOT NULL,
  rejected INTEGER NOT NULL, already_told INTEGER NOT NULL,
  replaced INTEGER) WITHOUT ROWID;
CREATE TABLE batches(
  number INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,
  digest BLOB NOT NULL, at INTEGER NOT NULL);
CREATE TABLE blocks(
  batch INTEGER NOT NULL, n INTEGER NOT NULL, digest BLOB NOT NULL,
  PRIMARY KEY(batch, n)) WITHOUT ROWID;
CREATE TABLE variants(
  id INTEGER PRIMARY KEY, template TEXT NOT NULL, language TEXT NOT NULL,
  types TEXT NOT NULL, state TEXT NOT NULL,
  UNIQUE(template, language, types, state));
CREATE TABLE relays(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE waves(
  n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
  recipients INTEGER NOT NULL, percent REAL NOT NULL);
CREATE TABLE recipients(
  id INTEGER PRIMARY KEY, key BLOB NOT NULL, wave INTEGER,
  status INTEGER NOT NULL, attempts INTEGER NOT NULL, tries INTEGER NOT NULL,
  first INTEGER, due INTEGER, reason TEXT, address TEXT, name TEXT, phone TEXT,
  zip TEXT, state TEXT NOT NULL, language TEXT, accounts TEXT NOT NULL,
  variant INTEGER NOT NULL, consent INTEGER NOT NULL DEFAULT 0, extra TEXT,
  last INTEGER NOT NULL DEFAULT 16777216);
CREATE UNIQUE INDEX recipients_key ON recipients(key);
CREATE INDEX recipients_pending ON recipients(wave, id) WHERE status = 10;
CREATE INDEX recipients_deferred ON recipients(due) WHERE status = 11;
CREATE INDEX recipients_unknown ON recipients(id) WHERE status = 14;
CREATE TABLE tally(
  wave INTEGER NOT NULL, status INTEGER NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY(wave, status)) WITHOUT ROWID;
CREATE TABLE groups(
  batch INTEGER NOT NULL, channel TEXT NOT NULL, state TEXT NOT NULL,
  reason TEXT NOT NULL, variant INTEGER NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY(batch, channel, state, reason, variant)) WITHOUT ROWID;
CREATE TABLE claims(
  id INTEGER PRIMARY KEY, attempt INTEGER NOT NULL, wave INTEGER NOT NULL,
  relay INTEGER NOT NULL, at INTEGER NOT NULL, approval INTEGER NOT NULL,
  was INTEGER NOT NULL);
CREATE TABLE late(key BLOB NOT NULL, accounts TEXT NOT NULL, export TEXT NOT NULL, traces BLOB);
` + lateIndex + `
CREATE TABLE attempts(
  seq INTEGER PRIMARY KEY, kind INTEGER NOT NULL, key BLOB, wave INTEGER,
  attempt INTEGER, claimed INTEGER, known INTEGER, relay INTEGER,
  outcome INTEGER, cause TEXT, code INTEGER, enhanced TEXT, reply TEXT,
  relay_id TEXT, variant INTEGER, digest BLOB, approval INTEGER, note TEXT,
  chain BLOB NOT NULL, prev INTEGER);
CREATE INDEX attempts_kind ON attempts(kind) WHERE kind <> 0;
` + keylessIndex + prevIndex

// noRow is what recipients.last is for somebody about whom there is no evidence:
// the row's number is added to it. SQLite stores all such numbers in four bytes,
// so a row keeps its size when it gets its first one.
const noRow = 16777216

// prevIndex finds the rows of evidence that another one about the same recipient
// came after: few have any.
const prevIndex = `
CREATE INDEX attempts_prev ON attempts(prev) WHERE prev IS NOT NULL;
`

// tracesTables hold by what people are found (see traces.go) and single facts
// about the ledger (see lineage.go).
const tracesTables = `
CREATE TABLE traces(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
` + factsTable

// factsTable may be there: a copy of an older version has one, for its mark.
const factsTable = `
CREATE TABLE IF NOT EXISTS facts(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`

// linkRows says of each row of evidence which one about the same recipient came
// before it, and of each recipient which one is the last. The index is for that
// alone.
const linkRows = `
CREATE INDEX linking ON attempts(key, seq) WHERE key IS NOT NULL;
UPDATE attempts SET prev = (SELECT max(p.seq) FROM attempts p WHERE p.key = attempts.key AND p.seq < attempts.seq)
  WHERE key IS NOT NULL;
UPDATE recipients SET last = 16777216 + coalesce((SELECT max(a.seq) FROM attempts a WHERE a.key = recipients.key), 0);
DROP INDEX linking;
`

// aftermathTables hold what came back, by the first sixteen bytes of its ID, and
// who was listed for a letter: on which list, and by which row of evidence the
// letter is known to be sent.
const aftermathTables = `
CREATE TABLE bounces(id BLOB PRIMARY KEY, cause TEXT NOT NULL, seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE letters(id INTEGER PRIMARY KEY, list INTEGER NOT NULL, mailed INTEGER);
`

// keylessIndex finds the rows of evidence that are about nobody: no attempt is.
const keylessIndex = `CREATE INDEX attempts_keyless ON attempts(seq) WHERE key IS NULL;`

// lateIndex finds the accounts that were listed for somebody before.
const lateIndex = `CREATE INDEX late_key ON late(key);`

// rejectsTable holds the rows that were set aside: by which batch, and by
// which one each was replaced.
const rejectsTable = `
CREATE TABLE rejects(
  mark BLOB NOT NULL, batch INTEGER NOT NULL, replaced INTEGER);
CREATE INDEX rejects_open ON rejects(mark) WHERE replaced IS NULL;
`

// contentsTable holds what approvals bind: templates, facts and samples of
// stand-in values, nothing personal. bytes is deflated, size its length before.
// The pieces are large, and a b-tree with them in its inner pages would be deep:
// the table has rowids.
const contentsTable = `
CREATE TABLE contents(
  digest BLOB PRIMARY KEY NOT NULL, size INTEGER NOT NULL, bytes BLOB NOT NULL);
`

// sentTable counts claims by minute (since 1970) and relay; last is when the
// last of them was made, in Unix seconds.
const sentTable = `
CREATE TABLE sent(
  minute INTEGER NOT NULL, relay INTEGER NOT NULL, claims INTEGER NOT NULL,
  last INTEGER NOT NULL, PRIMARY KEY(minute, relay)) WITHOUT ROWID;
`

// fillSent counts what the attempts and the claims without outcome say of the
// 25 hours before the newest of them. It counts one by one, because sorting two
// million would take their space in memory.
const fillSent = `
WITH made(at, relay) AS NOT MATERIALIZED (
  SELECT claimed, relay FROM attempts WHERE kind = 0 AND claimed IS NOT NULL AND relay IS NOT NULL
  UNION ALL SELECT at, relay FROM claims)
INSERT INTO sent SELECT at / 60, relay, 1, at FROM made
  WHERE at >= (SELECT max(at) FROM made) - 25 * 3600
  ON CONFLICT DO UPDATE SET claims = claims + 1, last = max(last, excluded.last);
`
