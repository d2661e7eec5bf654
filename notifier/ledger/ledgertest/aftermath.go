package ledgertest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// bounceOf is something that came back from a recipient; what is its identity.
func bounceOf(r ledger.Row, cause notifier.Cause, what string) ledger.Bounce {
	return ledger.Bounce{
		Key: r.Recipient.Key, ID: sha256.Sum256([]byte(what)), Cause: cause,
		Code: 550, Enhanced: "5.1.1", Reply: "no such user", By: "verp", Came: at.Add(time.Minute),
	}
}

func (f *fixture) bounce(list ...ledger.Bounce) []ledger.BounceEffect {
	f.t.Helper()
	effects, err := f.Bounces(ctx, list, at.Add(time.Hour))
	f.must(err)
	return effects
}

// cases returns all cases by key.
func (f *fixture) cases() map[notifier.Key]ledger.Case {
	f.t.Helper()
	all := map[notifier.Key]ledger.Case{}
	f.must(f.Cases(ctx, func(c ledger.Case) error {
		all[c.Recipient.Key] = c
		return nil
	}))
	return all
}

func bouncesCount(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	rows := f.pending()
	for i, s := range []notifier.Status{notifier.Accepted, notifier.Accepted, notifier.Unknown, notifier.Unknown, notifier.Refused} {
		f.settle(rows[i], s)
	}
	f.must(f.claim(claimOf(rows[5])))
	f.want(f.bounce(
		bounceOf(rows[0], notifier.CauseHard, "0"), bounceOf(rows[1], notifier.CauseSoft, "1"),
		bounceOf(rows[2], notifier.CauseHard, "2"), bounceOf(rows[3], notifier.CauseAutoReply, "3"),
		bounceOf(rows[4], notifier.CauseHard, "4"), bounceOf(rows[5], notifier.CauseHard, "5"),
		bounceOf(rows[6], notifier.CauseHard, "6"), bounceOf(rows[0], notifier.CauseHard, "0"),
	), []ledger.BounceEffect{
		ledger.BounceBounced, ledger.BounceNoted, ledger.BounceBounced, ledger.BounceSettled,
		ledger.BounceNoted, ledger.BounceUnsent, ledger.BounceUnsent, ledger.BounceRepeated,
	})
	f.reopen()
	f.want(f.bounce(bounceOf(rows[0], notifier.CauseHard, "0"))[0], ledger.BounceRepeated)
	f.want(f.bounce(bounceOf(rows[1], notifier.CauseComplaint, "1b"))[0], ledger.BounceNoted)
	n := f.notices()
	f.want([]int64{n.Accepted, n.Bounced, n.Refused, n.Unknown, n.InFlight}, []int64{2, 2, 1, 0, 1})
	came, err := f.Came(ctx)
	f.must(err)
	f.want(came, ledger.Came{Hard: 3, Soft: 1, Complaints: 1, AutoReplies: 1})

	all := f.cases()
	f.want(all[rows[0].Recipient.Key].Accepted.UTC(), at.Add(time.Second))
	f.want(all[rows[0].Recipient.Key].Bounced.UTC(), at.Add(time.Hour))
	f.want(all[rows[1].Recipient.Key].Accepted.UTC(), at.Add(time.Second))
	f.want(all[rows[2].Recipient.Key].Accepted.UTC(), at) // unknown: when it was claimed
	f.want(all[rows[3].Recipient.Key].Accepted.UTC(), at)
	f.want(all[rows[4].Recipient.Key].Accepted.IsZero(), true)

	_, err = f.Bounces(ctx, []ledger.Bounce{bounceOf(rows[7], notifier.CauseHard, "7"), {Cause: notifier.CauseHard}}, at)
	f.want(err != nil, true)
	_, err = f.Bounces(ctx, []ledger.Bounce{bounceOf(rows[0], notifier.CauseRelay, "8")}, at)
	f.want(err != nil, true)
}

// bouncedAgain: what was noted does not stand in the way of the next attempt.
func bouncedAgain(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	row := f.pending()[0]
	f.settle(row, notifier.Deferred)
	f.want(f.bounce(bounceOf(row, notifier.CauseSoft, "0"))[0], ledger.BounceNoted)
	row.Status, row.Attempts = notifier.Deferred, 1
	f.settle(row, notifier.Accepted)
	f.want(f.bounce(bounceOf(row, notifier.CauseHard, "1"))[0], ledger.BounceBounced)
	history, err := f.History(ctx, row.Recipient.Key)
	f.must(err)
	f.want(len(history), 4)
}

// bouncedBeforeAgain: who is to be sent to again, and whose earlier notice came back
// for good, is not.
func bouncedBeforeAgain(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	rows := f.pending()
	f.settle(rows[0], notifier.Deferred)
	f.settle(rows[1], notifier.Unknown)
	f.settle(rows[2], notifier.Unknown)
	byAddress := bounceOf(rows[2], notifier.CauseSoft, "2")
	byAddress.By = ledger.ByAddress
	f.want(f.bounce(byAddress)[0], ledger.BounceNoted)
	_, err := f.Resend(ctx, "", at)
	f.must(err)
	f.want(f.bounce(bounceOf(rows[0], notifier.CauseHard, "0"), bounceOf(rows[1], notifier.CauseHard, "1")),
		[]ledger.BounceEffect{ledger.BounceBounced, ledger.BounceBounced})
	due, err := f.Deferred(ctx, "", at.Add(time.Hour), 10)
	f.must(err)
	f.want(len(due), 0)
	f.want(f.notices().Bounced, int64(2))
}

