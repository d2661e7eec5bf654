package jurisdiction

import (
	"fmt"
	"regexp"
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
	for _, state := range append(slices.Clone(jurisdictions), Federal) {
		for _, fact := range []string{FactName, FactStatute, FactDeadline} {
			f, ok := law.Fact(state, fact)
			if !ok || f.Value == "" || f.Source == "" || f.Line == 0 {
				t.Errorf("%s has no %s with a source", state, fact)
			}
		}
	}
	for _, state := range law.States() {
		if law.Name(state) == "" {
			t.Errorf("%s has no name", state)
		}
		for _, f := range law.Facts(state) {
			if strings.ContainsAny(f.Value, "[]") {
				t.Errorf("law.csv:%d: %s", f.Line, f.Value) // a mark of the material that was left in
			}
		}
	}
	if law.Name("XX") != "" {
		t.Error("XX has a name")
	}
	if f, _ := law.Fact(Federal, FactStatus); !strings.HasPrefix(f.Value, "doubtful") || f.Confidence != Memory {
		t.Errorf("the status of the federal rule is %+v", f)
	}
}

// The file stands in the order in which facts are shown.
func TestBuiltInIsSorted(t *testing.T) {
	law, last := builtInLaw(t), Fact{}
	for _, state := range law.States() {
		list := law.Facts(state)
		if len(list) != len(law.facts[state]) {
			t.Errorf("%s: %d facts are shown of %d", state, len(list), len(law.facts[state]))
		}
		for _, f := range list {
			if f.Line <= last.Line {
				t.Errorf("law.csv:%d: %s %s stands before %s %s", f.Line, f.State, f.Fact, last.State, last.Fact)
			}
			last = f
		}
	}
}

// byValue lists the states under each value of a fact.
func byValue(law *Law, fact string) map[string]string {
	got := map[string]string{}
	for _, state := range law.States() {
		if f, ok := law.Fact(state, fact); ok {
			got[f.Value] = strings.TrimSpace(got[f.Value] + " " + state)
		}
	}
	return got
}

