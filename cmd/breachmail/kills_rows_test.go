//go:build unix

package main

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"breachmail/notifier/ledger"
	"breachmail/notifier/ledger/sqlite"
)

// seeded is the relay with faults.
func (k *killing) seeded() string { return strconv.FormatUint(k.seed, 10) }

// resumes kills runs until there were enough kills, or until one ends because
// nothing is left. look is called after each kill, before and after the check.
func (k *killing) resumes(moment func() aim, look func(checked bool), verb ...string) {
	k.Helper()
	for k.hits < k.times {
		killed, code := k.strike(moment(), verb...)
		if !killed && code != 13 {
			return
		}
		if killed {
			look(false)
		}
		k.check()
		if killed {
			look(true)
		}
	}
}

// killSending kills a sender in front of a relay that takes everything.
func killSending(k *killing) {
	k.ready(1300, 5, "", "")
	k.limit("rate: 250/s")
	k.resumes(func() aim { return k.soon(k.sends(), 130*time.Millisecond) }, func(bool) {}, "resume")
	k.finish(false)
}

// killCheckpoints kills a sender while the WAL is copied into the database,
// which is when it has a thousand pages.
func killCheckpoints(k *killing) {
	k.ready(4500, 3, "", "")
	k.resumes(func() aim { return k.checkpoint(k.sends()) }, func(checked bool) {
		switch {
		case checked:
		case inCheckpoint(k.dir):
			k.note("in a checkpoint")
		default:
			k.note("right behind one")
		}
	}, "resume")
	if n := k.notes["in a checkpoint"]; 2*n < k.hits {
		k.Errorf("of %d kills only %d fell into a checkpoint", k.hits, n)
	}
	k.finish(false)
}

// killRetries kills a sender that soon has only deferred ones left, each of
// whom is tried again after a second.
func killRetries(k *killing) {
	k.ready(900, 5, k.seeded()+" "+deferring, "retry: {first: 1s, factor: 1, most: 1s, give_up_after: 20s}\nhalt: {refused: 100%, deferred: 100%, unknown: 100%, over: 500}\n")
	k.limit("rate: 120/s")
	k.resumes(func() aim { return k.soon(k.has, 700*time.Millisecond) }, func(bool) {}, "resume")
	k.finish(false)
}

// killHalts kills a sender that is halted again and again, and goes on each time
// because somebody says so.
func killHalts(k *killing) {
	k.ready(1500, 5, k.seeded(), strings.Replace(faultConfig, "refused: 100%, deferred: 100%, unknown: 100%, over: 500", "refused: 5%, deferred: 100%, unknown: 100%, over: 20", 1))
	k.limit("rate: 300/s")
	halts := 0
	k.resumes(func() aim { halts = k.known.kinds[ledger.KindHalt]; return k.spread(k.sends()) }, func(checked bool) {
		switch {
		case !checked:
		case k.known.kinds[ledger.KindHalt] > halts:
			k.note("between a halt and the end")
		default:
			k.note("before a halt")
		}
	}, "resume", "--clear-halt")
	k.configure("halt: {refused: 5%", "halt: {refused: 100%")
	if _, _, code := k.run("-C", k.dir, "resume", "--clear-halt"); code != 0 && code != 3 {
		k.Fatalf("resume --clear-halt ended with %d", code)
	}
	k.finish(false)
}

// killResend kills senders of whom every second one was told to send the unknown
// ones again, some before that is decided and some after.
func killResend(k *killing) {
	k.ready(1200, 5, k.seeded(), faultConfig)
	k.limit("rate: 300/s")
	for k.hits < k.times {
		if killed, _ := k.strike(k.soon(k.sends(), 60*time.Millisecond), "resume"); !killed {
			break
		}
		k.check()
		resent := k.known.kinds[ledger.KindResend]
		moment := k.soon(k.has, 250*time.Millisecond)
		if k.hits%4 == 3 {
			moment = k.soon(k.sends(), 60*time.Millisecond)
		}
		if killed, _ := k.strike(moment, "resume", "--unknown=resend"); !killed {
			break
		}
		k.check()
		if k.known.kinds[ledger.KindResend] > resent {
			k.note("after the decision")
		} else {
			k.note("before the decision")
		}
	}
	k.finish(true)
}