func readingsLast(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	f.must(f.ReadBounces(ctx, ledger.BouncesRead{Sources: 1, Read: 3, At: at}))
	_, _, err := f.At(ctx, 1)
	f.must(err)
	seq, _, err := f.Head(ctx)
	f.must(err)
	f.want(seq, int64(0)) // nothing new came
	f.must(f.ReadBounces(ctx, ledger.BouncesRead{Sources: 1, Read: 4, Kept: 1, At: at.Add(time.Minute)}))
	f.reopen()
	came, err := f.Came(ctx)
	f.must(err)
	f.want(came.Read.UTC(), at.Add(time.Minute))
	n := 0
	f.must(f.Decisions(ctx, ledger.KindBounces, func(ledger.Evidence) error { n++; return nil }))
	f.want(n, 1)
}

// postal chooses those told by post, or refused.
func postal(r *ledger.Row) bool {
	return r.Recipient.Channel == notifier.Postal || r.Status == notifier.Refused
}

func lettersAreListedOnce(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	rows := f.pending()
	l, err := f.List(ctx, at, postal)
	f.must(err)
	f.want([]int64{int64(l.Number), l.People}, []int64{1, 5})
	if l, err = f.List(ctx, at, postal); err != nil || l.Number != 0 {
		f.t.Fatal(l, err)
	}
	f.settle(rows[0], notifier.Refused)
	f.reopen()
	l, err = f.List(ctx, at, postal)
	f.must(err)
	f.want([]int64{int64(l.Number), l.People}, []int64{2, 1})
	f.must(f.MarkWritten(ctx, 2))
	f.reopen()
	n, err := f.Written(ctx)
	f.must(err)
	f.want(n, 2)
	listings, err := f.Listings(ctx)
	f.must(err)
	f.want(len(listings), 2)
	letter, err := f.LetterOf(ctx, rows[0].Recipient.Key)
	f.must(err)
	f.want([]int64{int64(letter.List), letter.Mailed}, []int64{2, 0})
	letter, err = f.LetterOf(ctx, rows[1].Recipient.Key)
	f.must(err)
	f.want(letter == nil, true)
}

func lettersAreSentOnce(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	_, err := f.List(ctx, at, postal)
	f.must(err)
	var keys []notifier.Key
	f.must(f.Letters(ctx, func(l ledger.Letter) error {
		keys = append(keys, l.Key)
		return nil
	}))
	mail := func(list ...notifier.Key) (ledger.Mailing, error) {
		return f.Mail(ctx, ledger.Mailing{On: "2026-01-02", File: "00", At: at}, func(add func(notifier.Key) (int, error)) error {
			for _, k := range list {
				if _, err := add(k); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if _, err := mail(keys[0], f.pending()[0].Recipient.Key); !errors.Is(err, ledger.ErrNotListed) {
		f.t.Fatalf("who was not listed was sent a letter: %v", err)
	}
	m, err := mail(keys[1], keys[0], keys[1])
	f.must(err)
	f.want([]int64{m.People, m.Again}, []int64{2, 0})
	f.reopen()
	m, err = mail(keys[0], keys[2])
	f.must(err)
	f.want([]int64{m.People, m.Again}, []int64{1, 1})
	seq, _, err := f.Head(ctx)
	f.must(err)
	m, err = mail(keys[0], keys[2])
	f.must(err)
	f.want([]int64{m.People, m.Again}, []int64{0, 2})
	again, _, err := f.Head(ctx)
	f.must(err)
	f.want(again, seq)
	totals, err := f.LetterTotals(ctx)
	f.must(err)
	f.want(totals, ledger.LetterTotals{Listed: 5, Told: 3, ToldDue: 3})
	f.want(f.cases()[keys[2]].Mailed, seq)
}

func doneLasts(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	f.must(f.Done(ctx, ledger.Done{Task: "web-CA", On: "2026-01-02", Proof: "ab", At: at}))
	f.reopen()
	list, err := f.DoneTasks(ctx)
	f.must(err)
	f.want(fmt.Sprint(len(list), list[0].Task, list[0].Seq, list[0].At.UTC()), fmt.Sprint(1, "web-CA", 1, at))
}

// purgedAreNotListed: a letter needs a name, a record of one does not.
func purgedAreNotListed(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	_, err := f.List(ctx, at, postal)
	f.must(err)
	_, err = f.Purge(ctx, ledger.Purge{At: at, Trace: tracesOf})
	f.must(err)
	if _, err := f.List(ctx, at, func(*ledger.Row) bool { return true }); !errors.Is(err, ledger.ErrPurged) {
		f.t.Fatalf("people without names were listed: %v", err)
	}
	_, err = f.Mail(ctx, ledger.Mailing{On: "2026-01-02", At: at}, func(add func(notifier.Key) (int, error)) error {
		return f.Letters(ctx, func(l ledger.Letter) error {
			_, err := add(l.Key)
			return err
		})
	})
	f.must(err)
}
