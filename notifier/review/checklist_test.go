package review

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
)

func checklist(t testing.TB, m Material) []StateChecklist {
	t.Helper()
	list, err := Checklist(m)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// unmetIn returns the state and block of every unmet item.
func unmetIn(list []StateChecklist) []string {
	var out []string
	for _, s := range list {
		for _, i := range s.Items {
			if i.Unmet() {
				out = append(out, s.State+" "+i.Block)
			}
		}
	}
	slices.Sort(out)
	return out
}

// unmetBy returns the same from findings. What counsel is only asked is none.
func unmetBy(findings []Finding) []string {
	var out []string
	for _, f := range findings {
		if f.State == "" || f.Rule == RuleRegulatorFirst || strings.Contains(f.Text, "counsel should read") {
			continue
		}
		for block := range blockWords {
			if isAbout(f.Text, block) && !slices.Contains(out, f.State+" "+block) {
				out = append(out, f.State+" "+block)
			}
		}
	}
	slices.Sort(out)
	return out
}

// isAbout reports whether a finding says that something of a block is missing, or
// is there.
func isAbout(text, block string) bool {
	return slices.ContainsFunc([]string{
		" requires " + saying(block), " advises " + saying(block), " forbids " + wordsFor(block, jurisdiction.Forbidden),
	}, func(words string) bool { return strings.Contains(text, words+": this wording") })
}

// The list and the lint say the same of every state and block.
func TestChecklistAgreesWithLint(t *testing.T) {
	inKansas := func(c *campaign) {
		c.change = func(m *Material) {
			m.Reached = nil
			for i, types := range []string{"prepaid", "postpaid", "both"} {
				m.Reached = append(m.Reached, Reach{State: "KS", Variant: m.Notices.Variant("KS", "en", types), People: int64(i)})
			}
		}
	}
	kansas := func(value string, change func(*campaign)) func(testing.TB, *campaign) {
		return func(t testing.TB, c *campaign) {
			allBlocks(c, value)
			complete(c, "en")
			inKansas(c)
			change(c)
		}
	}
	blank := func(c *campaign) { c.file("massachusetts.en.md", func(string) string { return nothingSaid }) }
	for name, c := range map[string]struct {
		change func(testing.TB, *campaign)
		unmet  int
	}{
		"all states": {func(_ testing.TB, c *campaign) { c.everywhere() }, 0},
		"all states, an empty notice": {func(_ testing.TB, c *campaign) {
			c.everywhere()
			c.file(baseEnglish, func(string) string { return nothingSaid })
		}, 100},
		"required and missing": {kansas(jurisdiction.Required, blank), len(jurisdiction.Blocks)},
		"advised and missing":  {kansas(jurisdiction.Advised, blank), len(jurisdiction.Blocks)},
		"required and there":   {kansas(jurisdiction.Required, func(c *campaign) { c.Incident.Contact.Phone = "1-800-555-0100" }), 0},
		"advised, and nothing to say": {kansas(jurisdiction.Advised, func(c *campaign) {
			c.Incident.Parent, c.Incident.Services, c.Translations = "", "", nil
		}), 0},
		"for some only": {kansas(jurisdiction.Required, func(c *campaign) {
			c.file("massachusetts.en.md", func(s string) string { return "{{if eq .Types \"both\"}}\n" + s + "\n{{end}}\n\n{{.Reference}}\n" })
		}), len(jurisdiction.Blocks)},
		"for those with a name": {kansas(jurisdiction.Required, func(c *campaign) {
			c.file("massachusetts.en.md", func(s string) string { return "{{if .Name}}\n" + s + "\n{{end}}\n\n{{.Reference}}\n" })
		}), len(jurisdiction.Blocks)},
		"forbidden and there": {func(t testing.TB, c *campaign) {
			kansas(jurisdiction.Required, func(*campaign) {})(t, c)
			c.change = also(c.change, func(m *Material) {
				other := newCampaign(t)
				allBlocks(other, jurisdiction.Forbidden)
				m.Law = mustParse(t, other.law)
			})
		}, len(jurisdiction.Blocks)},
		"forbidden and missing": {kansas(jurisdiction.Forbidden, blank), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			camp := newCampaign(t)
			camp.english()
			c.change(t, camp)
			m := camp.material(t)
			findings, err := Lint(m)
			if err != nil {
				t.Fatal(err)
			}
			list := checklist(t, m)
			got, want := unmetIn(list), unmetBy(findings)
			if !slices.Equal(got, want) || len(got) < c.unmet || c.unmet == 0 && len(got) > 0 {
				t.Errorf("the list has %d %q,\nthe lint %d %q", len(got), got, len(want), want)
			}
			checkStands(t, m, list)
		})
	}
}

