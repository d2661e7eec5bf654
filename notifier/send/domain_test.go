package send

import (
	"fmt"
	"math"
	"testing"
	"time"

	"breachmail/notifier"
)

func TestRegistrable(t *testing.T) {
	for address, want := range map[string]string{
		"x@example.com":                "example.com",
		"x@Mail.Example.COM":           "example.com",
		"x@a.b.c.example.com.":         "example.com",
		"x@shop.example.co.uk":         "example.co.uk",
		"x@co.uk":                      "co.uk", // nobody's, and no reason to fail
		"x@localhost":                  "localhost",
		"x@d7.example":                 "d7.example",
		"x@xn--bcher-kva.example":      "xn--bcher-kva.example",
		"x@post.xn--bcher-kva.example": "xn--bcher-kva.example",
		`"a@b"@example.net`:            "example.net",
		"x@[IPv6:2001:db8::1]":         "[ipv6:2001:db8::1]",
		"x@":                           "",
		"":                             "",
	} {
		if got := registrable(notifier.NewAddress(address)); got != want {
			t.Errorf("registrable(%q) is %q, want %q", address, got, want)
		}
	}
}

// TestRegistrableOfUnicode: limits and windows are by the ASCII form, however a
// recipient wrote it.
func TestRegistrableOfUnicode(t *testing.T) {
	for _, address := range []string{"x@bücher.example", "x@Post.BÜCHER.example"} {
		if got := registrable(notifier.NewAddress(address)); got != "xn--bcher-kva.example" {
			t.Errorf("registrable(%q) is %q", address, got)
		}
	}
}

// TestRegistrableOfLiterals: two hosts that share the end of their addresses
// share nothing else.
func TestRegistrableOfLiterals(t *testing.T) {
	for _, literal := range []string{"[192.0.2.1]", "[198.51.2.1]"} {
		if got := registrable(notifier.NewAddress("x@" + literal)); got != literal {
			t.Errorf("registrable(x@%s) is %q", literal, got)
		}
	}
}

// TestDomainsAreBounded: what is remembered of domains that defer does not grow
// with the list, and neither do the shelves.
func TestDomainsAreBounded(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	ds := newDomains(Retry{First: time.Minute, Factor: 2, Most: time.Hour}, time.Time{})
	for i := range 3 * mostDomains {
		name := fmt.Sprintf("d%d.example", i)
		for range deferralsInARow + 1 {
			ds.hears(name, &replySoft.o, now)
		}
	}
	if len(ds.list) > mostDomains || len(ds.special) > mostApart {
		t.Errorf("%d domains are remembered, %d stand apart", len(ds.list), len(ds.special))
	}
	fine := newDomains(Retry{First: time.Minute, Factor: 2, Most: time.Hour}, time.Time{})
	for i := range 3 * mostDomains { // those that defer now and then are forgotten once they take one
		name := fmt.Sprintf("d%d.example", i)
		fine.hears(name, &replySoft.o, now)
		fine.hears(name, &replyTook.o, now)
	}
	if len(fine.list) != 0 {
		t.Errorf("%d domains are remembered that take notices", len(fine.list))
	}
}

// TestFiveInARow: one that is taken, or refused, in between begins anew; the
// relay's own trouble says nothing.
func TestFiveInARow(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s, k, r, x := replySoft, replyTook, replyRefuse, replyClosed
	for i, tt := range []struct {
		says []answer
		want bool
	}{
		{[]answer{s, s, s, s, s}, true}, {[]answer{s, s, s, s}, false},
		{[]answer{s, s, s, s, k, s, s, s, s}, false}, {[]answer{s, s, s, s, r, s, s, s, s}, false},
		{[]answer{x, x, x, x, x, x}, false}, {[]answer{s, s, x, s, s, x, s}, true},
	} {
		ds := newDomains(Retry{First: time.Minute, Factor: 2, Most: time.Hour}, time.Time{})
		waits := time.Duration(0)
		for _, a := range tt.says {
			waits = ds.hears("x.example", &a.o, now)
		}
		if (waits > 0) != tt.want || (ds.wait("x.example", now) > 0) != tt.want || (ds.apart("x.example") != "") != tt.want {
			t.Errorf("%d: left alone for %s", i, waits)
		}
	}
}

// TestOneAsks: a domain that was left alone is asked with one notice; while it
// is on its way no other leaves, and the wait doubles when it is deferred.
func TestOneAsks(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	ds := newDomains(Retry{First: time.Minute, Factor: 2, Most: 10 * time.Minute}, time.Time{})
	for range deferralsInARow {
		ds.hears("x.example", &replySoft.o, now)
	}
	for _, want := range []float64{1, 2, 4, 8, 10, 10} {
		wait := ds.wait("x.example", now)
		if m := wait.Minutes(); math.Abs(m-want) > want/10+0.001 {
			t.Fatalf("left alone for %s, want %v minutes or a tenth more or less", wait, want)
		}
		ds.hears("x.example", &replySoft.o, now) // of those that were on their way
		if ds.wait("x.example", now) != wait {
			t.Error("one that was on its way made it longer")
		}
		now = now.Add(wait)
		if d := ds.wait("x.example", now); d != 0 {
			t.Fatalf("nobody may ask for %s", d)
		}
		ds.ask("x.example", true)
		if ds.wait("x.example", now) == 0 {
			t.Fatal("a second one may ask")
		}
		ds.hears("x.example", &replyClosed.o, now) // the relay's trouble is no answer, and another may ask
		if ds.wait("x.example", now) != 0 {
			t.Fatal("nobody asks any more")
		}
		ds.ask("x.example", true)
		ds.hears("x.example", &replySoft.o, now)
	}
	now = now.Add(time.Hour)
	ds.ask("x.example", true)
	ds.hears("x.example", &replyTook.o, now)
	ds.ask("x.example", true) // everybody may leave again
	if d := ds.wait("x.example", now); d != 0 {
		t.Errorf("it takes notices again, and has to wait for %s", d)
	}
}

// TestRampNeverTurns: on the way up there is always a limit, it never sinks, and
// it never exceeds what is configured.
func TestRampNeverTurns(t *testing.T) {
	for _, tt := range []struct{ from, full float64 }{{2, 20}, {20, 2}, {0.1, 0.2}} {
		p := &Ramp{From: tt.from, Over: 10 * time.Minute}
		var r ramp
		now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		last := 0.0
		for range 700 {
			got := r.rate(p, tt.full)
			if got <= 0 {
				t.Errorf("from %v to %v: no limit after %s", tt.from, tt.full, r.sent)
				break
			}
			if got < last || tt.full > 0 && got > tt.full {
				t.Errorf("from %v to %v: %v after %s, and %v before", tt.from, tt.full, got, r.sent, last)
				break
			}
			last = got
			r.take(now)
			now = now.Add(time.Second)
		}
		if last != tt.full {
			t.Errorf("from %v to %v: %v in the end", tt.from, tt.full, last)
		}
	}
}
