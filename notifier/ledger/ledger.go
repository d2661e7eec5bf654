package ledger

import (
	"context"
	"errors"
	"time"

	"breachmail/notifier"
)

// ErrNewer is returned by a store's Open for a ledger written by a later
// version of breachmail.
var ErrNewer = errors.New("this ledger was written by a newer breachmail (use that version)")

// ErrDamaged is returned when what is stored contradicts itself.
var ErrDamaged = errors.New("the ledger is damaged")

// Export is one file of accounts as it was planned. Each one's account closes
// for itself: Rows = Recipients + Merged + Rejected + AlreadyTold. Replaced says
// how many of its rows stand in for a row that an export planned before, or in
// the same batch, counts as Rejected. Such a pair is one row of the account: the
// totals leave out the row that was set aside, from those read and from those
// rejected (see Rows), and what became of the other one counts, rejected again
// or not.
type Export struct {
	Digest      notifier.Digest // of the file's bytes; for a member of an archive see package export
	Name        string          // the file's base name
	Batch       int
	Rows        int64 // rows read: Recipients + Merged + Rejected + AlreadyTold
	Recipients  int64
	Merged      int64
	Rejected    int64
	AlreadyTold int64
	Replaced    int64 // rows that stand in for a row set aside before, which is no longer counted
}

// Batch is what one run of plan added.
type Batch struct {
	Number int             // 1, 2, …
	First  int64           // id of its first recipient
	Last   int64           // id of its last recipient
	Digest notifier.Digest // the list digest
	At     time.Time
}

// Size is the number of recipients in the batch.
func (b Batch) Size() int64 { return b.Last - b.First + 1 }

// Blocks is the number of blocks in the batch.
func (b Batch) Blocks() int { return int((b.Size() + notifier.BlockSize - 1) / notifier.BlockSize) }

// BlockOf returns the number of the block that holds the recipient with that id.
func (b Batch) BlockOf(id int64) int { return int((id - b.First) / notifier.BlockSize) }

// Row is a recipient with its state.
type Row struct {
	Recipient notifier.Recipient
	Batch     int
	Wave      string
	Status    notifier.Status // empty for a postal recipient
	Attempts  int             // claims so far
	Tries     int             // failed attempts that count
	First     time.Time       // first claim of a deferred recipient
	Due       time.Time       // of a deferred recipient
	Last      int64           // the last row of evidence about them, 0 where there is none, or in a ledger of an older version
}

// Block is what a block holds now and the digest it was planned with.
type Block struct {
	Rows    []Row
	Planned notifier.Digest
}

// Intact reports whether the block still holds what was planned.
func (b Block) Intact() bool {
	list := make([]notifier.Recipient, len(b.Rows))
	for i := range b.Rows {
		list[i] = b.Rows[i].Recipient
	}
	return notifier.BlockDigest(list) == b.Planned
}

// Wave is a part of the plan by order of id: the first Recipients of those not
// yet in a wave, or Percent of all email recipients, or, with neither, the rest.
type Wave struct {
	Name       string
	Recipients int64
	Percent    float64
}

// Group counts the recipients that share channel, state, language and variant.
type Group struct {
	Batch   int
	Channel notifier.Channel
	State   string
	Reason  string // why postal
	Variant notifier.Variant
	Count   int64
}

// Due names a deferred recipient and when it may be tried again.
type Due struct {
	ID int64
	At time.Time
}

// Halt is a stop by breaker or guard that a person has to clear.
type Halt struct {
	Reason  string    `json:"reason"`
	At      time.Time `json:"at"`
	Samples []string  `json:"samples"` // replies that led to it, redacted; not nil as it is read
}

// Minute counts the claims that were made through one relay within a minute.
type Minute struct {
	Start  time.Time // to the minute, UTC
	Relay  string
	Claims int64
	Last   time.Time // when the last of them was made, to the second
}

// Late is an account that arrived after its recipient's notice was settled.
type Late struct {
	Key      notifier.Key
	Accounts []notifier.Held // empty once it was purged
	Export   string
}