// killPlan kills the planning of a second export.
func killPlan(k *killing) {
	const more = 1500
	k.planned(300, 1, "", "")
	k.write(k.export(), madeUpExport(more))
	k.killVerb(k.has, func(r *sqlite.Reader) bool {
		batches, err := r.Batches(k.Context())
		if err != nil {
			k.Fatal(err)
		}
		if k.recipients = 300; len(batches) == 2 {
			k.recipients = more
		}
		return len(batches) == 2
	}, "plan", k.export())
}

// killPreview kills what counsel reads while it is written. It changes nothing
// else, and the next run shows the same.
func killPreview(k *killing) {
	k.planned(300, 1, "", "")
	code := regexp.MustCompile(`approval code: ([0-9a-f]{64})`)
	want := code.FindString(k.must("-C", k.dir, "preview"))
	for k.hits < k.times && k.ended < 2*k.times+20 {
		k.strike(k.spread(started), "preview")
		k.check()
		if k.random.IntN(4) == 0 {
			if got := code.FindString(k.must("-C", k.dir, "preview")); got != want || got == "" {
				k.Fatalf("after %d kills it says %q, not %q", k.hits, got, want)
			}
		}
	}
}

// killApprove kills the recording of an approval.
func killApprove(k *killing) {
	k.planned(300, 1, "", "")
	code := regexp.MustCompile(`[0-9a-f]{64}`).FindString(k.must("-C", k.dir, "preview"))
	k.killVerb(k.has, func(r *sqlite.Reader) bool {
		approvals, err := r.Approvals(k.Context())
		if err != nil {
			k.Fatal(err)
		}
		return len(approvals) > 0
	}, "approve", "--by", "Robin Vale, General Counsel", "--digest", code)
	if _, _, exit := k.run("-C", k.dir, "send"); exit != 0 {
		k.Fatalf("send ended with %d", exit)
	}
	k.check()
}

// killRelease kills the opening of a gate.
func killRelease(k *killing) {
	k.planned(300, 2, "", "")
	k.configure("pilot, recipients: 100}", "pilot, recipients: 100, then: hold}")
	k.approve()
	if _, words, code := k.run("-C", k.dir, "send"); code != 4 {
		k.Fatalf("send ended with %d\n%s", code, words)
	}
	k.killVerb(k.has, func(r *sqlite.Reader) bool {
		released, err := r.Released(k.Context())
		if err != nil {
			k.Fatal(err)
		}
		return released["pilot"]
	}, "release", "pilot")
	k.finish(false)
}

// killVerb kills a verb at moments that are spread over the time that it takes
// from begin on, each time that its effect was there from the same start on. done
// says whether it is. In the end the verb is let through.
func (k *killing) killVerb(begin aim, done func(*sqlite.Reader) bool, verb ...string) {
	k.Helper()
	base := k.TempDir()
	copyTree(k.T, k.dir, base)
	is := func() bool {
		r := k.copied()
		defer r.Close()
		return done(r)
	}
	if is() {
		k.Fatal("there is nothing to tell before from after")
	}
	for k.hits < k.times && k.ended < 2*k.times+20 {
		if killed, code := k.strike(k.spread(begin), verb...); !killed && (code != 0 || !is()) {
			k.Fatalf("%v ended with %d, and without effect", verb, code)
		} else if killed && !is() {
			k.note("before its effect")
			k.check()
			continue
		} else if killed {
			k.note("after it")
		}
		k.check()
		copyTree(k.T, base, k.dir)
	}
	k.must(append([]string{"-C", k.dir}, verb...)...)
	if !is() {
		k.Errorf("%v has no effect after %d kills", verb, k.hits)
	}
	k.check()
}
