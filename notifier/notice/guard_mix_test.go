package notice

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"breachmail/notifier"
)

// Of two people's messages, each passes as its own, and neither as the other's:
// not whole, and not with any one line of the other's in it.
func TestGuardMixes(t *testing.T) {
	n := hostileNotice(t)
	variants := n.Variants()
	person := func(t *rapid.T, label string) notifier.Recipient {
		r := n.Sample(rapid.SampledFrom(variants).Draw(t, label+" variant"))
		name := rapid.StringMatching(`[A-Za-zÀ-ž'"&<>+,.-]{1,20}( [A-Z][a-z]{1,60}){0,3}`)
		r.Name = notifier.NewName(rapid.OneOf(name, rapid.Just("")).Draw(t, label+" name"))
		address := label + rapid.StringMatching(`[a-zé+]{0,60}`).Draw(t, label+" address") + "@example.com"
		r.Address = notifier.NewAddress(address)
		r.Key = notifier.KeyByEmail([]byte("test"), address, r.Name.Reveal())
		for i := range r.Accounts {
			r.Accounts[i].Number = notifier.NewAccountNumber(rapid.StringMatching(`[0-9A-Z]{1,12}`).Draw(t, label+" number"))
		}
		text := rapid.StringMatching(`([a-zß=<>&'"+]{0,90} ?[0-9]{0,12}){0,2}`)
		setExtra(&r, text.Draw(t, label+" plan"), text.Draw(t, label+" store"))
		return r
	}
	rapid.Check(t, func(t *rapid.T) {
		people := []notifier.Recipient{person(t, "a"), person(t, "b")}
		var messages []Message
		for i := range people {
			m, err := n.Compose(&people[i], sent)
			if err != nil {
				t.Fatal(err)
			}
			if err := n.Guard(&people[i], n.Envelope(&people[i]), m); err != nil {
				t.Fatalf("its own: %v", err)
			}
			messages = append(messages, m)
		}
		a := &people[0]
		if n.Guard(a, n.Envelope(a), messages[1]) == nil || n.Guard(a, n.Envelope(&people[1]), messages[0]) == nil {
			t.Fatal("another's message or envelope passed")
		}
		own, theirs := bytes.Split(messages[0].Bytes, []byte("\r\n")), bytes.Split(messages[1].Bytes, []byte("\r\n"))
		i := rapid.IntRange(0, len(own)-1).Draw(t, "line")
		j := rapid.IntRange(0, len(theirs)-1).Draw(t, "other line")
		if bytes.Equal(own[i], theirs[j]) {
			return
		}
		own[i] = theirs[j]
		if n.Guard(a, n.Envelope(a), Message{Bytes: bytes.Join(own, []byte("\r\n"))}) == nil {
			t.Fatalf("passed with the other's line %q", theirs[j])
		}
	})
}

// Many goroutines may guard at once.
func TestGuardTogether(t *testing.T) {
	n := testStateNotice(t)
	people := recipients()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range people {
				m, err := n.Compose(&people[i], sent)
				if err != nil {
					t.Error(err)
					continue
				}
				if err := n.Guard(&people[i], n.Envelope(&people[i]), m); err != nil {
					t.Error(err)
				}
				if other := &people[(i+1)%len(people)]; n.Guard(other, n.Envelope(other), m) == nil {
					t.Errorf("%d: another's message passed", i)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkGuard(b *testing.B) {
	n := testStateNotice(b)
	for _, v := range []notifier.Variant{n.Variant("", "en", "postpaid"), n.Variant("NC", "en", "both")} {
		r := n.Sample(v)
		m, err := n.Compose(&r, sent)
		if err != nil {
			b.Fatal(err)
		}
		e := n.Envelope(&r)
		b.Run(fmt.Sprintf("%s-%dB", v, len(m.Bytes)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := n.Guard(&r, e, m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkNotice is all that is done to a notice before it is handed to a
// relay: render, compose, guard.
func BenchmarkNotice(b *testing.B) {
	n := testStateNotice(b)
	for _, v := range []notifier.Variant{
		n.Variant("", "en", "postpaid"), n.Variant("", "es", "postpaid"), n.Variant("NC", "en", "both"),
	} {
		r := n.Sample(v)
		m, err := n.Compose(&r, sent)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("%s-%dB", v, len(m.Bytes)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m, err := n.Compose(&r, sent)
				if err != nil {
					b.Fatal(err)
				}
				if err := n.Guard(&r, n.Envelope(&r), m); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msgs/s")
		})
	}
}