// Reader is what any process may ask, also while another one sends.
type Reader interface {
	// Totals returns the account. Claims without outcome count as in flight.
	Totals(ctx context.Context) (Totals, error)
	// Rejects returns how many rows with each mark are set aside now. It is
	// empty for those of batches that a version without marks has planned.
	Rejects(ctx context.Context) (map[notifier.Mark]int, error)
	// Export finds a planned export by its digest.
	Export(ctx context.Context, d notifier.Digest) (Export, bool, error)
	// Batches returns all batches by number.
	Batches(ctx context.Context) ([]Batch, error)
	// NextBatch returns the number that the next batch will have.
	NextBatch(ctx context.Context) (int, error)
	// Groups returns the recipients counted by batch, channel, state, variant.
	Groups(ctx context.Context) ([]Group, error)
	// Approvals returns all approvals, oldest first. One whose evidence row is not
	// what was written comes with Altered set, and is no error.
	Approvals(ctx context.Context) ([]Approval, error)
	// Content returns the piece with that digest that an approval bound, and
	// false when there is none: older versions kept none. It is ErrDamaged when
	// what is kept is not what was approved.
	Content(ctx context.Context, d notifier.Digest) ([]byte, bool, error)
	// Halted returns the halt that stands, or nil.
	Halted(ctx context.Context) (*Halt, error)
	// Released tells which gates were opened, by wave.
	Released(ctx context.Context) (map[string]bool, error)
	// ReleasedHolds tells which holds were released, by name.
	ReleasedHolds(ctx context.Context) (map[string]bool, error)
	// HeldBack returns how many recipients of these states (of every state where
	// there are none) are pending or deferred, and not in flight.
	HeldBack(ctx context.Context, states []string) (int64, error)
	// Block reads block n of batch b.
	Block(ctx context.Context, b Batch, n int) (Block, error)
	// NextPending returns the lowest id above after that is pending in wave.
	NextPending(ctx context.Context, wave string, after int64) (id int64, ok bool, err error)
	// Blocks returns the digests batch b was planned with, block by block.
	Blocks(ctx context.Context, b Batch) ([]notifier.Digest, error)
	// Deferred returns up to limit deferred recipients of wave (of every wave
	// where it is empty) in the order they are due, those due by until only.
	Deferred(ctx context.Context, wave string, until time.Time, limit int) ([]Due, error)
	// NextDue returns when the first deferred recipient of wave (of every wave
	// where it is empty) after that time is due.
	NextDue(ctx context.Context, wave string, after time.Time) (at time.Time, ok bool, err error)
	// Sent returns the claims of each minute that begins at or after since, by
	// time, then relay: every claim once, whatever became of it, also that of a
	// killed run. What is older than 25 hours may be gone, and so may all that a
	// version without these counts has claimed.
	Sent(ctx context.Context, since time.Time) ([]Minute, error)
	// Each calls f for every row by id; it must not keep the row.
	Each(ctx context.Context, f func(Row) error) error
	// Head returns the number and hash of the last evidence row.
	Head(ctx context.Context) (seq int64, chain notifier.Digest, err error)
	// Evidence calls f for every evidence row by number.
	Evidence(ctx context.Context, f func(Evidence) error) error
	Finder
	Lineage
	Part
	Aftermath
}

// Batcher adds one batch inside Plan.
type Batcher interface {
	// Trace has f tell by what each recipient can be found that is added or
	// replaced from now on. Without it they are found by key only.
	Trace(f func(*notifier.Recipient) Traces)
	// Find returns the recipient of an earlier batch with that key. What this
	// batch has added is not looked at: it may not be in the store yet.
	Find(k notifier.Key) (Row, bool, error)
	// Add adds a new recipient; keys must come in ascending order. What is wrong
	// with it may be told later, at the latest by Plan.
	Add(r notifier.Recipient) error
	// Each calls f for every recipient of that earlier batch by id, as Replace
	// has left it; f must not keep the row. Those it was called for, also the one
	// it is called for, may be replaced meanwhile. A claim in flight counts among
	// a row's attempts, as in what Find returns.
	Each(batch int, f func(Row) error) error
	// Replace stores what r now holds for the recipient with its id, which is
	// one of an earlier batch and was never claimed. The channel may become
	// postal at any time, and email, for somebody with an address, as long as
	// nothing of the campaign was claimed: that recipient is pending then, and in
	// a wave once they are cut anew.
	Replace(r notifier.Recipient) error
	// AddLate lists accounts that came after their recipient was settled, and
	// returns those of them that were not listed before.
	AddLate(l Late) (fresh []notifier.Held, err error)
	// AddReject records a row that was set aside.
	AddReject(m notifier.Mark) error
	// ReplaceReject takes back one row with that mark that was set aside, in
	// this batch or before, and reports false when there is none. Counted are
	// the rejects of Export; its Replaced says how many were taken back. Plan
	// fails when the exports of the batch do not count what was recorded.
	ReplaceReject(m notifier.Mark) (bool, error)
	// AddExport records an export of this batch.
	AddExport(e Export) error
}

