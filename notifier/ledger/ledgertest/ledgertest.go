// Package ledgertest holds what every ledger has to pass. A store is put to
// the test by
//
//	func TestConformance(t *testing.T) { ledgertest.Run(t, open, alter) }
//
// where open opens the store that lives in a directory, creating it when there
// is none; opening the same directory again must give what was durable. alter
// is the hand of somebody who changes the store behind its back.
package ledgertest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sort"
	"sync"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// Open opens the store in dir.
type Open func(t testing.TB, dir string) ledger.Store

// Alter puts text in the place of old in the note of evidence row seq of the
// store in dir, which may be open.
type Alter func(t testing.TB, dir string, seq int64, old, text string)

// at is when everything in these tests happens.
var at = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// Run runs the suite.
func Run(t *testing.T, open Open, alter Alter) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *fixture)
	}{
		{"a plan is all or nothing", planIsAtomic},
		{"a plan closes the account", planCloses},
		{"nobody is planned twice", keysAreUnique},
		{"waves are cut by id", wavesAreCut},
		{"waves are cut anew", wavesAreCutAnew},
		{"waves are frozen by the first claim", wavesFreeze},
		{"a second batch merges and adds", secondBatch},
		{"a claimed recipient never changes", claimedNeverChanges},
		{"a replaced recipient changes the list", replaceChangesList},
		{"an unclaimed recipient may be told by post instead", replaceByPostal},
		{"and by email again, as if nothing had been", replaceByEmail},
		{"nobody joins the waves once sending began", nobodyJoinsLater},
		{"earlier batches are walked", batchesAreWalked},
		{"who was walked may be replaced", replacedWhileWalked},
		{"any order of replacements balances", anyReplacementsBalance},
		{"extra columns and consent last", extraLasts},
		{"a changed extra column breaks its block", extraIsBound},
		{"rows set aside are kept by mark", rejectsLast},
		{"a row set aside is replaced once", rejectsReplaced},
		{"a plan that fails replaces nothing", rejectsAreAtomic},
		{"exports count what was set aside", rejectsAreCounted},
		{"any order of rejects and replacements balances", anyRejectsBalance},
		{"outcomes last", outcomesLast},
		{"a claim without outcome becomes unknown", recoverUnknown},
		{"nobody is claimed twice", noSecondClaim},
		{"an outcome needs its claim", outcomeNeedsClaim},
		{"one queue, first in first out", oneQueue},
		{"deferred ones are due in order", deferredDue},
		{"unknown moves only by a decision", unknownMoves},
		{"claims are counted by minute and relay", sentByMinute},
		{"a claim is counted once, and nothing else", sentOnce},
		{"claims made together are counted each", sentInGroups},
		{"claims stay counted for a day", sentForADay},
		{"decisions last", decisionsLast},
		{"approvals last", approvalLasts},
		{"what was approved is kept", contentsLast},
		{"what was approved is kept once", contentsOnce},
		{"an approval that was altered is seen", alteredIsSeen},
		{"tests are evidence and nothing else", testsAreEvidence},
		{"tests that cannot be are refused", testsAreRefused},
		{"holds are released apart from gates", holdsLast},
		{"those held back are counted", heldBackIsCounted},
		{"one person is looked up", onePersonIsLookedUp},
		{"evidence is a chain", evidenceChain},
		{"people are found by their traces", tracesFind},
		{"people without traces are found", untracedFind},
		{"traces follow who is replaced", tracesFollow},
		{"people are found by late accounts", lateFind},
		{"people are found by key and reference", keysAreFound},
		{"a history is whole", historyIsWhole},
		{"each start raises the epoch", epochsRise},
		{"rows of evidence are known by number", rowsAreKnown},
		{"an older ledger is settled by what was sent since", doubtedSettles},
		{"what came back is recorded once", bouncesCount},
		{"what came back stops no attempt", bouncedAgain},
		{"whose notice came back for good is not sent to again", bouncedBeforeAgain},
		{"it is known when it was looked for", readingsLast},
		{"people are listed for letters once", lettersAreListedOnce},
		{"letters are sent once, to those listed", lettersAreSentOnce},
		{"what was done outside lasts", doneLasts},
		{"nobody is listed after a purge", purgedAreNotListed},
		{"a failed write is the last one", failureIsFinal},
		{"a purge leaves nothing personal", purgeForgets},
		{"a purge is done again", purgeAgain},
		{"any order of claims and outcomes balances", anyOrderBalances},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &fixture{t: t, open: open, alter: alter, dir: t.TempDir()}
			f.Store = open(t, f.dir)
			t.Cleanup(func() { _ = f.Store.Close() })
			c.test(t, f)
			if !t.Failed() {
				f.audit()
			}
		})
	}
}

// fixture is a store under test.
type fixture struct {
	ledger.Store
	t     *testing.T
	open  Open
	alter Alter
	dir   string
}

