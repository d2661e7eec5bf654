package campaign

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"breachmail/notifier/internal/smtptest"
	"breachmail/notifier/ledger"
)

// places are ZIP codes of Washington, Maryland, New Jersey and nowhere.
var places = map[rune]string{'w': "98101", 'm': "21201", 'n': "07102", '?': ""}

// living writes an export with one person for each letter of where, numbered
// from first on, and returns its path.
func living(t testing.TB, where string, first int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("Name,ZIP,Phone,Email,Account Number,Account Type\n")
	for i, place := range []rune(where) {
		n := first + i
		fmt.Fprintf(&b, "Pat Number%d,%s,2065550100,person%05d@example.com,9001%05d,prepaid\n", n, places[place], n, n)
	}
	path := filepath.Join(t.TempDir(), "export.csv")
	write(t, path, b.String())
	return path
}

const (
	regulators = "  - {name: regulators-first, match: {state: [MD, NJ]}}\n"
	jersey     = "  - {name: jersey, match: {state: [NJ]}}\n"
	police     = "  - {name: police, match: all, not_before: 2199-12-31}\n"
	over       = "  - {name: over, match: all, not_before: 2018-08-24}\n"
)

// sending makes an approved campaign of those people with a relay that takes
// everything.
func sending(t testing.TB, where, more string) *Campaign {
	t.Helper()
	more += "law: {status: {MD: voluntary, NJ: voluntary}} # no regulator has to be told first\n"
	c := newCampaign(t, more)
	addr := smtptest.Serve(t, takeAll)
	write(t, c.path(ConfigFile), strings.Replace(facts, "127.0.0.1:1", addr, 1)+more)
	c = reopen(t, c)
	plan(t, c, living(t, where, 1))
	approve(t, c)
	return c
}

