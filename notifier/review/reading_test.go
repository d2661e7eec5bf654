package review

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"breachmail/notifier"
)

func read(t testing.TB, m Material) Reading {
	t.Helper()
	r, err := Read(m)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// readEverywhere is the reading of the built-in notice, which people of all
// states get in all wordings, one more in each state, and its material. It is the
// same one for all tests, none of which may change it.
func readEverywhere(t testing.TB) (Reading, Material) {
	t.Helper()
	everywhere.Do(func() { everywhere.reading, everywhere.material = newReading(t) })
	return everywhere.reading, everywhere.material
}

var everywhere struct {
	sync.Once
	reading  Reading
	material Material
}

func newReading(t testing.TB) (Reading, Material) {
	t.Helper()
	c := newCampaign(t)
	c.everywhere()
	writeConfig(c)
	m := c.material(t)
	m.Reached = everybody(m.Notices, m.Law)
	for i := range m.Reached {
		m.Reached[i].People += int64(i / 6)
	}
	return read(t, m), m
}

// rebuilt returns a wording's blocks: the base with the wording's differences.
func rebuilt(l *LanguageReading, v notifier.Variant) []string {
	var own []Difference
	for _, d := range l.Differences {
		if slices.Contains(d.Variants, v) {
			own = append(own, d)
		}
	}
	slices.SortFunc(own, func(a, b Difference) int { return cmp.Compare(a.Order, b.Order) })
	var out []string
	add := func(blocks []TextBlock) {
		for _, b := range blocks {
			out = append(out, b.key())
		}
	}
	at := 0
	for _, d := range own {
		add(l.Base.Blocks[at:d.At])
		add(d.Added)
		at = d.At + len(d.Removed)
	}
	add(l.Base.Blocks[at:])
	return out
}

// Nothing that differs is left out: every wording can be put together from what
// there is to read.
func TestReadingIsComplete(t *testing.T) {
	for name, change := range map[string]func(*campaign){
		"built in": func(*campaign) {},
		"own types of a state": func(c *campaign) {
			c.add(baseEnglish, "{{if .Law.Freeze}}\n{{if eq .Types \"both\"}}\nBoth.\n{{end}}\nAll of {{.Law.State}}.\n{{end}}")
		},
		"another order": func(c *campaign) {
			c.add(baseEnglish, "{{if eq .State \"MD\"}}\nOne.\n\nTwo.\n{{else if eq .State \"NY\"}}\nTwo.\n\nOne.\n{{end}}")
		},
		"nothing in common": func(c *campaign) {
			c.file("massachusetts.en.md", func(string) string { return "Otherwise.\n\n{{.Reference}}\n" })
		},
		"a word in the middle": func(c *campaign) {
			c.add(baseEnglish, "This is {{if .State}}not {{end}}it{{if eq .Types \"both\"}}, twice{{end}}.")
		},
		"the page around it": func(c *campaign) {
			c.file("layout.html", func(s string) string {
				return strings.Replace(s, "</body>", "<hr><p>A <a href=\"https://www.example.com/{{.Types}}\">foot</a>{{if .State}}<br>of {{.State}}{{end}}</body>", 1)
			})
		},
	} {
		c := newCampaign(t)
		c.everywhere()
		change(c)
		m := c.material(t)
		r := read(t, m)
		for _, l := range r.Languages {
			seen := 0
			for _, v := range m.Notices.Variants() {
				if v.Language != l.Language {
					continue
				}
				seen++
				to := m.Notices.Sample(v)
				_, html, err := m.Notices.Render(&to)
				if err != nil {
					t.Fatal(err)
				}
				var want []string
				for _, b := range textBlocks(html) {
					want = append(want, b.key())
				}
				if got := rebuilt(&l, v); !slices.Equal(got, want) {
					t.Errorf("%s: %s is put together as\n%q, and reads\n%q", name, v, got, want)
				}
			}
			if seen < 50 {
				t.Errorf("%s: there are %d wordings", name, seen)
			}
		}
	}
}

// The same with texts that nobody would write.
func TestSpotsOfAnything(t *testing.T) {
	source := rand.New(rand.NewPCG(1, 2))
	text := func() *wordingText {
		out := &wordingText{}
		for range source.IntN(9) {
			out.keys = append(out.keys, strconv.Itoa(source.IntN(6)))
			out.blocks = append(out.blocks, TextBlock{Kind: out.keys[len(out.keys)-1]})
		}
		return out
	}
	for range 3000 {
		texts := []*wordingText{text(), text(), text(), text()}
		spots := spotsOf(texts[0], texts)
		for _, want := range texts {
			var got []string
			at := 0
			for _, s := range spots {
				if !slices.ContainsFunc(s.seen, func(g sighting) bool { return g.text == want }) {
					continue
				}
				got = append(got, texts[0].keys[at:s.at]...)
				for _, b := range s.added {
					got = append(got, b.Kind)
				}
				at = s.at + s.removed
			}
			if got = append(got, texts[0].keys[at:]...); !slices.Equal(got, want.keys) {
				t.Fatalf("base %q: got %q, want %q", texts[0].keys, got, want.keys)
			}
		}
	}
}

// What states have in common is there once.
func TestReadingIsShort(t *testing.T) {
	r, m := readEverywhere(t)
	for _, l := range r.Languages {
		seen := map[string]bool{}
		for _, d := range l.Differences {
			if len(d.Removed) > 0 || slices.Contains(d.States, "MA") {
				continue
			}
			for _, b := range d.Added {
				if seen[b.key()] {
					t.Errorf("%s: %q is there twice", l.Language, b.words())
				}
				seen[b.key()] = true
			}
		}
	}
	all := 0
	for _, v := range m.Notices.Variants() {
		to := m.Notices.Sample(v)
		text, _, err := m.Notices.Render(&to)
		if err != nil {
			t.Fatal(err)
		}
		all += len(strings.Fields(string(text)))
	}
	if r.Words < 2000 || r.Words > all/10 {
		t.Errorf("there are %d words to read of %d", r.Words, all)
	}
}

func TestReadingGroups(t *testing.T) {
	r, m := readEverywhere(t)
	if len(r.Languages) != 2 || r.Languages[0].Language != "en" || r.Languages[1].Subject != "Aviso de violación de datos" {
		t.Fatalf("got %+v", r.Languages)
	}
	for _, l := range r.Languages {
		people, states := 0, map[string]bool{}
		for i, g := range l.Groups {
			people += g.People
			if g.Base != (i == 0) || g.Base != (g.Name == "Base notice") || g.Base != (len(g.Differences) == 0) {
				t.Errorf("%s: got %+v", l.Language, g)
			}
			if !slices.IsSortedFunc(g.States, byPeople) {
				t.Errorf("%s: the states of %s are not sorted", l.Language, g.Name)
			}
			for _, s := range g.States {
				states[s.State] = true
				v := m.Notices.Variant(s.State, l.Language, "both")
				if (v.State == "") != g.Base {
					t.Errorf("%s: %s is in %s", l.Language, s.State, g.Name)
				}
			}
		}
		if people != l.People || len(states) < 54 {
			t.Errorf("%s: there are %d of %d people, in %d states", l.Language, people, l.People, len(states))
		}
	}
	l := r.Languages[0]
	i := slices.IndexFunc(l.Groups, func(g StateGroup) bool { return g.Name == "Maryland" })
	var got []string
	for _, d := range l.Groups[i].Differences {
		for _, b := range l.Differences[d].Added {
			got = append(got, strings.Fields(b.words())[0]+" "+b.Kind)
		}
	}
	if s := strings.Join(got, ", "); s != "For heading, These paragraph, Maryland item, Federal item, The paragraph, Equifax, item, Experian, item, TransUnion, item" {
		t.Errorf("Maryland reads %s", s)
	}
}

// Who gets a difference, and why.
func TestReadingReasons(t *testing.T) {
	c := newCampaign(t)
	c.english()
	c.law = lawOf("US", "MD", "NY", "TX")
	c.add(baseEnglish, "For {{.Types}}.\n\n{{if eq .State \"NY\"}}\nIn {{.State}}, {{.Types}}.\n{{end}}")
	m := c.material(t)
	m.Reached = nil
	for i, state := range []string{"TX", "MD", "NY"} {
		for j, types := range []string{"both", "prepaid", "postpaid"} {
			m.Reached = append(m.Reached, Reach{State: state, Variant: m.Notices.Variant(state, "en", types), People: int64(100 - 10*i - j)})
		}
	}
	l := read(t, m).Languages[0]
	if l.Base.Variant.String() != "notice-en-both" {
		t.Errorf("the base is %s", l.Base.Variant)
	}
	for words, want := range map[string]string{
		"For prepaid.":              "[] [prepaid] 188 2",
		"For Maryland Residents":    "[MD] [] 267 3",
		"In NY, prepaid.":           "[NY] [prepaid] 79 1",
		"Federal Trade Commission,": "[MD NY] [] 504 6",
	} {
		i := slices.IndexFunc(l.Differences, func(d Difference) bool {
			return slices.ContainsFunc(d.Added, func(b TextBlock) bool { return strings.HasPrefix(b.words(), words) })
		})
		if i < 0 {
			t.Errorf("%s is in no difference", words)
			continue
		}
		d := l.Differences[i]
		got := strings.Join([]string{"[" + strings.Join(d.States, " ") + "]", "[" + strings.Join(d.Types, " ") + "]", strconv.Itoa(d.People), strconv.Itoa(len(d.Variants))}, " ")
		if got != want {
			t.Errorf("%s: got %s, want %s", words, got, want)
		}
	}
	if !slices.IsSortedFunc(l.Differences, func(a, b Difference) int { return b.People - a.People }) {
		t.Error("the differences are not sorted by people")
	}
}

// Where nobody is told by email, counsel reads the base notice.
func TestReadingForNobody(t *testing.T) {
	c := newCampaign(t)
	c.law = lawOf()
	m := c.material(t)
	m.Reached = []Reach{{State: "MD", Variant: m.Notices.Variant("MD", "en", "both")}}
	r := read(t, m)
	if len(r.Languages) != 2 || r.Languages[0].Language != "en" || r.Languages[0].People != 0 || r.Languages[0].Base.Variant.State != "" || r.Words < 500 {
		t.Errorf("got %+v", r)
	}
	for _, d := range r.Languages[0].Differences {
		if len(d.Types) == 0 || len(d.States) > 0 {
			t.Errorf("got %+v", d)
		}
	}
	if g := r.Languages[0].Groups; len(g) != 1 || !g[0].Base || g[0].Name != "Base notice" || len(g[0].States) > 0 {
		t.Errorf("got %+v", g)
	}
}

// Where nobody gets the wording without a state, another is the base.
func TestReadingWithoutBase(t *testing.T) {
	c := newCampaign(t)
	c.toState("MA")
	m := c.material(t)
	m.Reached = m.Reached[len(m.Reached)-1:]
	l := read(t, m).Languages[0]
	if l.Base.Variant.String() != "massachusetts-en-both-MA" || len(l.Differences) > 0 || len(l.Groups) != 1 || l.Groups[0].People != 12 {
		t.Errorf("got %+v", l)
	}
}

func TestTextBlocks(t *testing.T) {
	const page = `<html><head><title>no</title></head><body><div><h1>One &amp; <em>two</em></h1>
<p>First one.  Second
one.<br>A line, <a href="https://www.example.com/a">here</a>. See <a href="https://www.example.com">www.example.com</a>.</p>
<ul><li>an item<ul><li><p>below</p></li></ul></li></ul><hr><table><tr><td>cell</td></tr></table><script>no</script></div></body></html>`
	var got []string
	for _, b := range textBlocks([]byte(page)) {
		got = append(got, strings.ReplaceAll(b.key(), "\n", "|"))
	}
	want := []string{
		"heading1|One & two", "paragraph0|First one.|Second one.|A line, here (https://www.example.com/a).|See www.example.com.",
		"item0|an item", "item0|below", "paragraph0|cell",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
