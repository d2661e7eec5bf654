package send

import (
	"testing"
	"testing/synctest"
	"time"

	"breachmail/notifier"
)

// slowDisk is a book whose commits take six seconds every now and then.
type slowDisk struct {
	*book
	queue chan func()
}

func (s *slowDisk) Claim(c notifier.Claim, done func(error)) {
	s.queue <- func() { s.book.Claim(c, done) }
}

func (s *slowDisk) Record(o notifier.Outcome, done func(error)) {
	s.queue <- func() { s.book.Record(o, done) }
}

func (s *slowDisk) write() {
	n := 0
	for f := range s.queue {
		if n++; n%500 == 0 {
			time.Sleep(6 * time.Second)
		}
		f()
	}
}

// TestNoBurstAfterASlowDisk: what has a token does not gather behind a commit that
// takes long, to leave all at once after it.
func TestNoBurstAfterASlowDisk(t *testing.T) {
	for _, rate := range []float64{10, 50} {
		synctest.Test(t, func(t *testing.T) {
			s := &slowDisk{book: rest(t, 600), queue: make(chan func(), 10_000)}
			go s.write()
			h := &host{t: t, name: "a", pipelining: true, latency: 10 * time.Millisecond}
			res, err := Run(bg, bg, s, s.book, paper{}, throughHosts(rate, map[string]Share{"a": {Connections: 50}}, h))
			close(s.queue)
			if err != nil || res.End != Drained || s.count(notifier.Accepted) != 600 {
				t.Fatalf("%+v, %v", res, err)
			}
			wantBound(t, h.contents, rate)
		})
	}
}