// told returns the states of those whose notice was accepted, sorted.
func told(t testing.TB, c *Campaign) string {
	t.Helper()
	store := openLedger(t, c)
	defer func() { _ = store.Close() }()
	counts := map[string]int{}
	if err := store.Each(bg, func(r ledger.Row) error {
		if r.Status == "accepted" {
			counts[r.Recipient.State]++
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(counts)
}

// TestHoldsEnd says when a day has begun everywhere in the United States.
func TestHoldsEnd(t *testing.T) {
	c, err := ParseConfig("c", []byte(goodConfig))
	if err != nil {
		t.Fatal(err)
	}
	released, police := &c.Holds[0], &c.Holds[1]
	samoa := time.FixedZone("", -11*3600)
	for _, tt := range []struct {
		at   time.Time
		want bool
	}{
		{time.Date(2018, 8, 23, 23, 59, 59, 0, samoa), false},
		{time.Date(2018, 8, 24, 0, 0, 0, 0, samoa), true},
		{time.Date(2018, 8, 24, 10, 59, 59, 0, time.UTC), false},
		{time.Date(2018, 8, 24, 11, 0, 0, 0, time.UTC), true},
		{time.Date(2019, 8, 24, 0, 0, 0, 0, time.UTC), true},
	} {
		if got := police.endedBy(tt.at); got != tt.want {
			t.Errorf("%s: ended is %v", tt.at, got)
		}
		if released.endedBy(tt.at) {
			t.Errorf("%s: a hold without a day ended by itself", tt.at)
		}
	}
	if (&HoldConfig{NotBefore: Date{todo: true}}).endedBy(time.Now()) {
		t.Error("a hold whose day is TODO ended by itself")
	}
}

// TestHeldArePassedOver sends under holds: those they do not pick are told, the
// others are not, and the run says which hold it stopped at.
func TestHeldArePassedOver(t *testing.T) {
	for _, tt := range []struct {
		name, holds, told string
		error, hint       string // of the hint, > stands for the command
		states            string // of the holds
	}{
		{"two states", regulators, "map[WA:3 unknown:1]",
			"stopped at a hold: regulators-first keeps back 3 people",
			"when what regulators-first waits for has happened: > release regulators-first", "[{regulators-first held 3 }]"},
		{"one of two", jersey + over, "map[MD:2 WA:3 unknown:1]",
			"stopped at a hold: jersey keeps back 1 person",
			"when what jersey waits for has happened: > release jersey", "[{jersey held 1 } {over ended 0 2018-08-24}]"},
		{"all", regulators + police, "map[]",
			"stopped at a hold: regulators-first keeps back 3 people, police keeps back 7 people",
			"when what regulators-first waits for has happened: > release regulators-first; police ends by itself on 2199-12-31, or before with: > release police",
			"[{regulators-first held 3 } {police held 7 2199-12-31}]"},
		{"over", over, "map[MD:2 NJ:1 WA:3 unknown:1]", "", "", "[{over ended 0 2018-08-24}]"},
		{"nobody", over + "  - {name: guam, match: {state: [GU]}}\n", "map[MD:2 NJ:1 WA:3 unknown:1]", "", "", "[{over ended 0 2018-08-24} {guam held 0 }]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := sending(t, "wmwn?wm", "waves:\n  - {name: pilot, recipients: 3}\n  - {name: rest}\nholds:\n"+tt.holds)
			sent, err := c.Send(bg, bg, SendOptions{Verb: "send"})
			gotError, gotHint := "", ""
			var h *Hinted
			if errors.As(err, &h) {
				gotError, gotHint = err.Error(), strings.ReplaceAll(h.Hint, c.Command(""), "> ")
			}
			if gotError != tt.error || gotHint != tt.hint || errors.Is(err, ErrGate) != (tt.error != "") {
				t.Fatalf("%v\nhint %s", err, gotHint)
			}
			want := PhaseAtGate
			if tt.error == "" {
				want = PhaseComplete
			}
			if got := told(t, c); got != tt.told || sent.Status.Phase != want || fmt.Sprint([]HoldStatus(sent.Status.Holds)) != tt.states {
				t.Errorf("told are %s, phase %s, %v", got, sent.Status.Phase, sent.Status.Holds)
			}
			if err := c.Audit(bg); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestHoldsInOneWave sends a wave in which nobody is held back, then one in
// which somebody is.
func TestHoldsInOneWave(t *testing.T) {
	t.Parallel()
	c := sending(t, "wwww", "waves:\n  - {name: pilot, recipients: 2}\n  - {name: rest}\nholds:\n"+regulators)
	plan(t, c, living(t, "mn", 10)) // behind the others
	approve(t, c)
	if sent, err := c.Send(bg, bg, SendOptions{Verb: "send", Wave: "pilot"}); err != nil || sent.Status.Notices.Accepted != 2 || sent.Status.Phase != PhaseInterrupted {
		t.Errorf("%+v, %v", sent, err)
	}
	if sent, err := c.Send(bg, bg, SendOptions{Verb: "send", Wave: "rest"}); !errors.Is(err, ErrGate) || sent.Status.Notices.Accepted != 4 || sent.Status.Phase != PhaseAtGate {
		t.Errorf("%+v, %v", sent, err)
	}
}

// TestHoldsAtAGate has only held ones before a closed gate: there a run stops,
// and that is what the status says before and after.
func TestHoldsAtAGate(t *testing.T) {
	t.Parallel()
	c := sending(t, "mn", gated+"holds:\n"+regulators)
	plan(t, c, living(t, "www", 10))
	approve(t, c)
	is := func(when string, phase Phase, gate string) {
		t.Helper()
		if s, err := c.Status(bg); err != nil || s.Phase != phase || s.Gate != gate {
			t.Errorf("%s: phase %s at %q, %v", when, s.Phase, s.Gate, err)
		}
	}
	is("before", PhaseAtGate, "pilot")
	sent, err := c.Send(bg, bg, SendOptions{Verb: "send"})
	if !errors.Is(err, ErrGate) || !strings.Contains(err.Error(), "the gate after wave pilot") || sent.Status.Gate != "pilot" {
		t.Errorf("%+v, %v", sent, err)
	}
	if _, err := c.Release(bg, "pilot"); err != nil {
		t.Fatal(err)
	}
	is("with the gate open", PhaseApproved, "")
	if _, err = c.Send(bg, bg, SendOptions{Verb: "send"}); !errors.Is(err, ErrGate) || err.Error() != "stopped at a hold: regulators-first keeps back 2 people" {
		t.Error(err)
	}
	is("with the others sent", PhaseAtGate, "")
	if got := told(t, c); got != "map[WA:3]" {
		t.Errorf("told are %s", got)
	}
	if _, err := c.Release(bg, "regulators-first"); err != nil {
		t.Fatal(err)
	}
	is("with the hold released", PhaseInterrupted, "")
}

// TestReleaseOfAHold is by the one who has the campaign, and once.
func TestReleaseOfAHold(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, "holds:\n"+regulators+police+over)
	if _, err := c.Release(bg, "police"); !errors.Is(err, ErrNothingPlanned) {
		t.Errorf("before a plan: %v", err)
	}
	plan(t, c, living(t, "wmn", 1))
	for _, tt := range []struct {
		name string
		want Released
	}{
		{"regulators-first", Released{Hold: true}},
		{"regulators-first", Released{Hold: true, Already: true}},
		{"police", Released{Hold: true}}, // before its day
		{"over", Released{Hold: true, Already: true}},
	} {
		if got, err := c.Release(bg, tt.name); err != nil || got != tt.want {
			t.Errorf("%s: %+v, %v", tt.name, got, err)
		}
	}
	store := openLedger(t, c)
	var notes []string
	if err := store.Evidence(bg, func(e ledger.Evidence) error {
		if e.Kind == ledger.KindRelease {
			notes = append(notes, e.Note)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := []string{`{"hold":"regulators-first","states":["MD","NJ"]}`, `{"hold":"police","states":[]}`}
	if !reflect.DeepEqual(notes, want) {
		t.Errorf("the evidence is %q", notes)
	}
	if open, err := store.Released(bg); err != nil || len(open) > 0 {
		t.Errorf("a hold opened a gate: %v, %v", open, err)
	}
}

// TestReleaseAsksForTheHoldOnly: what was asked for a gate ends no hold that is
// given its name later, nor the other way round.
func TestReleaseAsksForTheHoldOnly(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, gated)
	plan(t, c, living(t, "wwwmn", 1))
	unlock, err := c.lock(bg, "send")
	if err != nil {
		t.Fatal(err)
	}
	if r, err := c.Release(bg, "pilot"); err != nil || !r.Asked || r.Hold {
		t.Fatalf("%+v, %v", r, err)
	}
	unlock()
	write(t, c.path(ConfigFile), facts+"holds:\n  - {name: pilot, match: {state: [MD]}}\n")
	c = reopen(t, c)
	if s, err := c.Status(bg); err != nil || s.Holds[0].State != holdHeld || s.Holds[0].People != 1 {
		t.Errorf("%+v, %v", s.Holds, err)
	}
	if unlock, err = c.lock(bg, "send"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if r, err := c.Release(bg, "pilot"); err != nil || r != (Released{Hold: true, Asked: true}) {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	unlock()
	info, err := os.Stat(c.holdControl("pilot"))
	if err != nil || info.Mode().Perm() != personal {
		t.Errorf("%v, %v", info, err)
	}
	if s, err := c.Status(bg); err != nil || s.Holds[0].State != holdReleased || s.Holds[0].People != 0 {
		t.Errorf("what was asked counts as released: %+v, %v", s.Holds, err)
	}
	store := openLedger(t, c)
	for range 2 {
		if standing, err := c.takeHolds(bg, store); err != nil || len(standing) > 0 {
			t.Errorf("%v, %v", standing, err)
		}
	}
	if released, err := store.ReleasedHolds(bg); err != nil || !released["pilot"] {
		t.Errorf("%v, %v", released, err)
	}
	if _, err := os.Stat(c.holdControl("pilot")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what was asked is still there: %v", err)
	}
}

// TestSenderTakesTheEndOfAHold releases a hold while the others are sent: the
// same run sends whom it kept back. The other hold goes on.
func TestSenderTakesTheEndOfAHold(t *testing.T) {
	t.Parallel()
	more := "holds:\n" + jersey + "  - {name: maryland, match: {state: [MD]}}\n"
	c := sending(t, "wmwn", more)
	sent, err := c.Send(bg, bg, SendOptions{Verb: "send", Begin: func(s Status) {
		if s.Phase != PhaseSending || s.Holds[0].People != 1 {
			t.Errorf("it begins with %+v", s)
		}
		if r, err := reopen(t, c).Release(bg, "jersey"); err != nil || !r.Asked {
			t.Errorf("%+v, %v", r, err)
		}
	}})
	if err == nil || err.Error() != "stopped at a hold: maryland keeps back 1 person" || sent.Status.Phase != PhaseAtGate {
		t.Fatalf("%+v, %v", sent, err)
	}
	if got := told(t, c); got != "map[NJ:1 WA:2]" {
		t.Errorf("told are %s", got)
	}
	if _, err := c.Release(bg, "maryland"); err != nil {
		t.Fatal(err)
	}
	if sent, err = c.Send(bg, bg, SendOptions{Verb: "resume"}); err != nil || sent.Status.Phase != PhaseComplete {
		t.Errorf("%+v, %v", sent, err)
	}
}

// TestHoldsAndApprovals has a batch that nobody approved beside one under a
// hold: the approval comes first, as long as it would let anybody through.
func TestHoldsAndApprovals(t *testing.T) {
	t.Parallel()
	c := sending(t, "wm", "holds:\n"+regulators)
	plan(t, c, living(t, "w", 10))
	if sent, err := c.Send(bg, bg, SendOptions{Verb: "send"}); !errors.Is(err, ErrNotApproved) || sent.Status.Phase != PhasePlanned {
		t.Errorf("%+v, %v", sent, err)
	}
	approve(t, c)
	if sent, err := c.Send(bg, bg, SendOptions{Verb: "send"}); !errors.Is(err, ErrGate) || sent.Status.Phase != PhaseAtGate {
		t.Errorf("%+v, %v", sent, err)
	}
}

func TestHoldsAsJSON(t *testing.T) {
	for want, s := range map[string]Status{
		`[]`: {},
		`[{"name":"police","state":"held","people":3}]`: {Holds: Holds{{Name: "police", State: holdHeld, People: 3, Ends: NewDate(time.Now())}}},
	} {
		b, err := json.Marshal(s)
		var got struct {
			Holds json.RawMessage `json:"holds"`
		}
		if err == nil {
			err = json.Unmarshal(b, &got)
		}
		if err != nil || string(got.Holds) != want {
			t.Errorf("%s, %v", got.Holds, err)
		}
	}
	c := newCampaign(t, "holds:\n"+regulators+over)
	s, err := c.Status(bg)
	if want := "[{regulators-first held 0 } {over ended 0 2018-08-24}]"; err != nil || fmt.Sprint([]HoldStatus(s.Holds)) != want {
		t.Errorf("with nothing planned: %v, %v", s.Holds, err)
	}
}
