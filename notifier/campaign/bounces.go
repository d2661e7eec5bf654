package campaign

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"time"

	"breachmail/notifier/bounce/inbox"
	"breachmail/notifier/ledger"
)

// BouncesOptions tell where to look for what came back.
type BouncesOptions struct {
	Sources   []string // as package inbox has them; "-" is Stdin
	Stdin     io.Reader
	Getenv    func(string) string // for passwords
	TLS       *tls.Config         // of mailboxes; nil: the system's
	Warn      func(string)        // told what was passed over; nil: nobody
	ByAddress bool                // also what names nobody's key, and is matched by the address
	Follow    bool                // keep looking, until the context ends
	Every     time.Duration       // so often
	Progress  func(*BouncesTaken) // told what each reading took in, while following
	Waiting   func(error)         // told, once, that another process has the campaign, or a place cannot be read, while following
}

// BouncesTaken is what one run, or one reading, took in.
type BouncesTaken struct {
	Status      Status
	Recovered   int   // claims that a killed run had left without outcome
	Read        int64 // messages and events
	Hard        int64 // came back for good
	Bounced     int64 // of these, people who were accepted or unknown until now
	Soft        int64 // may still arrive, or nobody can tell
	Complaints  int64
	AutoReplies int64
	Settled     int64 // people who were unknown: their notice was taken, or nothing could have come back
	ByAddress   int64 // name nobody's key, and somebody's address: recorded, with ByAddress, or else kept
	Repeated    int64 // recorded before
	Unmatched   int64 // bounces of nobody in this campaign
	Unsent      int64 // bounces of somebody to whom this ledger has sent nothing
	Other       int64 // neither bounce nor answer of a program: somebody may have written
	Kept        int64 // of what changed nothing, files that are new in KeptIn
	KeptIn      string
}

// Bounces takes in what came back. What was taken in stays so where it ends with
// an error; it can be run again, and the same bounce counts once. With Follow the
// end of the context is its end, and no error.
func (c *Campaign) Bounces(ctx context.Context, o BouncesOptions) (*BouncesTaken, error) {
	sources, err := c.openInboxes(ctx, &o)
	if err != nil {
		return nil, err
	}
	defer func() { _ = closeAll(sources) }()
	work := func(ctx context.Context, sources []inbox.Source) (*BouncesTaken, error) {
		return c.takeBounces(ctx, sources, &o)
	}
	if o.Follow {
		work = func(ctx context.Context, sources []inbox.Source) (*BouncesTaken, error) {
			return c.followBounces(ctx, sources, &o)
		}
	}
	t, err := work(ctx, sources)
	if t == nil {
		return nil, err
	}
	status, statusErr := c.Status(context.WithoutCancel(ctx))
	t.Status = status
	return t, errors.Join(err, statusErr)
}

// openInboxes opens what is named.
func (c *Campaign) openInboxes(ctx context.Context, o *BouncesOptions) ([]inbox.Source, error) {
	var sources []inbox.Source
	for _, where := range o.Sources {
		s, err := inbox.Open(ctx, where, inbox.Options{Stdin: o.Stdin, Getenv: o.Getenv, TLS: o.TLS, Warn: o.Warn})
		if err != nil {
			return nil, errors.Join(err, closeAll(sources))
		}
		sources = append(sources, s)
	}
	return sources, nil
}

func closeAll(sources []inbox.Source) error {
	var err error
	for _, s := range sources {
		err = errors.Join(err, s.Close())
	}
	return err
}

// takeBounces reads all sources once.
func (c *Campaign) takeBounces(ctx context.Context, sources []inbox.Source, o *BouncesOptions) (*BouncesTaken, error) {
	store, end, err := c.afterwards(ctx, "bounces")
	if err != nil {
		return nil, err
	}
	defer end()
	t, err := c.newTaker(ctx, store, o)
	if err != nil {
		return nil, err
	}
	if t.Recovered, err = store.Recover(ctx, time.Now()); err != nil {
		return nil, err
	}
	err = t.sources(ctx, sources)
	whole := context.WithoutCancel(ctx)
	if err == nil {
		err = store.ReadBounces(whole, t.reading(len(sources)))
	}
	if err = errors.Join(err, c.moor(whole, store)); ctx.Err() != nil {
		err = ErrInterrupted
	}
	return &t.BouncesTaken, err
}

// reading is the evidence of a reading.
func (t *taker) reading(sources int) ledger.BouncesRead {
	return ledger.BouncesRead{
		Sources: sources, Read: t.Read, Hard: t.Hard, Soft: t.Soft, Complaints: t.Complaints,
		AutoReplies: t.AutoReplies, Kept: t.Kept, At: time.Now(),
	}
}

// followBounces reads all sources again and again. Whoever has the campaign is
// waited for, and so is a place that cannot be read now: what came back stays where
// it lies.
func (c *Campaign) followBounces(ctx context.Context, sources []inbox.Source, o *BouncesOptions) (*BouncesTaken, error) {
	var all *BouncesTaken
	said := ""
	for {
		t, err := c.takeBounces(ctx, sources, o)
		if t != nil {
			all = all.add(t)
			o.Progress(t)
		}
		var place *placeError
		switch {
		case errors.Is(err, ErrInterrupted):
			return all, nil
		case errors.Is(err, ErrLocked) || errors.As(err, &place):
			if err.Error() != said {
				said = err.Error()
				o.Waiting(err)
			}
		case err != nil:
			return all, err
		default:
			said = ""
		}
		select {
		case <-ctx.Done():
			return all, nil
		case <-time.After(o.Every):
		}
	}
}

// placeError says that a place cannot be read now.
type placeError struct{ error }

func (e *placeError) Unwrap() error { return e.error }

// add is the sum of what two readings took in.
func (t *BouncesTaken) add(more *BouncesTaken) *BouncesTaken {
	if t == nil {
		return more
	}
	sum := *more
	sum.Recovered += t.Recovered
	for _, n := range [][2]*int64{
		{&sum.Read, &t.Read}, {&sum.Hard, &t.Hard}, {&sum.Bounced, &t.Bounced}, {&sum.Soft, &t.Soft},
		{&sum.Complaints, &t.Complaints}, {&sum.AutoReplies, &t.AutoReplies}, {&sum.Settled, &t.Settled},
		{&sum.ByAddress, &t.ByAddress}, {&sum.Repeated, &t.Repeated}, {&sum.Unmatched, &t.Unmatched},
		{&sum.Unsent, &t.Unsent}, {&sum.Other, &t.Other}, {&sum.Kept, &t.Kept},
	} {
		*n[0] += *n[1]
	}
	return &sum
}
