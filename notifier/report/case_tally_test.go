package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"breachmail/notifier"
)

// anybody draws somebody and what became of them, as a ledger can have it.
func anybody(t *rapid.T) *Person {
	p := &Person{State: rapid.SampledFrom([]string{"CA", "TX", "GU", "unknown"}).Draw(t, "state"), Channel: notifier.Postal}
	if rapid.Bool().Draw(t, "email") {
		p.Channel, p.Domain = notifier.Email, fmt.Sprintf("d%d.example", rapid.IntRange(0, 30).Draw(t, "domain"))
		p.Wave = rapid.SampledFrom([]string{"pilot", "rest"}).Draw(t, "wave")
		p.Status = rapid.SampledFrom([]notifier.Status{
			notifier.Pending, notifier.InFlight, notifier.Deferred, notifier.Accepted, notifier.Refused, notifier.Unknown, notifier.Bounced,
		}).Draw(t, "status")
	}
	at := caseStart.Add(time.Duration(rapid.Int64Range(0, 90*24*3600).Draw(t, "at")) * time.Second)
	if p.Status == notifier.Accepted || p.Status == notifier.Bounced {
		p.Taken = at
	}
	if p.Status == notifier.Bounced {
		p.Bounced = at.Add(time.Hour)
	}
	if rapid.Bool().Draw(t, "letter") {
		p.Letter = at.AddDate(0, 0, 9).Format(time.DateOnly)
	}
	return p
}

// Whoever is counted is counted once in every table.
func TestTallySums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		deadline := rapid.SampledFrom([]string{"", "2018-09-19"}).Draw(t, "deadline")
		y := NewTally(TallyOptions{
			AlsoPostal: rapid.Bool().Draw(t, "also postal"), Waves: []string{"pilot"},
			Deadline: func(state string) string {
				return strings.TrimPrefix(deadline, map[string]string{"TX": deadline}[state])
			},
			Zone: zone,
		})
		var people, taken, letters, emails int64
		for range rapid.IntRange(0, 60).Draw(t, "people") {
			p := anybody(t)
			y.Add(p)
			people++
			if !p.Taken.IsZero() {
				taken++
			}
			if p.Letter != "" {
				letters++
			}
			if p.Channel == notifier.Email {
				emails++
			}
		}
		all := &y.All
		same := func(what string, got, want int64) {
			t.Helper()
			if got != want {
				t.Errorf("%s: %d, want %d", what, got, want)
			}
		}
		same("people", all.People, people)
		same("channels", all.Email+all.Postal, people)
		same("statuses", y.Notices.Sum(), emails)
		var standing int64
		for _, n := range all.Standing {
			standing += n
		}
		same("standings", standing, people)
		var inStates, untold, kept, first Counts
		for _, s := range y.States() {
			inStates.sum(&s.Counts)
			untold.Untold += s.Untold
			kept.InTime += s.InTime + s.Late
			if s.State != "TX" && deadline != "" {
				first.People += s.People - s.Untold
			}
		}
		same("states", inStates.People, people)
		same("untold by state", untold.Untold, all.Untold)
		same("in time and late", kept.InTime, first.People)
		var reached, byDay, byLetter, inDomains int64
		for _, r := range y.Reached() {
			reached += r.Emails + r.Letters
		}
		same("sent by day", reached, people-all.Untold)
		for _, d := range y.Days() {
			byDay += d.Taken
			byLetter += d.Letters
		}
		same("taken by day", byDay, taken)
		same("letters by day", byLetter, letters)
		same("taken", y.Taken(), taken)
		for _, d := range y.Domains(3) {
			inDomains += d.People
			if d.Domain != "" && d.People < fewPeople {
				t.Errorf("%s is named, and has %d people", d.Domain, d.People)
			}
		}
		same("domains", inDomains, emails)
		bins, _ := y.clock.bars(caseStart, caseStart.AddDate(1, 0, 0))
		var inBars int64
		for _, of := range bins {
			inBars += sumOf(of...)
		}
		same("bars", inBars, taken)
	})
}

// zone is half a day ahead in Guam, and behind elsewhere.
func zone(state string) *time.Location {
	if state == "GU" {
		return time.FixedZone("GU", 10*3600)
	}
	return time.FixedZone("US", -8*3600)
}

