package campaign

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/bounce/inbox"
	"breachmail/notifier/bounce/returned"
	"breachmail/notifier/ledger"
	"breachmail/notifier/relay"
)

// So much is taken in before what it says is recorded.
const (
	takenAtOnce      = 500
	takenBytesAtOnce = 8 << 20
)

// taker takes in what came back.
type taker struct {
	BouncesTaken
	c     *Campaign
	store ledger.Store
	find  finder
	opt   returned.Options

	byAddress bool // see BouncesOptions

	from    inbox.Source
	arrived []arrived // from there, and not recorded yet
	bytes   int       // of them
}

// arrived is a message, and what it says.
type arrived struct {
	message inbox.Message
	reports []returned.Report
}

func (c *Campaign) newTaker(ctx context.Context, store ledger.Store, o *BouncesOptions) (*taker, error) {
	purged, err := store.Purged(ctx)
	s := &c.Config.Sender
	return &taker{
		BouncesTaken: BouncesTaken{KeptIn: c.path(outDir, bouncesDir, "unmatched")},
		c:            c, store: store, find: finder{c: c, r: store, purged: purged},
		byAddress: o.ByAddress,
		opt:       returned.Options{Campaign: c.Config.Campaign, ReturnPath: s.ReturnPath, Hostname: s.Hostname},
	}, err
}

// sources reads one source after the other, also where one cannot be read.
func (t *taker) sources(ctx context.Context, list []inbox.Source) error {
	var places error
	for _, s := range list {
		t.from = s
		var ours error
		err := s.Each(ctx, func(m inbox.Message) error {
			ours = t.take(ctx, m)
			return ours
		})
		if ours == nil {
			ours = t.flush(ctx)
		}
		switch {
		case ours != nil:
			return ours
		case ctx.Err() != nil:
			return ErrInterrupted
		case err != nil:
			places = errors.Join(places, &placeError{err})
		}
	}
	return places
}

// take takes in one message.
func (t *taker) take(ctx context.Context, m inbox.Message) error {
	if ctx.Err() != nil {
		return ErrInterrupted
	}
	t.Read++
	a := arrived{m, t.reports(&m)}
	a.message.Raw = bytes.Clone(m.Raw)
	t.arrived = append(t.arrived, a)
	if t.bytes += len(m.Raw); len(t.arrived) >= takenAtOnce || t.bytes >= takenBytesAtOnce {
		return t.flush(ctx)
	}
	return nil
}

// reports returns what a message says. An event that is none that we know may hold
// something that a person has to see.
func (t *taker) reports(m *inbox.Message) []returned.Report {
	if !m.Event {
		return []returned.Report{returned.Parse(m.Raw, t.opt)}
	}
	list, err := returned.ParseEvent(m.Raw, t.opt)
	if err != nil {
		return []returned.Report{{Class: returned.Other, ID: sha256.Sum256(m.Raw)}}
	}
	return list
}

// causes are what a report's class is in the evidence.
var causes = map[returned.Class]notifier.Cause{
	returned.Hard: notifier.CauseHard, returned.Soft: notifier.CauseSoft,
	returned.Complaint: notifier.CauseComplaint, returned.AutoReply: notifier.CauseAutoReply,
}

// people are recipients by key.
type people map[notifier.Key]*ledger.Row

// named reads all whom the keys in what arrived may name.
func (t *taker) named(ctx context.Context) (people, error) {
	var keys []notifier.Key
	for i := range t.arrived {
		for _, r := range t.arrived[i].reports {
			for _, clue := range r.Keys {
				keys = append(keys, clue.Key)
			}
		}
	}
	found := people{}
	return found, t.store.Of(ctx, keys, func(row ledger.Row) error {
		found[row.Recipient.Key] = &row
		return nil
	})
}

// match returns whose notice a report is about, nil where it is nobody's. A key is
// known to nobody but its recipient and those who carried the notice. One that is
// nobody's is forged, or another campaign's: then the address is not looked at,
// which anybody may know.
func (t *taker) match(ctx context.Context, r *returned.Report, named people) (*ledger.Row, string, error) {
	for _, clue := range r.Keys {
		if row := named[clue.Key]; row != nil {
			return row, clue.By, nil
		}
	}
	if len(r.Keys) > 0 || r.Address.IsZero() {
		return nil, "", nil
	}
	hits, err := t.find.find(ctx, &who{address: canonicalAddress(r.Address)})
	if err != nil || len(hits) != 1 { // of several people with one address nobody can tell which
		return nil, "", err
	}
	return &hits[0].row, ledger.ByAddress, nil
}

// bounceOf is a report as it is recorded.
func (t *taker) bounceOf(r *returned.Report, row *ledger.Row, cause notifier.Cause, by string) ledger.Bounce {
	to := &row.Recipient
	return ledger.Bounce{
		Key: to.Key, ID: r.ID, Cause: cause, Code: r.Code, Enhanced: r.Enhanced,
		Reply: t.reply(r, to), By: by, Came: r.At,
	}
}

