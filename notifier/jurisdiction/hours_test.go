package jurisdiction

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
)

// TestZonesOfEveryState: no state of the law's data is taken for an unknown one.
func TestZonesOfEveryState(t *testing.T) {
	known := 0
	for _, state := range builtInLaw(t).States() {
		if state == Federal {
			continue
		}
		known++
		if _, ok := loadZones().class[state]; !ok {
			t.Errorf("%s has no zones", state)
		}
		for _, name := range Zones(state) {
			if _, err := time.LoadLocation(name); err != nil {
				t.Errorf("%s: %v", state, err)
			}
		}
	}
	if known != 59 || len(loadZones().class) != known {
		t.Errorf("%d states of the law, zones of %d, want 59", known, len(loadZones().class))
	}
}

func TestZones(t *testing.T) {
	const east, central, mountain, west = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
	for states, want := range map[string][]string{
		"NY DC GA": {east}, "IL AL": {central}, "CO": {mountain}, "CA WA": {west},
		"FL IN KY MI TN": {east, central}, "KS ND NE SD TX": {central, mountain}, "ID NV OR": {mountain, west},
		"AZ": {mountain, "America/Phoenix"}, "AK": {"America/Anchorage", "America/Adak"}, "HI": {"Pacific/Honolulu"},
		"PR VI": {"America/Puerto_Rico"}, "GU MP": {"Pacific/Guam"}, "AS": {"Pacific/Pago_Pago"},
		notifier.UnknownState + " AA AE AP XX ny": {east, central, mountain, west},
	} {
		for state := range strings.FieldsSeq(states) {
			if got := Zones(state); !slices.Equal(got, want) {
				t.Errorf("%s is in %v, want %v", state, got, want)
			}
		}
	}
	if got := Zones(""); len(got) != 4 {
		t.Errorf("no state is in %v", got)
	}
	Zones("FL")[0] = "Europe/Paris"
	if Zones("FL")[0] != east {
		t.Error("a caller has changed the zones of a state")
	}
}

func TestClass(t *testing.T) {
	var h Hours
	if h.Class("KY") != h.Class("TN") || h.Class("KY") == h.Class("NY") || h.Class("KY") == h.Class("IL") {
		t.Error("those with the same zones are not in one class")
	}
	if h.Class("TX") != "America/Chicago+America/Denver" || h.Class("") != h.Class("AE") {
		t.Errorf("TX is of class %s, nowhere of %s, AE of %s", h.Class("TX"), h.Class(""), h.Class("AE"))
	}
	h.Zone = time.UTC
	if h.Class("KY") != "UTC" || h.Class("") != h.Class("KY") {
		t.Error("one zone for all is not one class")
	}
}

// workday is what most cases are about; night lies where the clocks change.
var (
	workday = Hours{From: 8 * time.Hour, To: 20 * time.Hour}
	night   = Hours{From: 2*time.Hour + 30*time.Minute, To: 6*time.Hour + 30*time.Minute}
	early   = Hours{From: time.Hour + 30*time.Minute, To: 6 * time.Hour}
)