var ctx = context.Background()

func (f *fixture) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) audit() {
	f.t.Helper()
	f.must(ledger.Audit(ctx, f.Store))
}

// reopen closes the store and opens it again.
func (f *fixture) reopen() {
	f.t.Helper()
	f.must(f.Store.Close())
	f.Store = f.open(f.t, f.dir)
}

// people makes n recipients in key order; every tenth is told by post.
func people(prefix string, n int) []notifier.Recipient {
	list := make([]notifier.Recipient, n)
	for i := range list {
		r := &list[i]
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", prefix, i))
		r.Key = notifier.Key(sum[:16])
		r.Name = notifier.NewName(fmt.Sprintf("Person %d", i))
		r.Address = notifier.NewAddress(fmt.Sprintf("%s%d@example.com", prefix, i))
		r.State, r.Language, r.Channel = "CA", "en", notifier.Email
		if i%10 == 9 {
			r.Channel, r.Reason, r.Address = notifier.Postal, "no email", notifier.Address{}
		}
		r.Accounts = []notifier.Held{{Number: notifier.NewAccountNumber(fmt.Sprintf("%s-%09d", prefix, i)), Type: notifier.Prepaid}}
		r.Variant = notifier.Variant{Template: "notice", Language: "en", Types: "prepaid"}
	}
	sort.Slice(list, func(i, j int) bool { return string(list[i].Key[:]) < string(list[j].Key[:]) })
	return list
}

var waves = []ledger.Wave{{Name: "pilot", Recipients: 10}, {Name: "canary", Percent: 20}, {Name: "rest"}}

// plan adds a batch of n people.
func (f *fixture) plan(prefix string, n int) ledger.Batch {
	f.t.Helper()
	b, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
		for _, r := range people(prefix, n) {
			if err := b.Add(r); err != nil {
				return err
			}
		}
		if err := b.AddReject(mark(prefix)); err != nil {
			return err
		}
		return b.AddExport(ledger.Export{Digest: sha256.Sum256([]byte(prefix)), Name: prefix, Rows: int64(n) + 3, Recipients: int64(n), Merged: 2, Rejected: 1})
	})
	f.must(err)
	return b
}

// mark is that of a made-up row.
func mark(row string) notifier.Mark {
	return notifier.NewMark([]byte("secret"), "export.csv", 2, notifier.NewLine(row))
}

// pending returns all that is pending, by id.
func (f *fixture) pending() []ledger.Row {
	f.t.Helper()
	var list []ledger.Row
	f.must(f.Each(ctx, func(r ledger.Row) error {
		if r.Status == notifier.Pending {
			list = append(list, r)
		}
		return nil
	}))
	return list
}

func claimOf(r ledger.Row) notifier.Claim {
	return notifier.Claim{
		ID: r.Recipient.ID, Key: r.Recipient.Key, Was: r.Status, Attempt: r.Attempts + 1,
		Wave: r.Wave, Relay: "primary", At: at, Approval: 1,
	}
}

func outcomeOf(c notifier.Claim, s notifier.Status) notifier.Outcome {
	o := notifier.Outcome{Claim: c, Status: s, Code: 250, Enhanced: "2.0.0", Reply: "ok", RelayID: "4XYZ", Variant: "notice-en-prepaid", Digest: sha256.Sum256([]byte("m")), At: at.Add(time.Second)}
	if s == notifier.Deferred {
		o.Tries, o.Due = 1, at.Add(time.Minute)
	}
	return o
}

// claim claims and waits until it is durable.
func (f *fixture) claim(c notifier.Claim) error {
	done := make(chan error, 1)
	f.Claim(c, func(err error) { done <- err })
	return <-done
}

// record records and waits until it is durable.
func (f *fixture) record(o notifier.Outcome) error {
	done := make(chan error, 1)
	f.Record(o, func(err error) { done <- err })
	return <-done
}

// settle gives a row an outcome.
func (f *fixture) settle(r ledger.Row, s notifier.Status) {
	f.t.Helper()
	c := claimOf(r)
	f.must(f.claim(c))
	f.must(f.record(outcomeOf(c, s)))
}

func (f *fixture) notices() ledger.Notices {
	f.t.Helper()
	totals, err := f.Totals(ctx)
	f.must(err)
	f.must(totals.Check())
	return totals.Notices
}

func (f *fixture) want(got, want any) {
	f.t.Helper()
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		f.t.Fatalf("got %+v, want %+v", got, want)
	}
}

// ordered collects the order in which done was called.
type ordered struct {
	mu   sync.Mutex
	list []int
	wg   sync.WaitGroup
}

func (o *ordered) done(n int) func(error) {
	o.wg.Add(1)
	return func(err error) {
		o.mu.Lock()
		defer o.mu.Unlock()
		if err != nil {
			n = -1
		}
		o.list = append(o.list, n)
		o.wg.Done()
	}
}
