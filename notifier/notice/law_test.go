package notice

import (
	"html"
	"reflect"
	"slices"
	"strings"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
)

// A few facts of each kind.
func someLaw(t testing.TB) *jurisdiction.Law {
	t.Helper()
	return lawFrom(t,
		"US,ftc,FTC | Washington | 877-555-0101 | ftc.example",
		"US,transunion,TransUnion | | 800-555-0103 |",
		"US,experian,Experian | | | experian.example",
		"US,equifax,Equifax | Atlanta | 800-555-0102 | equifax.example",
		"US,block.ftc,required",
		"AK,name,Alaska", "AK,block.title,required", "AK,block.dates,advised",
		"MD,name,Maryland", "MD,block.attorney_general,required", "MD,block.ftc,required", "MD,block.bureaus,required", "MD,block.bureaus_by_phone,advised",
		"MD,attorney_general,AG of Maryland | Baltimore | 410-555-0104 | ag.example",
		"OR,block.count,advised", "OR,consumer_agency,not asked for | | |", "OR,attorney_general,not asked for | | |",
		"IL,name,Illinois", "IL,block.count,forbidden",
		"MA,name,Massachusetts", "MA,template,massachusetts", "MA,block.police_report,required", "MA,block.freeze,required",
		"NM,name,New Mexico", "NM,block.fcra,required", "NM,block.report_theft,required", "NM,block.fraud_alert,required",
	)
}

func TestNewLaw(t *testing.T) {
	l := someLaw(t)
	ag := Office{Name: "AG of Maryland", Address: "Baltimore", Phone: "410-555-0104", Web: "ag.example"}
	ftc := Office{Name: "FTC", Address: "Washington", Phone: "877-555-0101", Web: "ftc.example"}
	for state, want := range map[string]*Law{
		"US": nil, "AK": nil, "IL": nil, "XX": nil, "": nil, notifier.UnknownState: nil,
		"MD": {
			State: "Maryland", Offices: []Office{ag, ftc}, BureausByPhone: true,
			Bureaus: []Office{{Name: "Equifax", Address: "Atlanta", Phone: "800-555-0102", Web: "equifax.example"}, {Name: "Experian", Web: "experian.example"}, {Name: "TransUnion", Phone: "800-555-0103"}},
		},
		"OR": {State: "OR", Count: true},
		"MA": {State: "Massachusetts", PoliceReport: true, Freeze: true},
		"NM": {State: "New Mexico", FCRA: true, ReportTheft: true, FraudAlert: true},
	} {
		if got := newLaw(l, state); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", state, got, want)
		}
	}
}

// The law of a notice is that of its variant, wherever the recipient lives.
func TestVariantDecidesLaw(t *testing.T) {
	o := stateOptions(t)
	o.Law = someLaw(t)
	n, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	for variantState, want := range map[string]string{"": "", "MD": "Maryland", "XX": "", "AK": ""} {
		r := sample(notifier.Variant{Template: Name, Language: "en", Types: "both", State: variantState})
		r.State = "NM"
		text, _, err := n.Render(&r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "New Mexico") || strings.Contains(string(text), "Maryland") != (want == "Maryland") {
			t.Errorf("%q: the notice says\n%s", variantState, text)
		}
	}
}

const jurisdictions = `AL AK AZ AR CA CO CT DE DC FL GA GU HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND
OH OK OR PA PR RI SC SD TN TX UT VT VA VI WA WV WI WY AS MP ` + notifier.UnknownState

// Everybody gets a notice, in which all the offices stand that their state's
// law asks for.
func TestJurisdictions(t *testing.T) {
	n := testStateNotice(t)
	states := strings.Fields(jurisdictions)
	if len(states) != 57 {
		t.Fatalf("%d states", len(states))
	}
	for _, state := range states {
		for _, language := range n.Languages() {
			for _, types := range allTypes {
				r := n.Sample(n.Variant(state, language, types))
				text, page, err := n.Render(&r)
				if err != nil {
					t.Errorf("%s: %v", r.Variant, err)
					continue
				}
				law := n.lawOf(r.Variant.State)
				for _, body := range []string{string(text), html.UnescapeString(string(page))} {
					checkLaw(t, r.Variant, law, body)
				}
			}
		}
	}
}

func checkLaw(t *testing.T, v notifier.Variant, law *Law, body string) {
	t.Helper()
	for _, raw := range []string{"{{", "<no value>", missing, "bm7", "ZgotmplZ"} {
		if strings.Contains(body, raw) {
			t.Errorf("%s: %q stands in it", v, raw)
		}
	}
	if !strings.Contains(body, law.State) {
		t.Errorf("%s: %s is not named", v, law.State)
	}
	for _, o := range slices.Concat(law.Offices, law.Bureaus) {
		for _, part := range []string{o.Name, o.Address, o.Phone, o.Web} {
			if !strings.Contains(body, part) {
				t.Errorf("%s: %q is missing", v, part)
			}
		}
	}
}