// By the clock of the state a notice is in time or not, whatever day it is in UTC.
func TestTallyDeadlineByTheClockOfTheState(t *testing.T) {
	for _, c := range []struct {
		state  string
		at     time.Time
		on     string
		inTime int64
	}{
		{"CA", time.Date(2018, 9, 20, 7, 59, 0, 0, time.UTC), "2018-09-19", 1},
		{"CA", time.Date(2018, 9, 20, 8, 0, 0, 0, time.UTC), "2018-09-20", 0},
		{"GU", time.Date(2018, 9, 19, 13, 59, 0, 0, time.UTC), "2018-09-19", 1},
		{"GU", time.Date(2018, 9, 19, 14, 0, 0, 0, time.UTC), "2018-09-20", 0},
	} {
		y := NewTally(TallyOptions{Deadline: func(string) string { return "2018-09-19" }, Zone: zone})
		y.Add(&Person{State: c.state, Channel: notifier.Email, Status: notifier.Accepted, Taken: c.at})
		if got := y.Of(c.state); got.InTime != c.inTime || got.Late != 1-c.inTime || got.First != c.on || got.Last != c.on {
			t.Errorf("%s at %v: %+v", c.state, c.at, got)
		}
	}
}

// A notice that came back counts by its letter, and one that is followed by a
// letter by itself.
func TestTallyWhatCounts(t *testing.T) {
	at := caseStart
	for _, c := range []struct {
		name   string
		p      Person
		also   bool
		stands Standing
		first  string
	}{
		{"email", Person{Channel: notifier.Email, Status: notifier.Accepted, Taken: at}, false, ByEmail, "2018-08-24"},
		{"email and letter", Person{Channel: notifier.Email, Status: notifier.Accepted, Taken: at, Letter: "2018-08-30"}, false, ByEmail, "2018-08-24"},
		{"email alone is not enough", Person{Channel: notifier.Email, Status: notifier.Accepted, Taken: at}, true, ByEmail, ""},
		{"both are", Person{Channel: notifier.Email, Status: notifier.Accepted, Taken: at, Letter: "2018-08-30"}, true, ByEmail, "2018-08-30"},
		{"came back", Person{Channel: notifier.Email, Status: notifier.Bounced, Taken: at}, false, LetterDue, ""},
		{"came back, letter", Person{Channel: notifier.Email, Status: notifier.Bounced, Taken: at, Letter: "2018-08-30"}, false, ByLetter, "2018-08-30"},
		{"refused", Person{Channel: notifier.Email, Status: notifier.Refused}, false, LetterDue, ""},
		{"by post", Person{Channel: notifier.Postal}, false, LetterDue, ""},
		{"unknown", Person{Channel: notifier.Email, Status: notifier.Unknown}, false, Undecided, ""},
		{"in flight", Person{Channel: notifier.Email, Status: notifier.InFlight}, false, Unsent, ""},
	} {
		y := NewTally(TallyOptions{AlsoPostal: c.also})
		y.Add(&c.p)
		if y.All.Standing[c.stands] != 1 || y.All.First != c.first || (y.All.Untold == 1) != (c.first == "") {
			t.Errorf("%s: %+v", c.name, y.All)
		}
	}
}

// The count over time stays small however long a campaign takes.
func TestClockStaysSmall(t *testing.T) {
	c := newClock([]string{"a"})
	const n = 60_000
	for i := range n {
		c.add(caseStart.Add(time.Duration(i*i%n)*time.Minute), "a")
	}
	if len(c.bins) > mostBins {
		t.Errorf("%d spans are counted apart", len(c.bins))
	}
	bins, step := c.bars(c.first, c.last)
	var sum int64
	for _, of := range bins {
		sum += of[0]
	}
	if sum != n || len(bins) > 3*mostBars || step < 3600 {
		t.Errorf("%d notices in %d bars of %d seconds", sum, len(bins), step)
	}
}

func TestTicks(t *testing.T) {
	for _, span := range []time.Duration{3 * time.Second, time.Minute, time.Hour, 7 * time.Hour, 30 * 24 * time.Hour, 3000 * 24 * time.Hour} {
		list := ticks(caseStart, caseStart.Add(span))
		if len(list) < 1 || len(list) > mostTicks+1 {
			t.Errorf("%v has %d ticks: %v", span, len(list), list)
		}
	}
}

func TestTop(t *testing.T) {
	for n, want := range map[int64]int64{0: 1, 1: 1, 3: 4, 7: 8, 9: 10, 11: 20, 41: 50, 6000: 6000, 2_000_001: 4_000_000} {
		if end, lines := top(n, 200); end != want || lines[0].Y != 200 || lines[len(lines)-1].Y != 0 {
			t.Errorf("%d: %d %v", n, end, lines)
		}
	}
}
