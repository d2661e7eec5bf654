package jurisdiction

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// jurisdictions are the 50 states, DC, PR, GU and VI.
var jurisdictions = strings.Fields(`AK AL AR AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT
	NC ND NE NH NJ NM NV NY OH OK OR PA PR RI SC SD TN TX UT VA VI VT WA WI WV WY`)

func builtInLaw(t testing.TB) *Law {
	t.Helper()
	law, err := Parse("law.csv", BuiltIn())
	if err != nil {
		t.Fatal(err)
	}
	return law
}

func TestEveryStateHasTheFacts(t *testing.T) {
	law := builtInLaw(t)
	if len(jurisdictions) != 54 {
		t.Fatal(len(jurisdictions))
	}
	for _, state := range jurisdictions {
		for _, fact := range []string{FactName, FactStatute, FactDeadline} {
			f, ok := law.Fact(state, fact)
			if !ok || f.Value == "" || f.Source == "" || f.Line == 0 {
				t.Errorf("%s has no %s with a source", state, fact)
			}
		}
		if strings.ContainsAny(law.Name(state), "[]") {
			t.Errorf("%s is named %s", state, law.Name(state))
		}
	}
	for _, state := range law.States() {
		if law.Name(state) == "" {
			t.Errorf("%s has no name", state)
		}
	}
	for state, first := range map[string]string{"MD": "Attorney General", "NJ": "State Police"} {
		if f, _ := law.Fact(state, FactRegulatorFirst); !strings.Contains(f.Value, first) {
			t.Errorf("%s: who is told first is %q", state, f.Value)
		}
	}
	if law.Name("XX") != "" {
		t.Error("XX has a name")
	}
}

