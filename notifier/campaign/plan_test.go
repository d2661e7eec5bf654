package campaign

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
)

// countdown is a context that ends when it has been asked so many times whether
// it has: a plan killed at its k-th step, for each k.
type countdown struct {
	context.Context
	cancel context.CancelFunc
	left   *atomic.Int64
}

func newCountdown(k int64) countdown {
	ctx, cancel := context.WithCancel(bg)
	left := new(atomic.Int64)
	left.Store(k)
	return countdown{ctx, cancel, left}
}

func (c countdown) Err() error {
	if c.left.Add(-1) < 0 {
		c.cancel()
	}
	return c.Context.Err()
}

// mixed is an export with one of everything: merged, set aside, by post.
const mixed = `Name,ZIP,Phone,Email,Account Number,Account Type
Maria Lopez,98101,206-555-0101,maria.lopez@example.com,900121234,prepaid
Wei Chen,10001,212-555-0102,wei.chen@example.net,900129999,postpaid
Maria Lopez,98101,206-555-0101,Maria.Lopez@EXAMPLE.com,900125678,Postpaid
Sam Ode,2134,617-555-0103,,900127777,prepaid
Lee Park,94110,415-555-0104,lee.park@example.org,900126666,landline
`

// later has an account more for Maria, and somebody new.
const later = `Name,ZIP,Phone,Email,Account Number,Account Type
Maria Lopez,98101,206-555-0101,maria.lopez@example.com,900124321,postpaid
Ida Berg,98101,206-555-0105,ida.berg@example.com,900125555,prepaid
Bo Lind,94110,415-555-0106,bo.lind@example.com,9.00E+08,prepaid
`

func exportOf(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export.csv")
	write(t, path, text)
	return path
}