// checkStands holds that whatever is met is shown, in words of the notice.
func checkStands(t *testing.T, m Material, list []StateChecklist) {
	t.Helper()
	for _, s := range list {
		for _, i := range s.Items {
			if i.Met() && i.Asks != jurisdiction.Forbidden && len(i.Stands) == 0 && i.Note == "" {
				t.Errorf("%s %s is met, and nothing is shown for it", s.State, i.Block)
			}
			r := m.Notices.Sample(s.Variant)
			text, _, err := m.Notices.Render(&r)
			if err != nil {
				t.Fatal(err)
			}
			for _, words := range i.Stands {
				if !holds(string(text), words) && !strings.Contains(i.Words, words) && i.Met() {
					t.Errorf("%s %s: the notice does not say %q", s.State, i.Block, words)
				}
			}
		}
	}
}

// What stands for each block is what says it.
func TestStands(t *testing.T) {
	c := newCampaign(t)
	c.Incident.Contact.Phone = "1-800-555-0100"
	allBlocks(c, jurisdiction.Required)
	complete(c, "en")
	c.toState("KS")
	list := checklist(t, c.material(t))
	i := slices.IndexFunc(list, func(s StateChecklist) bool { return s.State == "KS" })
	want := map[string]string{
		jurisdiction.BlockTitle:         "Notice of Data Breach",
		jurisdiction.BlockHeadings:      "What Happened | What Information Was Involved | What We Are Doing | What You Can Do | For More Information",
		jurisdiction.BlockNoticeDate:    "August 24, 2018",
		jurisdiction.BlockDiscovered:    "This happened between August 20, 2018 and August 22, 2018, and we discovered it on August 23, 2018.",
		jurisdiction.BlockCount:         "In all, 2,000,000 people are affected.",
		jurisdiction.BlockDataTypes:     "the name | the billing ZIP code | the phone number | the email address | the account number | the account type (prepaid or postpaid)",
		jurisdiction.BlockContactPost:   "By post: Northwind Mobile, Privacy, 1 Example Street, Springfield",
		jurisdiction.BlockWeb:           "On the web: type https://www.example.com/notice into your browser",
		jurisdiction.BlockParentCompany: "We belong to Northwind Holdings.",
		jurisdiction.BlockPoliceReport:  "You have the right to file a police report about this incident, and to get a copy of a police report that was filed.",
		jurisdiction.BlockFreeze: "You have the right to a security freeze on your credit report, free of charge. | " +
			"To ask for one, write to each credit bureau below, call it, or use its web site.",
		jurisdiction.BlockConsumerAgency: "Kansas Consumers, 555-555-0103",
	}
	for _, item := range list[i].Items {
		if got := strings.Join(item.Stands, " | "); want[item.Block] != "" && got != want[item.Block] {
			t.Errorf("%s: got %q", item.Block, got)
		}
		if item.Words != blockWords[item.Block] || item.Fact.Line == 0 || !item.Met() {
			t.Errorf("got %+v", item)
		}
	}
}