// Planner changes what is to be sent.
type Planner interface {
	// Plan adds a batch: all that fill adds, or, on any error or crash,
	// nothing. Waves are cut anew while nothing has been claimed; after that
	// the new recipients join the last wave. A fill that adds no recipient
	// gives a batch with Number 0 and keeps the exports.
	Plan(ctx context.Context, waves []Wave, fill func(Batcher) error) (Batch, error)
	// Cut cuts the waves anew, or fails with ErrBegun when it would change
	// waves after the first claim.
	Cut(ctx context.Context, waves []Wave) error
}

// ErrBegun is returned by Cut when sending has begun.
var ErrBegun = errors.New("the waves were changed after sending began")

// Sender is what a run of send needs.
type Sender interface {
	// Start records that a run that sends begins, and returns its epoch: one more
	// than the last. It is ErrCopy for a copy, ErrPurged after Purge.
	Start(ctx context.Context, s Start) (epoch int64, err error)
	// Recover turns claims without outcome into unknown and returns how many.
	Recover(ctx context.Context, at time.Time) (int, error)
	// Claim queues a claim; done is called once, when it is durable or failed.
	Claim(c notifier.Claim, done func(error))
	// Record queues an outcome; done is called once, as for Claim.
	Record(o notifier.Outcome, done func(error))
}

// Decider records what people decide.
type Decider interface {
	// Approve records an approval with the contents that it binds, and returns
	// its evidence row. Each piece is kept under its SHA-256, once, whichever
	// approvals bind it. No piece may hold personal data.
	Approve(ctx context.Context, a Approval, contents [][]byte) (seq int64, err error)
	// RecordTest records what became of a test message and returns its evidence
	// row. Of o it keeps what is no person's: relay and date of the claim,
	// status, cause, code, enhanced code, reply, relay's id, variant, digest and
	// when it was known.
	RecordTest(ctx context.Context, o notifier.Outcome, note TestNote) (seq int64, err error)
	// Halt records a stop, with its samples; ClearHalt takes it back.
	Halt(ctx context.Context, h Halt) error
	ClearHalt(ctx context.Context, at time.Time) error
	// Release opens the gate after a wave.
	Release(ctx context.Context, wave string, at time.Time) error
	// ReleaseHold ends a hold for good. states are those it names; empty: all.
	ReleaseHold(ctx context.Context, name string, states []string, at time.Time) error
	// Resend makes every unknown recipient of wave (of every wave where it is
	// empty) pending and returns how many.
	Resend(ctx context.Context, wave string, at time.Time) (int, error)
	// Reconcile settles unknown recipients, and Doubted ones; others are left as
	// they are. It returns how many changed.
	Reconcile(ctx context.Context, verdicts []Verdict, at time.Time) (int, error)
	// Adopt makes a copy, or an older ledger, the one that is sent from: it is no
	// copy any more, and its epoch is the one given.
	Adopt(ctx context.Context, a Adoption) error
	// Purge removes personal data for good. Claims without outcome become unknown
	// first. Done again it removes what a killed one has left in the files.
	Purge(ctx context.Context, p Purge) (Purged, error)
}

// Store is a ledger opened for writing.
type Store interface {
	Reader
	Planner
	Sender
	Decider
	Closer
	// Commits returns how many transactions were committed since it was opened.
	Commits() int64
	// Close waits for what is queued and closes the store.
	Close() error
}
