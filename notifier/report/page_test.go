package report

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

func page(t *testing.T, p *Profile, about About) string {
	t.Helper()
	var b bytes.Buffer
	if err := WritePage(&b, p, about); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPage(t *testing.T) {
	about := About{When: time.Date(2018, 8, 23, 16, 5, 0, 0, time.UTC), Version: "1.2.3"}
	refused := rich()
	refused.Exports = append([]Export{}, exports...)
	refused.Exports[1].Shifted = "the values of email and name look exchanged from line 4,102 on"
	refused.Exports[0].Refused = "611 of 1,101,877 rows would be set aside, more than exports.max_rejected allows"
	for name, p := range map[string]*Profile{"rich": rich(), "empty": {}, "refused": refused} {
		t.Run(name, func(t *testing.T) {
			if err := p.Check(); err != nil {
				t.Error(err)
			}
			got := page(t, p, about)
			compare(t, "testdata/"+name+".html", got)
			selfContained(t, got)
		})
	}
}

func compare(t *testing.T, golden, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run with -update and look at the difference", golden)
	}
}

var (
	remote = regexp.MustCompile(`(?i)<(script|img|link|iframe|object|embed|form|base|svg)\b|\b(src|srcset|action|on\w+)=|href="[^#]|://|@import|url\(|javascript:`)
	policy = `content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`
)

// selfContained demands that a page refers to nothing outside itself and runs
// nothing.
func selfContained(t *testing.T, got string) {
	t.Helper()
	for _, tag := range tags.FindAllString(got, -1) {
		if found := remote.FindString(tag); found != "" {
			t.Errorf("the page has %q in %.200s", found, tag)
		}
	}
	if strings.Contains(got, "ZgotmplZ") {
		t.Error("the page has a value that its template took for dangerous")
	}
	if !strings.Contains(got, policy) {
		t.Error("the page has not the policy that forbids everything but its own style")
	}
}