// All states with a number of days, and no others.
func TestDeadlineDays(t *testing.T) {
	law := builtInLaw(t)
	want := map[int]string{
		30: "CA CO FL ME NY WA",
		45: "AL AZ IN MD NM OH OR RI TN VT WI",
		60: "CT DE LA SD TX",
	}
	discovered := time.Date(2018, 8, 20, 0, 0, 0, 0, time.UTC)
	got := map[int][]string{}
	for _, state := range law.States() {
		if d, ok := law.Deadline(state, Clocks{Discovered: discovered}); ok {
			got[d.Days] = append(got[d.Days], state)
			if d.On != discovered.AddDate(0, 0, d.Days) || d.From != discovered || d.State != state || d.Source == "" || d.Confidence == "" {
				t.Errorf("%s: %+v", state, d)
			}
			if f, _ := law.Fact(state, FactDeadline); !strings.Contains(f.Value, fmt.Sprint(d.Days)) {
				t.Errorf("%s: the deadline in words is %q, in days %d", state, f.Value, d.Days)
			}
		}
	}
	for days, states := range want {
		if !slices.Equal(got[days], strings.Fields(states)) {
			t.Errorf("%d days: %s, want %s", days, got[days], states)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d different deadlines", len(got))
	}
}

func TestDeadlineClocks(t *testing.T) {
	law := builtInLaw(t)
	day := func(d int) time.Time { return time.Date(2018, 8, d, 0, 0, 0, 0, time.UTC) }
	all := Clocks{Discovered: day(20), Determined: day(22), ScopeEnded: day(24)}
	for _, c := range []struct {
		state  string
		clocks Clocks
		on     time.Time
		clock  string
	}{
		{"CA", all, time.Date(2018, 9, 19, 0, 0, 0, 0, time.UTC), ClockDiscovery},
		{"CO", all, time.Date(2018, 9, 21, 0, 0, 0, 0, time.UTC), ClockDetermination},
		{"RI", all, time.Date(2018, 10, 6, 0, 0, 0, 0, time.UTC), ClockConfirmation},
		{"ME", all, time.Date(2018, 9, 23, 0, 0, 0, 0, time.UTC), ClockScopeEnded},
		{"ME", Clocks{Discovered: day(20)}, time.Date(2018, 9, 19, 0, 0, 0, 0, time.UTC), ClockScopeEnded},
		{"ME", Clocks{}, time.Time{}, ""},
		{"CA", Clocks{Determined: day(22)}, time.Time{}, ""},
		{"GA", all, time.Time{}, ""}, // no number of days
		{"XX", all, time.Time{}, ""},
	} {
		d, ok := law.Deadline(c.state, c.clocks)
		if ok != !c.on.IsZero() || !d.On.Equal(c.on) || d.Clock != c.clock {
			t.Errorf("%s: %+v, %v", c.state, d, ok)
		}
	}
	if d, _ := law.Deadline("AZ", all); d.SourceDate != "2021-09" {
		t.Errorf("AZ: source of %q", d.SourceDate)
	}
}

func TestParseErrors(t *testing.T) {
	const head = "state,fact,value,source,source_date,checked_on,confidence\n"
	const ok = "CA,name,California,book,,,memory\n"
	for _, c := range []struct{ data, want string }{
		{"", "law.csv:1: the file is empty"},
		{"# nothing\n", "law.csv:1: the file is empty"},
		{"# about\nstate,fact\n", "law.csv:2: not the header of law data (it is state,fact,value,"},
		{head + ok + "CA,name\n", "law.csv:3: 2 fields instead of 7"},
		{head + "California,name,x,book,,,memory\n", "law.csv:2: the state is not two capital letters"},
		{head + "ca,name,x,book,,,memory\n", "law.csv:2: the state is not two capital letters"},
		{head + "CA,nam,x,book,,,memory\n", `law.csv:2: there is no fact "nam" (facts: name, statute,`},
		{head + "CA,name,,book,,,memory\n", "law.csv:2: name has no value"},
		{head + "CA,name,x,,,,memory\n", "law.csv:2: the source is missing"},
		{head + "CA,name,x,book,Sept 2021,,memory\n", "law.csv:2: a date is not written as"},
		{head + "CA,name,x,book,,2021-13-01,memory\n", "law.csv:2: a date is not written as"},
		{head + "CA,name,x,book,,,sure\n", "law.csv:2: the confidence is not one of verified, memory, counsel"},
		{head + "CA,deadline_days,soon,book,,,memory\n", "law.csv:2: the deadline is not a number of days"},
		{head + "CA,deadline_days,0,book,,,memory\n", "law.csv:2: the deadline is not a number of days"},
		{head + "CA,deadline_clock,noon,book,,,memory\n", "law.csv:2: the clock is not one of discovery,"},
		{head + "CA,deadline_days,30,book,,,memory\n", "law.csv:2: CA has deadline_days without deadline_clock"},
		{head + ok + "CA,deadline_clock,discovery,book,,,memory\n", "law.csv:3: CA has deadline_clock without deadline_days"},
		{head + ok + "# more\n" + ok, "law.csv:4: CA has name already on line 2 (keep one)"},
		{head + ok + "CA,\"statute,x\n", "law.csv:"},
	} {
		law, err := Parse("law.csv", []byte(c.data))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "law.csv:") {
			t.Errorf("%q:\ngot  %v\nwant %s", c.data, err, c.want)
		}
		if law != nil && err != nil {
			t.Errorf("%q: law with an error", c.data)
		}
	}
}

func TestParseTakesCorrections(t *testing.T) {
	data := strings.Replace(string(BuiltIn()), "GA,name,", "GA,deadline_days,20,\"counsel, by letter\",2018-08-21,2018-08-22,counsel\n"+
		"GA,deadline_clock,discovery,\"counsel, by letter\",2018-08-21,2018-08-22,counsel\nGA,name,", 1)
	law, err := Parse("law.csv", []byte("\ufeff"+strings.ReplaceAll(data, "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	d, ok := law.Deadline("GA", Clocks{Discovered: time.Date(2018, 8, 20, 0, 0, 0, 0, time.UTC)})
	if !ok || d.Days != 20 || d.Confidence != Counsel || d.SourceDate != "2018-08-21" {
		t.Errorf("%+v", d)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(BuiltIn())
	f.Add([]byte("state,fact,value,source,source_date,checked_on,confidence\nCA,name,\"x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if law, err := Parse("law.csv", data); err == nil {
			for _, s := range law.States() {
				law.Deadline(s, Clocks{Discovered: time.Unix(0, 0)})
			}
		}
	})
}
