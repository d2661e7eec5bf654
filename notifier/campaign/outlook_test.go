package campaign

import (
	"testing"
	"time"
)

// missed returns the states whose deadline ends before the last notice leaves.
func missed(o Outlook) map[string]bool {
	list := map[string]bool{}
	for _, s := range o.States {
		list[s.State] = s.Missed
	}
	return list
}

// A deadline cannot be met where the rate is too low for all that is left, or
// where a hold lasts longer.
func TestOutlookMissed(t *testing.T) {
	c := newCampaign(t, "")
	i := &c.Config.Incident
	i.Discovered, i.Determined, i.ScopeEnded = NewDate(time.Now()), Date{}, Date{}
	people := map[string]int64{"FL": 3, "TX": 2, "GA": 1} // 30 days, 60 days, no number of days
	const aDay = 10 * 24 * 60 * 60                        // notices at 10/s
	c.Config.Limits.Rate, c.Config.Relays[0].Rate = 10, 0
	for _, tc := range []struct {
		name    string
		notices int64
		hold    *HoldConfig
		want    map[string]bool
		us      bool // the federal rule's 30 days
	}{
		{"time enough", aDay, nil, map[string]bool{"FL": false, "TX": false, "GA": false}, false},
		{"too many", 45 * aDay, nil, map[string]bool{"FL": true, "TX": false, "GA": false}, true},
		{"far too many", 90 * aDay, nil, map[string]bool{"FL": true, "TX": true, "GA": false}, true},
		{
			"a hold on one state", aDay, &HoldConfig{Name: "police", Match: Match{State: []string{"TX"}}, NotBefore: NewDate(time.Now().AddDate(0, 0, 70))},
			map[string]bool{"FL": false, "TX": true, "GA": false}, true,
		},
		{
			"a hold that a person ends", aDay, &HoldConfig{Name: "regulators", Match: Match{State: []string{"TX"}}},
			map[string]bool{"FL": false, "TX": false, "GA": false}, false,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c.Config.Holds = nil
			if tc.hold != nil {
				c.Config.Holds = []HoldConfig{*tc.hold}
			}
			holds, _, err := c.holds(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			o := c.outlook(people, tc.notices, holds)
			for state, want := range tc.want {
				if got := missed(o)[state]; got != want {
					t.Errorf("%s: missed is %v", state, got)
				}
			}
			if o.Federal == nil || o.Federal.Missed != tc.us || o.Federal.Passed || o.Federal.Doubt == "" {
				t.Errorf("the federal rule: %+v", o.Federal)
			}
			if on := o.States[1].Holds; tc.name == "a hold that a person ends" && (len(on) != 1 || on[0] != "regulators") {
				t.Errorf("%s is on hold by %q", o.States[1].State, on)
			}
		})
	}
}

// The last day counts whole.
func TestOutlookLastDay(t *testing.T) {
	c := newCampaign(t, "")
	for days, passed := range map[int]bool{-30: false, -31: true} {
		c.Config.Incident.Discovered = NewDate(time.Now().UTC().AddDate(0, 0, days))
		o := c.outlook(map[string]int64{"FL": 1}, 1, nil)
		if s := o.States[0]; s.Passed != passed || s.TellBy == "" {
			t.Errorf("%d days after discovery: passed is %v, to be told by %s", -days, s.Passed, s.TellBy)
		}
	}
}