func TestNext(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	abroad := workday
	abroad.Zone = paris
	for _, c := range []struct {
		hours           Hours
		state, at, want string // want "": at itself
	}{
		{workday, "NY", "2026-01-15T12:59:59.5Z", "2026-01-15T13:00:00Z"},
		{workday, "NY", "2026-01-15T13:00:00Z", ""},
		{workday, "NY", "2026-01-16T00:59:59.999Z", ""},
		{workday, "NY", "2026-01-16T01:00:00Z", "2026-01-16T13:00:00Z"},
		{workday, "NY", "2026-01-15T07:00:00-05:00", "2026-01-15T08:00:00-05:00"},
		{workday, "HI", "2026-07-15T17:00:00Z", "2026-07-15T18:00:00Z"},
		{workday, "HI", "2026-01-15T06:00:00Z", "2026-01-15T18:00:00Z"},
		{workday, "GU", "2026-01-15T10:00:00Z", "2026-01-15T22:00:00Z"},
		{workday, "AK", "2026-01-15T17:00:00Z", "2026-01-15T18:00:00Z"},
		// Split states: not before the western zone's morning, not after the eastern one's evening.
		{workday, "FL", "2026-01-15T13:30:00Z", "2026-01-15T14:00:00Z"},
		{workday, "FL", "2026-01-16T01:00:00Z", "2026-01-16T14:00:00Z"},
		{workday, "TX", "2026-07-15T12:00:00Z", "2026-07-15T14:00:00Z"},
		{workday, "OR", "2026-07-16T02:00:00Z", "2026-07-16T15:00:00Z"},
		// Arizona has one time in winter, two in summer.
		{workday, "AZ", "2026-01-15T14:00:00Z", "2026-01-15T15:00:00Z"},
		{workday, "AZ", "2026-01-16T02:59:00Z", ""},
		{workday, "AZ", "2026-07-15T14:00:00Z", "2026-07-15T15:00:00Z"},
		{workday, "AZ", "2026-07-16T02:00:00Z", "2026-07-16T15:00:00Z"},
		// Somewhere in the contiguous states.
		{workday, "", "2026-01-15T13:00:00Z", "2026-01-15T16:00:00Z"},
		{workday, "AE", "2026-01-16T00:59:00Z", ""},
		{workday, "", "2026-01-16T01:00:00Z", "2026-01-16T16:00:00Z"},
		// The night in which the clocks are set forward, and that in which they are set back.
		{workday, "NY", "2026-03-08T01:00:00Z", "2026-03-08T12:00:00Z"},
		{workday, "NY", "2026-11-01T00:00:00Z", "2026-11-01T13:00:00Z"},
		{workday, "AZ", "2026-03-08T03:00:00Z", "2026-03-08T15:00:00Z"},
		{workday, "TX", "2026-03-08T02:00:00Z", "2026-03-08T14:00:00Z"},
		{workday, "TX", "2026-11-01T01:00:00Z", "2026-11-01T15:00:00Z"},
		{workday, "HI", "2026-03-08T06:00:00Z", "2026-03-08T18:00:00Z"},
		{night, "NY", "2026-03-08T06:00:00Z", "2026-03-08T07:00:00Z"}, // there is no 02:30, but 03:00
		{night, "NY", "2026-03-08T10:30:00Z", "2026-03-09T06:30:00Z"},
		{early, "NY", "2026-11-01T05:00:00Z", "2026-11-01T05:30:00Z"}, // the first 01:30
		{early, "NY", "2026-11-01T06:00:00Z", "2026-11-01T06:30:00Z"}, // and the second one
		{abroad, "HI", "2026-01-15T06:00:00Z", "2026-01-15T07:00:00Z"},
		{abroad, "NY", "2026-07-15T06:00:00Z", ""},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		want := at
		if c.want != "" {
			if want, err = time.Parse(time.RFC3339, c.want); err != nil {
				t.Fatal(err)
			}
		}
		if got := c.hours.Next(c.hours.Class(c.state), at); !got.Equal(want) {
			t.Errorf("%v to %v, %q at %s: %s, want %s", c.hours.From, c.hours.To, c.state, c.at, got.Format(time.RFC3339Nano), want.Format(time.RFC3339))
		}
	}
}

// TestNextIsTheFirst compares with a search minute by minute, around the days on
// which the clocks change.
func TestNextIsTheFirst(t *testing.T) {
	random := rand.New(rand.NewPCG(2007, 71))
	classes := []string{contiguous}
	for class := range zoneStates {
		classes = append(classes, class)
	}
	slices.Sort(classes)
	days := []time.Time{
		time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 30, 0, 0, 0, 0, time.UTC),
		time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC),
	}
	for range 3000 {
		from := time.Duration(random.IntN(20*60)) * time.Minute
		to := from + 4*time.Hour + time.Duration(random.Int64N(int64(20*time.Hour-from)/int64(time.Minute)+1))*time.Minute
		h := Hours{From: from, To: to}
		class := classes[random.IntN(len(classes))]
		at := days[random.IntN(len(days))].Add(time.Duration(random.IntN(4*24*60)) * time.Minute)
		want := at
		for !h.everywhere(h.zones(class), want) {
			want = want.Add(time.Minute)
		}
		if got := h.Next(class, at); !got.Equal(want) {
			t.Fatalf("%v to %v in %s from %v: %v, want %v", from, to, class, at, got.UTC(), want)
		}
	}
}

// TestNextGivesUp: hours that are never in all zones at once do not send, and
// do not hang.
func TestNextGivesUp(t *testing.T) {
	at := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
	for _, h := range []Hours{{From: 8 * time.Hour, To: 9 * time.Hour}, {From: 8 * time.Hour, To: 8 * time.Hour}, {From: 25 * time.Hour, To: 26 * time.Hour}} {
		if got := h.Next(h.Class(""), at); got.Before(at.Add(farthest)) {
			t.Errorf("%v to %v: %v", h.From, h.To, got)
		}
	}
}

func BenchmarkHours(b *testing.B) {
	for name, at := range map[string]time.Time{
		"open": time.Date(2026, 1, 15, 20, 0, 0, 0, time.UTC), "closed": time.Date(2026, 1, 15, 3, 0, 0, 0, time.UTC),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				workday.Next(workday.Class("XX"), at)
			}
		})
	}
}