// TestPlanKilledAtAnyStep kills a first plan and a later one at each step:
// either nothing of it is there, or all of it. Run again, the ledger holds the
// same as if nobody had been killed.
func TestPlanKilledAtAnyStep(t *testing.T) {
	first, second := exportOf(t, mixed), exportOf(t, later)
	undisturbed := newCampaign(t, gated)
	c := newCampaign(t, gated)
	for _, path := range []string{first, second} {
		plan(t, undisturbed, path)
		want := content(t, undisturbed)
		killed := killUntilDone(t, c, path, want)
		if killed < 5 {
			t.Errorf("the plan was killed only %d times", killed)
		}
		if again := plan(t, c, path); !again.Profile.Exports[0].Planned || again.Batch.Number != 0 {
			t.Errorf("planned once more, it was not skipped: %+v", again)
		}
		if got := content(t, c); !reflect.DeepEqual(got, want) {
			t.Errorf("it holds\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if err := c.Audit(bg); err != nil {
		t.Error(err)
	}
}

// killUntilDone plans with a longer life each time, until it is long enough.
func killUntilDone(t *testing.T, c *Campaign, path string, want []string) (killed int) {
	t.Helper()
	if err := openLedger(t, c).Close(); err != nil { // so that there is one to be read
		t.Fatal(err)
	}
	before := content(t, c)
	for k := int64(0); ; k++ {
		p, err := c.Plan(newCountdown(k), Input{Paths: []string{path}}, nil)
		if err == nil {
			if p.Batch.Number == 0 || p.Status.Phase != PhasePlanned {
				t.Errorf("after %d steps: %+v", k, p)
			}
			return killed
		}
		killed++
		if !errors.Is(err, ErrInterrupted) || err.Error() != "interrupted: nothing was loaded" {
			t.Fatalf("killed at step %d it says: %v", k, err)
		}
		if got := content(t, c); !reflect.DeepEqual(got, before) {
			t.Fatalf("killed at step %d with %v, something of it is there:\n%s", k, err, strings.Join(got, "\n"))
		}
		if reflect.DeepEqual(before, want) {
			t.Fatal("there is nothing to tell before from after")
		}
		noLeftovers(t, c)
		if k > 2000 {
			t.Fatal("the plan does not end")
		}
	}
}

// noLeftovers finds temporary files, which hold personal data.
func noLeftovers(t *testing.T, c *Campaign) {
	t.Helper()
	entries, err := filepath.Glob(c.path(outDir, "plan", "*", ".*"))
	more, moreErr := filepath.Glob(c.path(outDir, "plan", "*", "*"))
	if err != nil || moreErr != nil {
		t.Fatal(err, moreErr)
	}
	for _, path := range append(entries, more...) {
		if name := filepath.Base(path); name != "rejected.csv" && name != "added-after-notice.csv" {
			t.Errorf("left behind: %s", path)
		}
	}
}

// TestPlanTellsWhatItDid holds the numbers that the verb prints.
func TestPlanTellsWhatItDid(t *testing.T) {
	c := newCampaign(t, "")
	p := plan(t, c, exportOf(t, mixed))
	if p.Batch.Number != 1 || p.Batch.Size() != 3 || p.Added != 0 || p.Late != 0 || len(p.Profile.Rejected) != 1 {
		t.Errorf("%+v", p)
	}
	if s := p.Status; s.Rows.Read != 5 || s.Rows.Merged != 1 || s.Rows.Rejected != 1 || s.Recipients.Postal != 1 {
		t.Errorf("%+v", s)
	}
	p = plan(t, c, exportOf(t, later))
	if p.Batch.Number != 2 || p.Batch.Size() != 1 || p.Added != 1 || p.Late != 0 {
		t.Errorf("before an approval: %+v", p)
	}
	approve(t, c)
	p = plan(t, c, exportOf(t, strings.Replace(strings.Replace(later, "900124321", "900124322", 1), "Bo Lind", "Bo Lund", 1)))
	if p.Batch.Number != 0 || p.Added != 0 || p.Late != 1 {
		t.Errorf("after an approval: %+v", p)
	}
}

// TestPlanRate takes the lowest of what limits and relays allow.
func TestPlanRate(t *testing.T) {
	for _, tt := range []struct {
		limit  Rate
		relays []Rate
		want   Rate
	}{
		{10, []Rate{0}, 10}, {10, []Rate{5}, 5}, {10, []Rate{5, 4}, 9}, {10, []Rate{8, 4}, 10}, {10, []Rate{5, 0}, 10}, {10, nil, 10},
	} {
		cfg := &Config{Limits: LimitsConfig{Rate: tt.limit}}
		for _, r := range tt.relays {
			cfg.Relays = append(cfg.Relays, RelayConfig{Rate: r})
		}
		if got, _ := (&Campaign{Config: cfg}).rate(); got != tt.want {
			t.Errorf("%+v: %v", tt, got)
		}
	}
}

// TestPlanRateInTheLongRun takes counts and the hours of a day in.
func TestPlanRateInTheLongRun(t *testing.T) {
	day := &HoursConfig{From: 8 * 60, To: 20 * 60}
	for _, tt := range []struct {
		limits LimitsConfig
		relay  RelayConfig
		want   Rate
		by     string
	}{
		{LimitsConfig{Rate: 10}, RelayConfig{}, 10, "limits.rate"},
		{LimitsConfig{Rate: 10, PerHour: 3600}, RelayConfig{}, 1, "limits.per_hour"},
		{LimitsConfig{Rate: 10, PerHour: 3600, PerDay: 43200}, RelayConfig{}, 0.5, "limits.per_day"},
		{LimitsConfig{Rate: 10, PerHour: 36000}, RelayConfig{PerDay: 86400 * 4}, 4, "the relays' rates"},
		{LimitsConfig{Rate: 10, Hours: day}, RelayConfig{}, 5, "limits.rate and limits.hours"},
	} {
		got, by := (&Campaign{Config: &Config{Limits: tt.limits, Relays: []RelayConfig{tt.relay}}}).rate()
		if got != tt.want || by != tt.by {
			t.Errorf("%+v, %+v: %v by %s", tt.limits, tt.relay, got, by)
		}
	}
}