func TestBuiltInNumbersAndChoices(t *testing.T) {
	law := builtInLaw(t)
	for fact, want := range map[string]map[string]string{
		FactDeadlineDays: {
			"30": "CA CO FL ME NY US WA",
			"45": "AL AZ IN MD NM OH OR RI TN VT WI",
			"60": "CT DE LA SD TX",
		},
		FactDeadlineClock: {
			ClockDiscovery:     "CA CT FL IN LA MD NM NY OH OR SD TN VT WA WI",
			ClockDetermination: "AL AZ CO DE TX US",
			ClockConfirmation:  "RI",
			ClockScopeEnded:    "ME",
		},
		FactRegulatorFirst: {"the Attorney General": "MD", "the Division of State Police": "NJ"},
		FactRegulatorFrom: {
			"1": "CT IN LA MA MD ME MT NC NE NH NJ NY PR VA VT", "50": "DC", "250": "TX", "251": "ND OR SD",
			"500": "CO FL OK US UT", "501": "CA DE IA IL PA RI WA", "1001": "AL AR AZ HI MO NM SC",
		},
		FactBureausFrom: {
			"1": "MT SD", "501": "MN PA RI", "1000": "MD MI UT WI", "5001": "NY", "10001": "GA TX",
			"1001": "AK AL AZ CO DC FL HI IN KS KY ME MO NC NH NJ NM NV OH OR SC TN VA VT WV",
		},
		FactEmail: {
			EmailAllowed: "AL AZ FL IN OK PA VA WY",
			EmailPrimary: "AK CO DE IA MI MN MS NH NM OH OR SC SD UT VT WI",
			EmailConsent: "AR CA CT DC GA GU HI ID IL KS KY LA MA MD ME MO MT NC ND NE NJ NV NY PR RI TN TX VI WA WV",
		},
		FactTemplate: {"massachusetts": "MA"},
	} {
		got := byValue(law, fact)
		for value, states := range want {
			if got[value] != states {
				t.Errorf("%s %s: %s, want %s", fact, value, got[value], states)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d different values, want %d", fact, len(got), len(want))
		}
	}
	for _, state := range jurisdictions {
		if words, ok := law.Fact(state, FactEmailWords); law.Email(state) == "" || !ok || words.Value == "" {
			t.Errorf("%s does not say who may be told by email", state)
		}
	}
}

// The number of days stands in the words, and a deadline bears its source.
func TestDeadlineDays(t *testing.T) {
	law := builtInLaw(t)
	discovered := time.Date(2018, 8, 20, 0, 0, 0, 0, time.UTC)
	count := 0
	for _, state := range law.States() {
		d, ok := law.Deadline(state, Clocks{Discovered: discovered})
		if !ok {
			continue
		}
		count++
		if d.On != discovered.AddDate(0, 0, d.Days) || d.From != discovered || d.State != state || d.Source == "" || d.Confidence == "" {
			t.Errorf("%s: %+v", state, d)
		}
		if f, _ := law.Fact(state, FactDeadline); !strings.Contains(f.Value, fmt.Sprint(d.Days)) {
			t.Errorf("%s: the deadline in words is %q, in days %d", state, f.Value, d.Days)
		}
	}
	if count != 23 {
		t.Errorf("%d states have a deadline in days, want 23", count)
	}
}

// notices is what each law says of each block, written here a second time, from
// the material and not from law.csv.
var notices = []struct{ block, says, states string }{
	{BlockTitle, Required, "CA"},
	{BlockHeadings, Required, "CA"},
	{BlockNoticeDate, Required, "CA"},
	{BlockNature, Required, "CA HI IA MI MO NC NH NM OR PR RI VA VT WI WY"},
	{BlockNature, Forbidden, "MA"},
	{BlockCount, Required, "RI"},
	{BlockCount, Forbidden, "IL MA"},
	{BlockDates, Required, "AL AZ CA CO FL IA NH NM OR RI VT WA WY"},
	{BlockDiscovered, Required, "RI WA"},
	{BlockDelay, Required, "CA WY"},
	{BlockDataTypes, Required, "AL AZ CA CO DC FL HI IA MD MI MO NC NH NM NY OR PR RI VA VT WA WV WY"},
	{BlockStepsTaken, Required, "AL HI MI NC VA VT WY"},
	{BlockMitigation, Advised, "MA RI"},
	{BlockStepsToTake, Required, "AL"},
	{BlockVigilance, Required, "HI MI MO NC NM VA VT WY"},
	{BlockCreditReports, Required, "HI MO NM VA"},
	{BlockNoDataRequest, Required, "VT"},
	{BlockContact, Required, "AL CA CO DC FL HI MD MI MO NC NH NM NY OR VA VT WA"},
	{BlockContactPhone, Required, "DC HI MD MI MO NC NH PR VA VT WY"},
	{BlockContactPost, Required, "DC MD"},
	{BlockTollFree, Required, "PR WY"},
	{BlockBureausByPhone, Required, "WY"},
	{BlockWeb, Required, "PR"},
	{BlockDataHeld, Required, "FL WV"},
	{BlockParentCompany, Advised, "MA"},
	{BlockAttorneyGeneral, Required, "DC MD NC NY RI"},
	{BlockAttorneyGeneral, Advised, "IA OR"},
	{BlockConsumerAgency, Required, "NY"},
	{BlockFTC, Required, "AZ CO DC IL MD NC NY"},
	{BlockFTC, Advised, "OR"},
	{BlockOfficesInform, Required, "CO DC IL MD NC"},
	{BlockOfficesInform, Advised, "NY"},
	{BlockBureaus, Required, "AZ CO DC IA IL MD MO NC NM OR RI WA WV"},
	{BlockBureaus, Advised, "MA"},
	{BlockFraudAlert, Required, "CO IL WV"},
	{BlockFreeze, Required, "DC MA RI WV"},
	{BlockPoliceReport, Required, "MA RI"},
	{BlockReportTheft, Required, "IA OR"},
	{BlockFCRA, Required, "NM"},
}

// Every jurisdiction asks for these blocks and forbids those, and no others.
func TestBuiltInBlocks(t *testing.T) {
	law := builtInLaw(t)
	want := map[string]string{}
	for _, n := range notices {
		for _, state := range strings.Fields(n.states) {
			if key := state + " " + n.block; want[key] != "" {
				t.Fatalf("%s stands twice in the table", key)
			}
			want[state+" "+n.block] = n.says
		}
	}
	for _, state := range law.States() {
		for _, block := range Blocks {
			f, _ := law.Block(state, block)
			says := want[state+" "+block]
			if f.Value != says {
				t.Errorf("%s %s is %q, want %q (law.csv:%d)", state, block, f.Value, says, f.Line)
			}
			if law.Asks(state, block) != (says == Required || says == Advised) {
				t.Errorf("%s %s: asked for is %v", state, block, law.Asks(state, block))
			}
			delete(want, state+" "+block)
		}
	}
	for key := range want {
		t.Errorf("%s is about no state or no block", key)
	}
}

func TestBuiltInOffices(t *testing.T) {
	law := builtInLaw(t)
	phone := regexp.MustCompile(`^(1-)?\d{3}-\d{3}-\d{4}( / (1-)?\d{3}-\d{3}-\d{4})*$`) // no word between: it stands in notices of any language
	address := regexp.MustCompile(`, [A-Z]{2} \d{5}(-\d{4})?$`)
	for _, state := range law.States() {
		for _, name := range offices {
			f, known := law.Fact(state, name)
			o, ok := law.Office(state, name)
			if ok != known {
				t.Errorf("law.csv:%d: not an office", f.Line)
			}
			if !ok {
				continue
			}
			if o.Name == "" || o.Phone != "" && !phone.MatchString(o.Phone) || o.Address != "" && !address.MatchString(o.Address) ||
				strings.ContainsAny(o.Web, ": ") || f.Confidence != Memory {
				t.Errorf("law.csv:%d: %+v, %s", f.Line, o, f.Confidence)
			}
			asked := state == Federal || law.Asks(state, name)
			if asked && (o.Phone == "" || o.Web == "") {
				t.Errorf("law.csv:%d: a notice names %s without a telephone number and a web address", f.Line, o.Name)
			}
			if asked && name == OfficeAttorneyGeneral && !strings.Contains(o.Name, "Attorney General") {
				t.Errorf("law.csv:%d: nobody sees that %s is the attorney general", f.Line, o.Name)
			}
		}
	}
	for _, state := range jurisdictions {
		_, attorney := law.Office(state, OfficeAttorneyGeneral)
		_, agency := law.Office(state, OfficeConsumerAgency)
		if !attorney && !agency {
			t.Errorf("%s has no office", state)
		}
	}
	md := Office{"Maryland Office of the Attorney General, Consumer Protection Division", "200 St. Paul Place, Baltimore, MD 21202",
		"410-528-8662 / 1-888-743-0023", "marylandattorneygeneral.gov"}
	if got, _ := law.Office("MD", OfficeAttorneyGeneral); got != md {
		t.Errorf("%+v", got)
	}
	if got, ok := law.Office("GA", OfficeFTC); ok {
		t.Errorf("%+v", got)
	}
}