func TestChecklistStates(t *testing.T) {
	c := newCampaign(t)
	c.law = lawOf("US", "MA", "VT", "NY")
	c.change = func(m *Material) {
		m.Voluntary = map[string]bool{"NY": true}
		m.Reached = []Reach{
			{State: "NY", Variant: m.Notices.Variant("NY", "en", "prepaid"), People: 5},
			{State: "NY", Variant: m.Notices.Variant("NY", "es", "prepaid"), People: 6},
			{State: "MA", Variant: m.Notices.Variant("MA", "en", "prepaid"), People: 100},
			{State: notifier.UnknownState, Variant: m.Notices.Variant("", "en", "both"), People: 3},
		}
		m.Postal = map[string]int64{"VT": 20, "NY": 4}
	}
	list := checklist(t, c.material(t))
	var got []string
	for _, s := range list {
		got = append(got, s.State+" "+s.Name+" "+s.Variant.String())
	}
	want := []string{
		"MA Massachusetts massachusetts-en-prepaid-MA", "VT Vermont notice-en-both", "NY New York notice-es-prepaid-NY",
		"unknown state unknown notice-en-both", "US Federal rule for telecommunications carriers --",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q", got)
	}
	if list[2].People != 15 || !list[2].Voluntary || list[4].People != 138 || len(list[4].Items) > 0 || len(list[4].Facts) == 0 {
		t.Errorf("got %+v", list)
	}
	for _, s := range list {
		for _, f := range s.Facts {
			if f.Fact == jurisdiction.FactName || f.Fact == jurisdiction.FactTemplate || strings.HasPrefix(f.Fact, jurisdiction.BlockPrefix) {
				t.Errorf("%s: %+v is no further fact", s.State, f)
			}
		}
	}
}

// What a law forbids and words do not show, counsel is asked of.
func TestChecklistDoubts(t *testing.T) {
	c := newCampaign(t)
	c.toState("MA")
	for _, s := range checklist(t, c.material(t)) {
		for _, i := range s.Items {
			asked := s.State == "MA" && i.Block == jurisdiction.BlockNature
			if len(i.Doubts) > 0 != asked || i.Open() != asked || i.Met() == asked {
				t.Errorf("%s %s: got %+v", s.State, i.Block, i)
			}
		}
	}
}

// Where wordings to people of one state differ in what they hold, the list says
// which.
func TestChecklistElsewhere(t *testing.T) {
	c := newCampaign(t)
	c.law = lawOf("US", "CA")
	c.replace(t, baseSpanish, "(What Happened)", "")
	c.change = func(m *Material) {
		m.Reached = []Reach{
			{State: "CA", Variant: m.Notices.Variant("CA", "en", "both"), People: 9},
			{State: "CA", Variant: m.Notices.Variant("CA", "es", "both"), People: 5},
		}
	}
	for _, s := range checklist(t, c.material(t)) {
		for _, i := range s.Items {
			want := ""
			if i.Block == jurisdiction.BlockHeadings {
				want = "notice-es-both"
			}
			var got []string
			for _, o := range i.Others {
				got = append(got, o.Variant.String())
			}
			if strings.Join(got, " ") != want || i.Met() != (want == "") || i.Unmet() != (want != "") || i.Open() {
				t.Errorf("%s: got %+v", i.Block, i)
			}
			if want == "" {
				continue
			}
			if len(i.Lacks) > 0 || len(i.Others) != 1 || i.Others[0].Variant.String() != want || !slices.Equal(i.Others[0].Lacks, []string{`the heading "What Happened"`}) {
				t.Errorf("%s: got %+v", i.Block, i.Others)
			}
		}
	}
}

