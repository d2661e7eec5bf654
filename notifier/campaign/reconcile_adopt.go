package campaign

import (
	"context"
	"iter"
	"slices"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// fresh is how old the end of a relay's log may be where nothing says until when
// another ledger may have been used.
const fresh = 10 * time.Minute

// sharded is for how many people logs are read at once: what they say, some four
// kilobytes for each, is kept in memory until all are read.
var sharded = 25_000

// adopt settles whoever was sent to since this ledger was copied, and makes it the
// one that is sent from, where the logs show all that the relays took since.
// Nothing is written before that is decided.
func (r *reconciling) adopt(ctx context.Context) error {
	d, err := r.c.doubt(ctx, r.Reader)
	if err != nil {
		return err
	}
	if d == nil {
		r.NoDoubt = true
		return nil
	}
	a, err := r.askAll(ctx)
	if err != nil {
		return err
	}
	f, err := r.frontier(ctx, d)
	if err != nil {
		return err
	}
	h := a.first()
	for _, marks := range f.marks {
		h.beside(marks)
	}
	if err := r.read(ctx, h); err != nil {
		return err
	}
	r.Strangers = len(a.strangers)
	if r.opt.Because == "" && (!r.shows(f, a.people()) || r.Strangers > 0) {
		return hint(d, "give the logs that are missing, and plan what is not in this ledger (that sends nothing); "+
			"where nothing was sent since, or some may get a second notice, say so: %s", r.c.Command("reconcile --adopt --because TEXT"))
	}
	if err := r.recover(ctx); err != nil {
		return err
	}
	if err := r.settleAll(ctx, a); err != nil || r.store == nil {
		return err
	}
	done, err := r.c.adopt(ctx, r.store, ledger.Adoption{
		Because: r.opt.Because, Logs: r.logs.bases(), Accepted: r.Accepted, Bounced: r.Bounced, At: time.Now(),
	})
	if err == nil {
		r.Adopted = &done
	}
	return err
}

// settleAll settles all whom the logs name.
func (r *reconciling) settleAll(ctx context.Context, a *asking) error {
	for h := range a.shards() {
		if err := r.read(ctx, h); err != nil {
			return err
		}
		verdicts, err := r.doubted(ctx, h)
		if err != nil {
			return err
		}
		slices.SortFunc(verdicts, func(a, b ledger.Verdict) int { return slices.Compare(a.Key[:], b.Key[:]) })
		if err := r.write(ctx, verdicts); err != nil {
			return err
		}
	}
	return nil
}

// doubted gives the verdicts about all who were heard of. Whose notice began to
// come in, and no more is said, is nobody to be sent to without a decision.
func (r *reconciling) doubted(ctx context.Context, h *hearing) ([]ledger.Verdict, error) {
	var verdicts []ledger.Verdict
	for key, t := range h.people {
		if len(t.copies) == 0 && t.begun == nil {
			continue
		}
		rows, err := r.Between(ctx, key, key, 1)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			continue
		}
		v, ok := t.verdict(&rows[0].Recipient)
		if !ok && rows[0].Status == notifier.Unknown {
			continue
		}
		if !ok {
			v = verdictBy(notifier.Unknown, t.begun, &rows[0].Recipient)
		}
		v.Doubted = true
		verdicts = append(verdicts, v)
	}
	return verdicts, nil
}

// asking is everybody who may have been sent to since, by the first half of their
// keys: two people share one less than once in a million campaigns.
type asking struct {
	open      []uint64 // in order; pending, deferred or unknown
	named     []bool   // which of them the logs name
	settled   []uint64 // in order; all others
	strangers map[notifier.Key]bool
}

// maxStrangers bounds what is counted: it may be another campaign's log.
const maxStrangers = 100_000

func prefix(k notifier.Key) (n uint64) {
	for _, c := range k[:8] {
		n = n<<8 | uint64(c)
	}
	return n
}

// askAll reads who there is.
func (r *reconciling) askAll(ctx context.Context) (*asking, error) {
	a := &asking{strangers: map[notifier.Key]bool{}}
	err := r.Each(ctx, func(row ledger.Row) error {
		switch row.Status {
		case notifier.Pending, notifier.Deferred, notifier.Unknown, notifier.InFlight:
			a.open = append(a.open, prefix(row.Recipient.Key))
		default:
			a.settled = append(a.settled, prefix(row.Recipient.Key))
		}
		return nil
	})
	slices.Sort(a.open)
	slices.Sort(a.settled)
	a.named = make([]bool, len(a.open))
	return a, err
}

