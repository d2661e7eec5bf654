package sqlite_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// session is what one program does between opening the ledger and closing it.
// The next one finds it closed, or, where it was killed, as the program left it
// before it could close it.
type session struct {
	name   string
	steps  []func(*play)
	killed bool
}

// script is all that the ledger is put through. Another call of the contract is
// one more step: a function that asks for it by do (or refused), with the change
// that it makes to what is expected.
var script = []session{
	{name: "create", steps: []func(*play){
		planGivenUp, planFirst, func(p *play) { p.approve(contents...) }, recordTest, releaseNowhere,
	}},
	{name: "send", killed: true, steps: []func(*play){
		start,
		func(p *play) {
			p.crowd(p.with("pilot", notifier.Pending), taken, notNow, never, nobody, relayOut, taken)
		},
		releasePilot,
		func(p *play) { p.rush(first(2, p.with("", notifier.Deferred)), taken, expired) },
		haltWhileSending, clearHalt,
		func(p *play) { p.crowd(first(5, p.with("canary", notifier.Pending)), notNow, taken, nobody) },
		func(p *play) { p.claim(p.with("rest", notifier.Pending)[0]) },
		func(p *play) { p.claim(p.with("", notifier.Deferred)[0]) },
	}},
	{name: "settle", steps: []func(*play){
		recoverOpen, adopt, start, reconcile, resendPilot, releaseHold,
		func(p *play) { p.rush(first(3, p.with("pilot", notifier.Pending, notifier.Deferred)), taken, nobody) },
		resendAll,
		func(p *play) {
			p.rush(first(6, p.with("canary", notifier.Pending, notifier.Deferred)), taken, relayOut, taken)
		},
	}},
	{name: "grow", steps: []func(*play){
		planSecond, func(p *play) { p.approve(contents[1]) },
		func(p *play) { p.crowd(first(6, p.with("rest", notifier.Pending)), taken, notNow) },
		func(p *play) { p.claim(p.with("rest", notifier.Pending)[0]) },
		(*play).settled,
		bounce, readBounces, list, mail, done,
	}},
	{name: "purge", steps: []func(*play){purge, startPurged, (*play).settled}},
}

// contents are what approvals bind: of several pages, and of a few bytes.
var contents = func() [][]byte {
	random := rand.New(rand.NewPCG(1, 2))
	big := make([]byte, 6000)
	for i := range big {
		big[i] = byte(random.Uint32())
	}
	return [][]byte{big, []byte("subject: notice of data breach")}
}()

var contentDigests = func() (list []notifier.Digest) {
	for _, c := range contents {
		list = append(list, sha256.Sum256(c))
	}
	return list
}()

// newPeople makes n recipients in key order; every tenth is told by post.
func newPeople(prefix string, n int) []notifier.Recipient {
	list := make([]notifier.Recipient, n)
	for i := range list {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", prefix, i))
		list[i] = notifier.Recipient{
			Key: notifier.Key(sum[:16]), Name: notifier.NewName(fmt.Sprintf("Person %d", i)),
			Address: notifier.NewAddress(fmt.Sprintf("%s%d@example.com", prefix, i)),
			State:   []string{"CA", "MD"}[i%2], Language: "en", Channel: notifier.Email,
			Accounts: []notifier.Held{{Number: notifier.NewAccountNumber(fmt.Sprintf("%s-%09d", prefix, i)), Type: notifier.Prepaid}},
			Variant:  notifier.Variant{Template: "notice", Language: "en", Types: "prepaid"},
		}
		if i%10 == 9 {
			list[i].Channel, list[i].Reason, list[i].Address = notifier.Postal, "no email", notifier.Address{}
		}
	}
	slices.SortFunc(list, func(a, b notifier.Recipient) int { return slices.Compare(a.Key[:], b.Key[:]) })
	return list
}

func newMark(row string) notifier.Mark {
	return notifier.NewMark([]byte("secret"), "export.csv", 2, notifier.NewLine(row))
}

func addAll(b ledger.Batcher, list []notifier.Recipient) error {
	for _, r := range list {
		if err := b.Add(r); err != nil {
			return err
		}
	}
	return nil
}

var errGivenUp = errors.New("the export cannot be read any further")