// Whatever the wordings to a state are, an item is one of three, and any wording
// counts.
func TestCheckItem(t *testing.T) {
	some := []string{"x"}
	for name, c := range map[string]struct {
		item CheckItem
		want string
	}{
		"nothing wanting":              {CheckItem{Asks: jurisdiction.Required, Stands: some}, "met"},
		"lacking":                      {CheckItem{Asks: jurisdiction.Required, Stands: some, Lacks: some}, "unmet"},
		"lacking elsewhere":            {CheckItem{Asks: jurisdiction.Required, Others: []OtherWording{{}, {Lacks: some}}}, "unmet"},
		"not lacking elsewhere":        {CheckItem{Asks: jurisdiction.Required, Lacks: some, Others: []OtherWording{{}}}, "unmet"},
		"nothing to say":               {CheckItem{Asks: jurisdiction.Required, Note: "there is nothing to say"}, "met"},
		"unknown language":             {CheckItem{Asks: jurisdiction.Required, Note: unknownWords}, "open"},
		"unknown language elsewhere":   {CheckItem{Asks: jurisdiction.Required, Others: []OtherWording{{Note: unknownWords}}}, "open"},
		"forbidden and not there":      {CheckItem{Asks: jurisdiction.Forbidden}, "met"},
		"forbidden and there":          {CheckItem{Asks: jurisdiction.Forbidden, Stands: some, Doubts: some}, "unmet"},
		"forbidden, doubtful":          {CheckItem{Asks: jurisdiction.Forbidden, Doubts: some}, "open"},
		"forbidden, there elsewhere":   {CheckItem{Asks: jurisdiction.Forbidden, Doubts: some, Others: []OtherWording{{Stands: some}}}, "unmet"},
		"forbidden, doubted elsewhere": {CheckItem{Asks: jurisdiction.Forbidden, Others: []OtherWording{{Doubts: some}}}, "open"},
	} {
		var got []string
		for word, is := range map[string]bool{"met": c.item.Met(), "unmet": c.item.Unmet(), "open": c.item.Open()} {
			if is {
				got = append(got, word)
			}
		}
		if !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

// Who checks an address finds where it is from.
func TestChecklistOffices(t *testing.T) {
	c := newCampaign(t)
	c.english()
	c.law = lawOf("US", "MD")
	c.toState("MD")
	want := map[string]string{
		jurisdiction.BlockAttorneyGeneral: "MD attorney_general", jurisdiction.BlockFTC: "US ftc",
		jurisdiction.BlockBureaus: "US equifax, US experian, US transunion",
	}
	for _, s := range checklist(t, c.material(t)) {
		for _, i := range s.Items {
			var got []string
			for _, f := range i.Offices {
				got = append(got, f.State+" "+f.Fact)
				if f.Source == "" || f.Confidence != jurisdiction.Counsel || f.Line == 0 {
					t.Errorf("%s: got %+v", i.Block, f)
				}
			}
			if strings.Join(got, ", ") != want[i.Block] {
				t.Errorf("%s: got %q", i.Block, got)
			}
			delete(want, i.Block)
		}
	}
	if len(want) > 0 {
		t.Errorf("not asked: %v", want)
	}
}

// Judge finds what Lint and Checklist find.
func TestJudge(t *testing.T) {
	c := newCampaign(t)
	c.publish(t)
	c.toState("MA")
	c.add("massachusetts.en.md", "Hackers did it.")
	m := c.material(t)
	got, err := Judge(m)
	if err != nil {
		t.Fatal(err)
	}
	if want := c.lint(t); !reflect.DeepEqual(got.Findings, want) || len(want) == 0 {
		t.Errorf("got\n%s\nwant\n%s", lines(got.Findings), lines(want))
	}
	if want := checklist(t, m); !reflect.DeepEqual(got.Checklist, want) || len(want) == 0 {
		t.Errorf("got %+v\nwant %+v", got.Checklist, want)
	}
	m.Reached = append(m.Reached, Reach{State: "MA", Variant: notifier.Variant{Template: "none", Language: "en", Types: "both"}, People: 1})
	if _, err := Judge(m); err == nil || !strings.Contains(err.Error(), "sample none-en-both") {
		t.Errorf("got %v", err)
	}
}

func BenchmarkChecklist(b *testing.B) {
	c := newCampaign(b)
	c.everywhere()
	m := c.material(b)
	for b.Loop() {
		if _, err := Checklist(m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	c := newCampaign(b)
	c.everywhere()
	writeConfig(c)
	m := c.material(b)
	for b.Loop() {
		if _, err := Read(m); err != nil {
			b.Fatal(err)
		}
	}
}