func TestPageSaysWhatCounts(t *testing.T) {
	words := text(page(t, rich(), About{}))
	for _, want := range []string{
		"2,014,877 people in 2,113,119 rows: 1,962,301 by email, 52,576 by post.",
		"2,113,119 rows = 2,014,877 people + 96,531 merged + 1,704 set aside + 7 already told",
		"2,014,877 people = 1,962,301 by email + 52,576 by post",
		"Plan would take these 3 exports; 1 was planned before",
		"account_number is damaged: a spreadsheet turned this into a rounded number 402 First: west.csv:77 Example: ***E+09",
		"email : two addresses stand in one field 1",
		"6 of 7 entries were found in the exports, 1 was not.",
		"all 2,713 entries were found",
		"at least 41,120 other domains",
		"age, in it gzip",
		"Windows-1252 (guessed)",
		"Planned before: plan skips it.",
		"prepaid and postpaid 80,782 4.0%",
		"pt-BR 1 <0.1%",
	} {
		if !strings.Contains(words, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// Bad news comes before the counts.
func TestPageSaysRefusedFirst(t *testing.T) {
	p := rich()
	p.Exports = []Export{{Name: "a.csv", Refused: "no column holds account_number"}, {Name: "b.csv"}}
	words := text(page(t, p, About{}))
	before, _, _ := strings.Cut(words, "2,113,402 rows: ")
	_, before, _ = strings.Cut(before, "Plan would refuse")
	if before == "" || !strings.Contains(before, "a.csv : no column holds account_number") {
		t.Errorf("the page begins %q", before)
	}
	if strings.Contains(words, "Plan would take") {
		t.Error("the page also says that plan would take them")
	}
}

func TestPageSaysWhenSumsFail(t *testing.T) {
	p := rich()
	p.Rows.Read++
	words := text(page(t, p, About{}))
	if !strings.Contains(words, "2,113,120 rows, but 2,113,119 as people, merged, set aside and already told") {
		t.Error("the page is silent about a sum that fails")
	}
	if strings.Contains(words, "Every row is accounted for") || strings.Contains(words, "Plan would take") {
		t.Error("the page says that all is well")
	}
}

func TestEmptyPage(t *testing.T) {
	got := page(t, &Profile{}, About{})
	if strings.Contains(got, "<table") {
		t.Error("there is a table of nothing")
	}
	if words := text(got); !strings.Contains(words, "0 people in 0 rows") || strings.Contains(words, "Plan would") {
		t.Errorf("got %q", words)
	}
}

func TestPageLooksAt(t *testing.T) {
	for want, p := range map[string]Profile{
		"What needs a look Nothing.":                                {Lists: Lists{NoEmail: ListUse{Entries: 2, Found: 2}}},
		"What needs a look Nothing else.":                           {Exports: []Export{{Name: "a", Refused: "b"}}},
		"What needs a look Columns that look shifted a : b":         {Exports: []Export{{Name: "a", Shifted: "b"}}},
		"What needs a look Accounts in more than one state 1":       {TwoStates: TwoStates{Recipients: 1}},
		"What needs a look Accounts with more than one address 1":   {SharedAccounts: 1},
		"What needs a look Lists People not to be told by email: n": {Lists: Lists{NoEmail: ListUse{Entries: 2}}},
		"Is it the right list?":                                     {Lists: Lists{AlreadyTold: ListUse{Entries: 2}}},
		"Planned before: plan would load nothing":                   {Exports: []Export{{Name: "a", Planned: true}}},
		"Plan would take this export":                               {Exports: []Export{{Name: "a"}}},
		"other domains 3 100.0%":                                    {Recipients: RecipientCount{Total: 3, Email: 3}, Others: Others{Count: 3}},
	} {
		if words := text(page(t, &p, About{})); !strings.Contains(words, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// Whatever a profile holds is on the page, and none of it as markup.
func TestPageShowsEverything(t *testing.T) {
	var p Profile
	f := filler{}
	f.fill(reflect.ValueOf(&p).Elem())
	got := page(t, &p, About{Title: f.text(), Version: f.text()})
	selfContained(t, got)
	words := text(got)
	for _, want := range f.wanted {
		if !strings.Contains(words, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// filler fills a value with numbers and hostile texts of which no two are the
// same.
type filler struct {
	n      int64
	wanted []string
}

func (f *filler) text() string {
	f.n++
	s := fmt.Sprintf(`<script src="//%d.example">%d</script>`, f.n, f.n)
	f.wanted = append(f.wanted, fmt.Sprintf(`<script src="//%d.example">`, f.n))
	return s
}

func (f *filler) number() int64 {
	f.n++
	n := 10_000_000 + f.n*1_001
	f.wanted = append(f.wanted, Number(n))
	return n
}

func (f *filler) fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			switch v.Type().Field(i).Name {
			case "Found": // of Entries, the field before it
				v.Field(i).SetInt(v.Field(i-1).Int() / 3)
				f.wanted = append(f.wanted, Number(v.Field(i).Int()))
			case "Planned": // of such an export nothing is known
			default:
				f.fill(v.Field(i))
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.fill(v.Index(0))
		f.fill(v.Index(1))
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]int64{f.text(): f.number()}))
	case reflect.String:
		v.SetString(f.text())
	case reflect.Int:
		f.n++
		v.SetInt(100 + f.n)
		f.wanted = append(f.wanted, fmt.Sprint(100+f.n))
	case reflect.Int64:
		v.SetInt(f.number())
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic("no filling for " + v.Type().String())
	}
}

var (
	tags  = regexp.MustCompile(`(?s)<style>.*</style>|<[^>]*>`)
	space = regexp.MustCompile(`\s+`)
)

// text returns what a page says, without its markup.
func text(page string) string {
	s := tags.ReplaceAllString(page, " ")
	s = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'", "&#43;", "+", "&amp;", "&").Replace(s)
	return space.ReplaceAllString(s, " ")
}
