//go:build unix

package main

import (
	"encoding/binary"
	"os"
	"path/filepath"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
	"breachmail/notifier/ledger/sqlite"
)

// account is what one look at ledger and relay has found.
type account struct {
	accepted int64               // recipients
	doubts   int64               // outcomes "unknown", and claims without outcome
	dropped  int                 // messages that the relay kept without a reply
	kinds    map[ledger.Kind]int // rows of evidence
}

// traces is what the evidence says of one recipient.
type traces struct {
	accepted, unknown int
	last              notifier.Status // of the last attempt or decision
}

// check is made after each kill, of a copy of the ledger, so that the next run
// finds the files as the kill left them. The account closes and the whole ledger
// agrees with itself. The relay has every notice that is accepted, none that was
// not claimed, and none twice but what was sent again on purpose. At most two
// for each connection are unknown because of the kill, and one for each message
// that the relay kept without a reply.
func (k *killing) check() {
	k.Helper()
	r := k.copied()
	defer r.Close()
	totals, err := r.Totals(k.Context())
	if err == nil {
		err = totals.Check()
	}
	if err == nil {
		err = ledger.Audit(k.Context(), r)
	}
	if err != nil {
		k.Fatalf("kill %d: %v", k.hits, err)
	}
	if n := totals.Notices.Sum(); n != int64(k.recipients) {
		k.Errorf("kill %d: %d of %d are in the account", k.hits, n, k.recipients)
	}
	relay := k.relay.held(k.T)
	now := account{accepted: totals.Notices.Accepted, doubts: totals.Notices.InFlight, dropped: relay.dropped, kinds: map[ledger.Kind]int{}}
	all := k.traces(r, now.kinds)
	var open int64 // copies at the relay that no outcome tells of
	for key, n := range relay.copies {
		t := all[key]
		if t == nil {
			t = &traces{}
		}
		if n > t.accepted+t.unknown {
			open += int64(n - t.accepted - t.unknown)
		}
	}
	for key, t := range all {
		now.doubts += int64(t.unknown)
		if n := relay.copies[key]; t.accepted > n {
			k.Errorf("kill %d: %s is accepted, and the relay has %d copies", k.hits, key, n)
		}
	}
	if open > totals.Notices.InFlight {
		k.Errorf("kill %d: the relay has %d notices without outcome, and only %d claims are open", k.hits, open, totals.Notices.InFlight)
	}
	if more, most := now.doubts-k.known.doubts, int64(2*k.connections+now.dropped-k.known.dropped); more > most {
		k.Errorf("kill %d: %d more are unknown, at most %d may be", k.hits, more, most)
	}
	if now.accepted < k.known.accepted {
		k.Errorf("kill %d: %d accepted became %d", k.hits, k.known.accepted, now.accepted)
	}
	k.known = now
}

// traces reads the evidence. Nobody is tried again after an outcome that is the
// last, and an unknown one only after somebody said so. kinds counts the rows.
func (k *killing) traces(r *sqlite.Reader, kinds map[ledger.Kind]int) map[notifier.Key]*traces {
	k.Helper()
	all := map[notifier.Key]*traces{}
	err := r.Evidence(k.Context(), func(e ledger.Evidence) error {
		kinds[e.Kind]++
		o := &e.Outcome
		if o.Claim.Key == (notifier.Key{}) {
			return nil
		}
		t := all[o.Claim.Key]
		if t == nil {
			t = &traces{}
			all[o.Claim.Key] = t
		}
		again := e.Kind == ledger.KindResend && t.last == notifier.Unknown
		if t.last != "" && t.last != notifier.Deferred && t.last != notifier.Pending && !again {
			k.Errorf("kill %d: %s was %s, and then there is evidence row %d: %s, %s", k.hits, o.Claim.Key, t.last, e.Seq, e.Kind, o.Status)
		}
		t.last = o.Status
		switch {
		case e.Kind != ledger.KindAttempt:
		case o.Status == notifier.Accepted:
			t.accepted++
		case o.Status == notifier.Unknown:
			t.unknown++
		}
		return nil
	})
	if err != nil {
		k.Fatal(err)
	}
	return all
}

// copied opens a copy of the ledger: whoever opens the ledger itself takes its
// WAL in.
func (k *killing) copied() *sqlite.Reader {
	k.Helper()
	dir := filepath.Join(k.aside, "copied")
	if err := os.RemoveAll(dir); err != nil {
		k.Fatal(err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		k.Fatal(err)
	}
	for _, name := range []string{"ledger.db", "ledger.db-wal"} {
		b, err := os.ReadFile(filepath.Join(k.dir, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), b, 0o600)
		}
		if err != nil && !os.IsNotExist(err) {
			k.Fatal(err)
		}
	}
	r, err := sqlite.OpenReader(k.Context(), filepath.Join(dir, "ledger.db"))
	if err != nil {
		k.Fatal(err)
	}
	return r
}

// finish sends the rest, and what is unknown once more, and holds everybody
// against the relay. resent tells that some were sent again before.
func (k *killing) finish(resent bool) {
	k.Helper()
	k.resumeHold()
	if !resent {
		k.compare(k.people(), k.relay.held(k.T).copies)
	}
	k.resend()
	k.check()
	k.told(k.people(), k.relay.held(k.T).copies, k.known.doubts)
}

// inCheckpoint reports whether the WAL index says that a checkpoint has begun and
// has not ended: how many frames somebody began to copy into the database stands
// at byte 128, how many are certainly there at byte 96, in the machine's own
// order (sqlite.org/walformat.html, 2.2). It outlives a process that is killed.
func inCheckpoint(dir string) bool {
	f, err := os.Open(filepath.Join(dir, "ledger.db-shm"))
	if err != nil {
		return false
	}
	defer f.Close()
	b := make([]byte, 132)
	if _, err := f.ReadAt(b, 0); err != nil {
		return false
	}
	return binary.NativeEndian.Uint32(b[128:]) > binary.NativeEndian.Uint32(b[96:])
}