// planGivenUp plans more pages than the cache holds, and then nothing. Some of
// them have to be on the disk when it gives up.
func planGivenUp(p *play) {
	before := p.disk.writes()
	defer func() {
		if p.disk.writes() == before {
			p.wrong = append(p.wrong, "the plan that is given up is too small to write anything")
		}
	}()
	p.refused(func() error {
		_, err := p.store.Plan(ctx, waves, func(b ledger.Batcher) error {
			return errors.Join(addAll(b, newPeople("nobody", 260)), b.AddReject(newMark("z")), errGivenUp)
		})
		return err
	})
}

func planFirst(p *play) {
	list := newPeople("first", 60)
	p.do(func(e *expected) {
		e.plan(list)
		e.rows = ledger.Rows{Read: 64, Merged: 2, Rejected: 2}
		e.rejects[newMark("x")], e.rejects[newMark("y")] = 1, 1
	}, func() error {
		_, err := p.store.Plan(ctx, waves, func(b ledger.Batcher) error {
			b.Trace(tracesOf)
			return errors.Join(addAll(b, list), b.AddReject(newMark("x")), b.AddReject(newMark("y")),
				b.AddExport(ledger.Export{Digest: sha256.Sum256([]byte("first")), Name: "first.csv", Rows: 64, Recipients: 60, Merged: 2, Rejected: 2}))
		})
		return err
	})
}

// planSecond adds people, changes somebody, lists an account that came too late,
// and puts a row in the place of one that was set aside.
func planSecond(p *play) {
	list := newPeople("second", 15)
	id := p.with("rest", notifier.Pending)[4]
	told := p.with("pilot", notifier.Accepted)[0]
	late := ledger.Late{Key: p.want.row(told).Recipient.Key, Accounts: newPeople("late", 1)[0].Accounts, Export: "second.csv"}
	changed := p.want.row(id).Recipient
	changed.Accounts = append(slices.Clip(changed.Accounts), notifier.Held{Number: notifier.NewAccountNumber("z"), Type: notifier.Postpaid})
	changed.Variant.Types = notifier.TypesOf(changed.Accounts)
	p.do(func(e *expected) {
		e.row(id).Recipient = changed
		e.plan(list)
		e.rows = ledger.Rows{Read: e.rows.Read + 17 - 1, Merged: e.rows.Merged + 2, Rejected: e.rows.Rejected - 1}
		delete(e.rejects, newMark("x"))
	}, func() error {
		_, err := p.store.Plan(ctx, waves, func(b ledger.Batcher) error {
			found, there, err := b.Find(changed.Key)
			if err == nil && (!there || found.Attempts > 0) {
				err = fmt.Errorf("somebody planned before was found %v with %d attempts", there, found.Attempts)
			}
			_, lateErr := b.AddLate(late)
			_, rejectErr := b.ReplaceReject(newMark("x"))
			return errors.Join(err, b.Replace(changed), lateErr, rejectErr, addAll(b, list),
				b.AddExport(ledger.Export{Digest: sha256.Sum256([]byte("second")), Name: "second.csv", Rows: 17, Recipients: 15, Merged: 2, Replaced: 1}))
		})
		return err
	})
}

func recordTest(p *play) {
	o := notifier.Outcome{Claim: notifier.Claim{Relay: "primary", At: begin}, Status: notifier.Accepted, Code: 250, At: begin}
	p.do(func(e *expected) { e.append(ledger.KindTest, o) }, func() error {
		_, err := p.store.RecordTest(ctx, o, ledger.TestNote{Domain: "example.com", MessageID: "test@example.com", Variant: "notice-en-prepaid"})
		return err
	})
}

func releaseNowhere(p *play) {
	p.refused(func() error { return p.store.Release(ctx, "nowhere", begin) })
}

func releasePilot(p *play) {
	p.do(func(e *expected) {
		e.append(ledger.KindRelease, notifier.Outcome{})
		e.gates["pilot"] = true
	}, func() error { return p.store.Release(ctx, "pilot", begin) })
}

func releaseHold(p *play) {
	p.do(func(e *expected) {
		e.append(ledger.KindRelease, notifier.Outcome{})
		e.holds["regulators-first"] = true
	}, func() error { return p.store.ReleaseHold(ctx, "regulators-first", []string{"MD"}, begin) })
}