// addressLike is what may be an address in a text, somebody else's too: a forwarded
// notice comes back from whom it was forwarded to.
var addressLike = regexp.MustCompile(`[^\s<>()\[\]"',;:@]+@[^\s<>()\[\]"',;:@]+`)

// reply is what a report says as it may be kept. After a purge nothing is left to
// tell what in it is the recipient's.
func (t *taker) reply(r *returned.Report, to *notifier.Recipient) string {
	if t.find.purged != nil {
		return ""
	}
	text := relay.Redact(to.Conceal(words(r)), to.Address, r.Address)
	return addressLike.ReplaceAllString(text, notifier.Concealed)
}

// words are what a report says behind its codes, which have places of their own.
func words(r *returned.Report) string {
	text := r.Text.Reveal()
	if r.Code != 0 {
		text = strings.TrimLeft(strings.TrimPrefix(text, strconv.Itoa(r.Code)), " -")
	}
	if r.Enhanced != "" {
		text = strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(text, "#"), r.Enhanced), " ")
	}
	return text
}

// flush records what arrived since the last time, and then marks it as read.
func (t *taker) flush(ctx context.Context) error {
	if len(t.arrived) == 0 {
		return nil
	}
	whole := context.WithoutCancel(ctx)
	list, err := t.sorted(whole)
	if err != nil {
		return err
	}
	if len(list) > 0 {
		effects, err := t.store.Bounces(whole, list, time.Now())
		if err != nil {
			return err
		}
		for i, effect := range effects {
			t.count(&list[i], effect)
		}
	}
	done := make([]inbox.Message, len(t.arrived))
	for i := range t.arrived {
		done[i] = t.arrived[i].message
	}
	clear(t.arrived)
	t.arrived, t.bytes = t.arrived[:0], 0
	if err := t.from.Mark(whole, done); err != nil {
		return &placeError{err}
	}
	return nil
}

// sorted returns what is to be recorded of what arrived. The rest is kept for a
// person to look at.
func (t *taker) sorted(ctx context.Context) ([]ledger.Bounce, error) {
	named, err := t.named(ctx)
	if err != nil {
		return nil, err
	}
	var list []ledger.Bounce
	for i := range t.arrived {
		a := &t.arrived[i]
		for j := range a.reports {
			b, err := t.recorded(ctx, &a.reports[j], named)
			if err == nil && b == nil {
				err = t.keep(&a.reports[j], &a.message)
			}
			if err != nil {
				return nil, err
			}
			if b != nil {
				list = append(list, *b)
			}
		}
	}
	return list, nil
}

// recorded is a report as it is recorded, nil where it changes nothing.
func (t *taker) recorded(ctx context.Context, r *returned.Report, named people) (*ledger.Bounce, error) {
	cause, is := causes[r.Class]
	if !is {
		t.Other++
		return nil, nil
	}
	row, by, err := t.match(ctx, r, named)
	switch {
	case err != nil:
		return nil, err
	case row == nil:
		t.Unmatched++
		return nil, nil
	case row.Attempts == 0:
		t.Unsent++
		return nil, nil
	}
	if by == ledger.ByAddress && !t.byAddress {
		t.ByAddress++
		return nil, nil
	}
	b := t.bounceOf(r, row, cause, by)
	return &b, nil
}

// count counts what recording a bounce did.
func (t *taker) count(b *ledger.Bounce, effect ledger.BounceEffect) {
	switch effect {
	case ledger.BounceRepeated:
		t.Repeated++
		return
	case ledger.BounceUnsent:
		t.Unsent++
		return
	case ledger.BounceBounced:
		t.Bounced++
	case ledger.BounceSettled:
		t.Settled++
	}
	if b.By == ledger.ByAddress {
		t.ByAddress++
	}
	switch b.Cause {
	case notifier.CauseHard:
		t.Hard++
	case notifier.CauseSoft:
		t.Soft++
	case notifier.CauseComplaint:
		t.Complaints++
	case notifier.CauseAutoReply:
		t.AutoReplies++
	}
}

// keep keeps a message that changed nothing, for a person to look at. Its name is
// its identity, so that the same one is kept once. After a purge nothing personal is
// kept any more.
func (t *taker) keep(r *returned.Report, m *inbox.Message) error {
	if t.find.purged != nil {
		return nil
	}
	if err := os.MkdirAll(t.KeptIn, 0o700); err != nil {
		return err
	}
	ending := ".eml"
	if m.Event {
		ending = ".json"
	}
	path := filepath.Join(t.KeptIn, fmt.Sprintf("%x%s", r.ID[:16], ending))
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	t.Kept++
	return writeBytes(path, personal, m.Raw)
}
