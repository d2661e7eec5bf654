package jurisdiction

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"
)

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
		{"FL", all, time.Date(2018, 9, 19, 0, 0, 0, 0, time.UTC), ClockDiscovery}, // determined later, believed perhaps before
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
		{head + "CA,deadline_clock,noon,book,,,memory\n", "law.csv:2: deadline_clock is not one of discovery,"},
		{head + "CA,deadline_days,30,book,,,memory\n", "law.csv:2: CA has deadline_days without deadline_clock"},
		{head + ok + "CA,deadline_clock,discovery,book,,,memory\n", "law.csv:3: CA has deadline_clock without deadline_days"},
		{head + ok + "# more\n" + ok, "law.csv:4: CA has name already on line 2 (keep one)"},
		{head + ok + "CA,\"statute,x\n", "law.csv:"},
		{head + "CA,statute,\"one\ntwo\",book,,,memory\n", "law.csv:2: the line holds a line break,"},
		{head + "CA,statute,\xff,book,,,memory\n", "law.csv:2: the line holds a line break, a control character or bytes that are not UTF-8"},
		{head + "CA,block.greeting,required,book,,,memory\n", `law.csv:2: there is no block "greeting" (blocks: title,`},
		{head + "CA,block.title,usual,book,,,memory\n", "law.csv:2: block.title is not one of required, advised, forbidden"},
		{head + "CA,email,yes,book,,,memory\n", "law.csv:2: email is not one of allowed, primary, consent"},
		{head + "CA,regulator_from,any,book,,,memory\n", "law.csv:2: regulator_from is not a number of people"},
		{head + "CA,bureaus_from,0,book,,,memory\n", "law.csv:2: bureaus_from is not a number of people"},
		{head + "CA,ftc,a | b | c,book,,,memory\n", "law.csv:2: ftc is not written as: name | postal address |"},
		{head + "CA,ftc, | b | c | d,book,,,memory\n", "law.csv:2: ftc is not written as: name | postal address |"},
		{head + "CA,template,../ca,book,,,memory\n", "law.csv:2: the template is not the first part of a file name"},
		{head + ok + "CA,regulator_from,501,book,,,memory\n", "law.csv:3: CA has regulator_from without regulator or regulator_first"},
		{head + ok + "CA,regulator_by,soon,book,,,memory\n", "law.csv:3: CA has regulator_by without regulator or regulator_first"},
		{head + ok + "CA,bureaus_by,soon,book,,,memory\n", "law.csv:3: CA has bureaus_by without bureaus_from"},
		{head + ok + "CA,block.attorney_general,required,book,,,memory\n", "law.csv:3: CA asks for attorney_general, but CA has no attorney_general to name (add the line CA,attorney_general,"},
		{head + ok + "CA,block.consumer_agency,advised,book,,,memory\n", "law.csv:3: CA asks for consumer_agency, but CA has no consumer_agency"},
		{head + ok + "CA,block.ftc,advised,book,,,memory\n", "law.csv:3: CA asks for ftc, but US has no ftc"},
		{head + ok + "CA,ftc,F | | |,book,,,memory\nCA,block.ftc,required,book,,,memory\n", "law.csv:4: CA asks for ftc, but US has no ftc"},
		{head + ok + "CA,block.bureaus,required,book,,,memory\nUS,equifax,E | | |,book,,,memory\nUS,experian,E | | |,book,,,memory\n",
			"law.csv:3: CA asks for bureaus, but US has no transunion"},
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

// A law.csv with nothing but the first few facts, and one whose forbidden
// blocks name no office, are whole.
func TestParseTakesLittle(t *testing.T) {
	few := []string{FactName, FactStatute, FactDeadline, FactDeadlineDays, FactDeadlineClock, FactRegulatorFirst}
	var data strings.Builder
	for line := range strings.Lines(string(BuiltIn())) {
		cells := strings.Split(line, ",")
		if cells[0] == "state" || len(cells) > 1 && cells[0] != Federal && slices.Contains(few, cells[1]) {
			data.WriteString(line)
		}
	}
	data.WriteString("GA,block.bureaus,forbidden,counsel,,,counsel\n")
	law, err := Parse("law.csv", []byte(data.String()))
	if err != nil {
		t.Fatal(err)
	}
	if law.Name("WY") != "Wyoming" || law.Email("WY") != "" || law.Template("MA") != "" || law.Asks("GA", BlockBureaus) {
		t.Error("the facts are other ones")
	}
	if d := law.Duties("MD", 5); len(d) != 1 || d[0].Who != "the Attorney General" || !d[0].First || !d[0].Met || d[0].From != 0 {
		t.Errorf("MD: %+v", d)
	}
}

// What parses is the same when it is written again and parsed again.
func FuzzParse(f *testing.F) {
	f.Add(BuiltIn())
	f.Add([]byte("state,fact,value,source,source_date,checked_on,confidence\nCA,name,\"x"))
	f.Add([]byte("state,fact,value,source,source_date,checked_on,confidence\nCA,block.title,required,\" a \"\"book\"\"\",2021,,memory\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		law, err := Parse("law.csv", data)
		if err != nil {
			return
		}
		again, err := Parse("law.csv", written(t, law))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range law.States() {
			law.Deadline(s, Clocks{Discovered: time.Unix(0, 0)})
			law.Duties(s, 1000)
			list, listAgain := law.Facts(s), again.Facts(s)
			if len(list) != len(law.facts[s]) || len(list) != len(listAgain) {
				t.Fatalf("%s: %d facts of %d, then %d", s, len(list), len(law.facts[s]), len(listAgain))
			}
			for i := range list {
				list[i].Line, listAgain[i].Line = 0, 0
				if list[i] != listAgain[i] {
					t.Errorf("%+v, then %+v", list[i], listAgain[i])
				}
			}
		}
	})
}

// written is the law as a law.csv.
func written(t *testing.T, law *Law) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	lines := [][]string{header}
	for _, s := range law.States() {
		for _, f := range law.Facts(s) {
			lines = append(lines, []string{f.State, f.Fact, f.Value, f.Source, f.SourceDate, f.CheckedOn, f.Confidence})
		}
	}
	if err := w.WriteAll(lines); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