// haltWhileSending halts behind claims and outcomes that wait in the queue.
func haltWhileSending(p *play) {
	for _, id := range first(3, p.with("canary", notifier.Pending)) {
		c, _ := p.claim(id)
		p.record(c, never.status, never.cause)
	}
	h := ledger.Halt{Reason: "too many are refused", At: begin, Samples: []string{"550 5.1.1 no such user <recipient>"}}
	p.do(func(e *expected) {
		e.append(ledger.KindHalt, notifier.Outcome{})
		e.halt = &h
	}, func() error { return p.store.Halt(ctx, h) })
	p.waiting.Wait()
}

func clearHalt(p *play) {
	p.do(func(e *expected) {
		e.append(ledger.KindClearHalt, notifier.Outcome{})
		e.halt = nil
	}, func() error { return p.store.ClearHalt(ctx, begin) })
}

func recoverOpen(p *play) {
	want, at := len(p.want.open), p.now()
	p.do(func(e *expected) { e.recover(at) }, func() error {
		n, err := p.store.Recover(ctx, at)
		if err == nil && n != want {
			err = fmt.Errorf("%d claims were open, want %d", n, want)
		}
		return err
	})
}

func resendPilot(p *play) { resend(p, "pilot") }
func resendAll(p *play)   { resend(p, "") }

func resend(p *play, wave string) {
	ids := p.with(wave, notifier.Unknown)
	p.do(func(e *expected) {
		for _, id := range ids {
			e.settle(ledger.KindResend, e.row(id), notifier.Pending)
		}
	}, func() error {
		n, err := p.store.Resend(ctx, wave, begin)
		if err == nil && n != len(ids) {
			err = fmt.Errorf("%d were unknown, want %d", n, len(ids))
		}
		return err
	})
}

// reconcile settles two unknown recipients, and has nothing to say of a third.
func reconcile(p *play) {
	unknown := p.with("", notifier.Unknown)
	verdicts := []ledger.Verdict{
		{Key: p.want.row(unknown[1]).Recipient.Key, Status: notifier.Accepted, Note: "the relay's log"},
		{Key: p.want.row(unknown[2]).Recipient.Key, Status: notifier.Pending, Note: "the relay's log"},
		{Key: p.want.row(p.with("", notifier.Accepted)[0]).Recipient.Key, Status: notifier.Pending, Note: "the relay's log"},
	}
	p.do(func(e *expected) {
		e.settle(ledger.KindReconcile, e.row(unknown[1]), notifier.Accepted)
		e.settle(ledger.KindReconcile, e.row(unknown[2]), notifier.Pending)
	}, func() error {
		_, err := p.store.Reconcile(ctx, verdicts, begin)
		return err
	})
}

func start(p *play) {
	p.do(func(e *expected) { e.append(ledger.KindStart, notifier.Outcome{}) }, func() error {
		_, err := p.store.Start(ctx, ledger.Start{Verb: "send", At: begin})
		return err
	})
}

func adopt(p *play) {
	p.do(func(e *expected) { e.append(ledger.KindAdopt, notifier.Outcome{}) }, func() error {
		return p.store.Adopt(ctx, ledger.Adoption{Epoch: 7, Because: "it was restored", At: begin})
	})
}

// tracesOf is by what people are found in this test.
func tracesOf(r *notifier.Recipient) (t ledger.Traces) {
	k := notifier.NewKeyer([]byte("secret"))
	t.Address = k.Trace(notifier.TraceAddress, r.Address.Reveal())
	for _, a := range r.Accounts {
		t.Accounts = append(t.Accounts, k.Trace(notifier.TraceAccount, a.Number.Reveal()))
	}
	return t
}

// purge forgets everybody, with a claim without outcome.
func purge(p *play) {
	at := p.now()
	p.do(func(e *expected) {
		e.recover(at)
		for i := range e.people {
			r := &e.people[i].Recipient
			r.Address, r.Name, r.Accounts = notifier.Address{}, notifier.Name{}, nil
		}
		e.append(ledger.KindPurge, notifier.Outcome{})
	}, func() error {
		_, err := p.store.Purge(ctx, ledger.Purge{At: at, Trace: tracesOf})
		return err
	})
}

func startPurged(p *play) {
	p.refused(func() error {
		_, err := p.store.Start(ctx, ledger.Start{})
		return err
	})
}
