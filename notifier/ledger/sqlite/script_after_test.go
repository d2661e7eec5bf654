package sqlite_test

import (
	"crypto/sha256"
	"errors"
	"maps"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// bounceFrom is what came back from a recipient.
func bounceFrom(p *play, id int64, cause notifier.Cause) ledger.Bounce {
	k := p.want.row(id).Recipient.Key
	return ledger.Bounce{Key: k, ID: sha256.Sum256(append(k[:], cause...)), Cause: cause, Code: 550, Enhanced: "5.1.1", By: "verp", Came: begin}
}

// bounce takes in what some of those have sent back who are accepted, and of the
// first two once more.
func bounce(p *play) {
	ids := first(4, p.with("", notifier.Accepted))
	list := []ledger.Bounce{
		bounceFrom(p, ids[0], notifier.CauseHard), bounceFrom(p, ids[1], notifier.CauseSoft),
		bounceFrom(p, ids[2], notifier.CauseHard), bounceFrom(p, ids[3], notifier.CauseAutoReply),
	}
	p.do(func(e *expected) {
		for i, b := range list {
			row := e.row(ids[i])
			if b.Cause == notifier.CauseHard {
				row.Status = notifier.Bounced
			}
			e.append(ledger.KindBounce, notifier.Outcome{Claim: notifier.Claim{Key: b.Key}, Status: row.Status})
			*e.came.Of(b.Cause)++
		}
	}, func() error {
		effects, err := p.store.Bounces(ctx, append(list, list[0], list[1]), begin)
		if err == nil && (effects[4] != ledger.BounceRepeated || effects[5] != ledger.BounceRepeated) {
			err = errors.New("what came back counts twice")
		}
		return err
	})
	p.refused(func() error {
		_, err := p.store.Bounces(ctx, []ledger.Bounce{bounceFrom(p, ids[3], notifier.CauseHard), {Cause: notifier.CauseHard}}, begin)
		return err
	})
}

func readBounces(p *play) {
	p.do(func(e *expected) {
		e.append(ledger.KindBounces, notifier.Outcome{})
		e.came.Read = begin
	}, func() error {
		return p.store.ReadBounces(ctx, ledger.BouncesRead{Sources: 1, Read: 6, Hard: 2, Soft: 1, AutoReplies: 1, At: begin})
	})
}

// due are those who are told by post.
func due(r *ledger.Row) bool { return r.Status == "" || r.Status == notifier.Bounced }

// list lists them, and says that the list was written.
func list(p *play) {
	p.do(func(e *expected) {
		for i := range e.people {
			if due(&e.people[i]) {
				e.letters[e.people[i].Recipient.ID] = false
			}
		}
		e.append(ledger.KindListed, notifier.Outcome{})
	}, func() error {
		_, err := p.store.List(ctx, begin, due)
		return err
	})
	p.do(func(e *expected) { e.written = 1 }, func() error { return p.store.MarkWritten(ctx, 1) })
}

// mail records the letters of all but one of those who were listed.
func mail(p *play) {
	var keys []notifier.Key
	left := int64(0)
	for id := range maps.Keys(p.want.letters) {
		left = max(left, id)
	}
	for id := range maps.Keys(p.want.letters) {
		if id != left {
			keys = append(keys, p.want.row(id).Recipient.Key)
		}
	}
	accepted := p.want.row(p.with("", notifier.Accepted)[0]).Recipient.Key
	send := func(keys ...notifier.Key) func() error {
		return func() error {
			_, err := p.store.Mail(ctx, ledger.Mailing{On: "2026-01-02", At: begin}, func(add func(notifier.Key) (int, error)) error {
				for _, k := range keys {
					if _, err := add(k); err != nil {
						return err
					}
				}
				return nil
			})
			return err
		}
	}
	p.refused(send(keys[0], accepted))
	p.do(func(e *expected) {
		for id := range e.letters {
			e.letters[id] = id != left
		}
		e.append(ledger.KindLetters, notifier.Outcome{})
	}, send(keys...))
}

func done(p *play) {
	p.do(func(e *expected) {
		e.append(ledger.KindDone, notifier.Outcome{})
		e.done = append(e.done, "web-CA")
	}, func() error { return p.store.Done(ctx, ledger.Done{Task: "web-CA", On: "2026-01-02", At: time.Time{}}) })
}