// people is how many may have been sent to.
func (a *asking) people() int { return len(a.open) }

// first finds who is named at all, of those asked for and of others.
func (a *asking) first() *hearing {
	h := hearingOf(nil)
	h.want = func(k notifier.Key) bool {
		p := prefix(k)
		if i, ok := slices.BinarySearch(a.open, p); ok {
			a.named[i] = true
		} else if _, ok := slices.BinarySearch(a.settled, p); !ok && len(a.strangers) < maxStrangers {
			a.strangers[k] = true
		}
		return false
	}
	return h
}

// shards gives those who are named, some at a time.
func (a *asking) shards() iter.Seq[*hearing] {
	var named []uint64
	for i, p := range a.open {
		if a.named[i] {
			named = append(named, p)
		}
	}
	return func(yield func(*hearing) bool) {
		for some := range slices.Chunk(named, sharded) {
			h := hearingOf(nil)
			h.want = func(k notifier.Key) bool {
				_, ok := slices.BinarySearch(some, prefix(k))
				return ok
			}
			if !yield(h) {
				return
			}
		}
	}
}

// frontier is from where to where logs have to show what the relays took.
type frontier struct {
	marks   map[string][]*neighbour // by relay: what it took around where that begins, the nearest first
	newest  time.Time               // of the evidence
	until   time.Time               // by the sender's clock
	all     bool                    // from the first notice on
	nothing bool                    // nothing was sent since
}

// frontier finds it. A ledger that has another history than the one that was used
// last may have parted from it anywhere.
func (r *reconciling) frontier(ctx context.Context, d *Doubt) (*frontier, error) {
	f := &frontier{marks: map[string][]*neighbour{}, all: d.Kind == DoubtHistory, until: time.Now().Add(-fresh)}
	for _, relay := range r.c.Config.Relays {
		f.marks[relay.Name] = nil
	}
	if err := r.Evidence(ctx, f.take); err != nil {
		return nil, err
	}
	for _, marks := range f.marks {
		if !f.all {
			slices.Reverse(marks)
		}
	}
	if d.Anchor != nil {
		f.until = d.Anchor.At
	}
	if f.newest.After(f.until) {
		f.until = f.newest
	}
	if a := d.Anchor; a != nil {
		chain, ok, err := r.At(ctx, a.Seq)
		if err != nil {
			return nil, err
		}
		f.nothing = ok && a.Seq == d.Rows && a.Epoch == d.Epoch && chain.String() == a.Head
	}
	return f, nil
}

// take takes a row of evidence in.
func (f *frontier) take(e ledger.Evidence) error {
	f.newest = e.Outcome.At
	one, ok := neighbourOf(&e)
	if e.Kind != ledger.KindAttempt && !ok || e.Outcome.Claim.Relay == "" {
		return nil
	}
	marks := f.marks[one.relay]
	if ok && !(f.all && len(marks) >= besides) {
		if marks = append(marks, &one); len(marks) > besides {
			marks = append(marks[:0:0], marks[1:]...)
		}
	}
	f.marks[one.relay] = marks
	return nil
}

// shows reports whether the logs show all that the relays took since, and notes
// what is missing, for that many people.
func (r *reconciling) shows(f *frontier, people int) bool {
	if f.nothing {
		return true
	}
	whole := true
	for _, relay := range sortedKeys(f.marks) {
		if l := r.showsOf(f, f.marks[relay]); l != nil {
			r.why.list = append(r.why.list, &standing{lack: *l, relay: relay, n: people, first: f.newest, last: f.newest})
			whole = false
		}
	}
	return whole
}

// showsOf is shows of one relay.
func (r *reconciling) showsOf(f *frontier, marks []*neighbour) *lack {
	switch named := func(n *neighbour) bool { return n.named }; {
	case len(r.logs.list) == 0:
		return &lack{why: lackNoLog}
	case len(marks) == 0:
		return &lack{why: lackUnused}
	case !slices.ContainsFunc(marks, named):
		return &lack{why: lackAll}
	}
	if l := missing(marks, lackBefore); l != nil {
		return l
	}
	in, from := map[int]bool{}, marks[0].at
	for _, n := range marks {
		in[n.file] = true
	}
	_, fast := clocks(marks)
	return r.book.whole(in, from, f.until.Add(fast+settling))
}
