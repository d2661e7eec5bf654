package review

import (
	"slices"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
)

// recipientKey is the key of what comes from the recipient's own row.
const recipientKey = "recipient"

// origins finds where sentences come from.
type origins struct {
	Material
	facts map[string][]fact // by language
	files map[string]*sourceFile
	own   map[string][]lineWord // by template

	sources map[notifier.Variant]string
	found   map[string]ownAt // by template and words
}

// ownAt is where the most of some words stand in a template, and how many.
type ownAt struct {
	at     Origin
	length int
}

// sentenceAt is what the origins of a sentence depend on.
type sentenceAt struct {
	variant notifier.Variant
	kind    string
	first   bool // in its block
	text    string
}

func newOrigins(m Material) *origins {
	o := &origins{
		Material: m, facts: map[string][]fact{}, files: map[string]*sourceFile{}, own: map[string][]lineWord{},
		found: map[string]ownAt{}, sources: map[notifier.Variant]string{},
	}
	for _, s := range m.Sources {
		o.files[s.File] = newSourceFile(s)
	}
	return o
}

// add notes where the sentences of a block come from, which a recipient reads.
func (o *origins) add(to *notifier.Recipient, b *TextBlock) {
	for i := range b.Sentences {
		s := &b.Sentences[i]
		s.Origins = o.of(to, sentenceAt{to.Variant, b.Kind, i == 0, s.Text})
	}
}

// of returns the origins of a sentence: facts, then the recipient's own, then
// the law data, then the template.
func (o *origins) of(to *notifier.Recipient, at sentenceAt) []Origin {
	c := newClause(at.text, at.first)
	var out []Origin
	for _, f := range recall(o.facts, at.variant.Language, func() []fact { return o.factsIn(at.variant.Language) }) {
		if words, ok := f.takeFrom(c, at.kind); ok {
			out = append(out, o.inConfig(f.key, words))
		}
	}
	out = append(out, o.days(c, at.variant.Language)...)
	out = append(out, o.delay(at)...)
	if takeOwn(c, to) {
		out = append(out, Origin{Key: recipientKey})
	}
	out = append(out, o.offices(c, at.variant)...)
	return append(out, o.template(c, at.variant, len(out) == 0)...)
}

// inConfig returns the place of a fact's words below their key.
func (o *origins) inConfig(key, words string) Origin {
	out := Origin{File: configFile, Key: key}
	f := o.files[configFile]
	if f == nil {
		return out
	}
	first, last := keyLines(f.lines, key)
	if first == 0 {
		return out
	}
	out.Line = first
	from, _ := slices.BinarySearchFunc(f.words, first, func(w lineWord, line int) int { return w.line - line })
	to, _ := slices.BinarySearchFunc(f.words, last+1, func(w lineWord, line int) int { return w.line - line })
	list := strings.Fields(plainWords(words))
	if n, line := longestRun(list, f.words[from:to]); n >= min(3, len(list)) && n > 0 {
		out.Line = line
	}
	return out
}

// takeOwn looks for what a sentence says of its recipient alone.
func takeOwn(c *clause, to *notifier.Recipient) bool {
	own := []string{to.Name.Reveal(), to.Key.Reference()}
	for _, a := range to.Accounts {
		own = append(own, a.Number.LastFour())
	}
	for _, e := range to.Extra {
		own = append(own, e.Text.Reveal())
	}
	found := false
	for _, s := range own {
		found = s != "" && strings.Contains(c.raw, s) && c.take(s) || found
	}
	return found
}

// offices looks for the offices of the law data, and for the state's name where
// the template does not say it by itself.
func (o *origins) offices(c *clause, v notifier.Variant) []Origin {
	if o.Law == nil || v.State == "" {
		return nil
	}
	var out []Origin
	look := func(state, office string) {
		is, ok := o.Law.Office(state, office)
		found := false
		for _, part := range []string{is.Name, is.Address, is.Phone, is.Web} {
			found = ok && part != "" && c.has(part) && c.take(part) || found
		}
		if f, _ := o.Law.Fact(state, office); found {
			out = append(out, lawOrigin(f))
		}
	}
	look(v.State, jurisdiction.OfficeAttorneyGeneral)
	look(v.State, jurisdiction.OfficeConsumerAgency)
	for _, office := range federalOffices {
		look(jurisdiction.Federal, office)
	}
	f, ok := o.Law.Fact(v.State, jurisdiction.FactName)
	if ok && c.has(f.Value) && !o.says(o.source(v), f.Value) {
		c.take(f.Value)
		out = append(out, lawOrigin(f))
	}
	return out
}

func lawOrigin(f jurisdiction.Fact) Origin {
	return Origin{File: lawFile, Line: f.Line, Key: f.State + " " + f.Fact}
}

// source returns the name of a wording's template.
func (o *origins) source(v notifier.Variant) string {
	return recall(o.sources, v, func() string { file, _ := o.Notices.Source(v); return file })
}

// ownOf returns a file's own words.
func (o *origins) ownOf(file string) []lineWord {
	return recall(o.own, file, func() []lineWord {
		if f := o.files[file]; f != nil {
			return ownWords(f)
		}
		return nil
	})
}

// says reports whether a template has some words of its own.
func (o *origins) says(file, words string) bool {
	list := strings.Fields(plainWords(words))
	n, _ := longestRun(list, o.ownOf(file))
	return n == len(list)
}

// template returns the line of the template, or of the page around it, that
// has the most of the words whose origin is not known yet. Where none is known,
// any will do.
func (o *origins) template(c *clause, v notifier.Variant, needed bool) []Origin {
	if c.left() == 0 && !needed {
		return nil
	}
	file := o.source(v)
	own := c.own()
	best := recall(o.found, file+"\n"+strings.Join(own, " "), func() ownAt { return o.search(file, own) })
	if best.length < min(2, len(own)) && !needed {
		return nil
	}
	return []Origin{best.at}
}

// search looks for the longest run of words in a template, and in the page
// around it.
func (o *origins) search(file string, words []string) ownAt {
	best := ownAt{at: Origin{File: file}}
	for _, name := range []string{file, layoutFile} {
		if n, line := longestRun(words, o.ownOf(name)); n > best.length {
			best = ownAt{Origin{File: name, Line: line}, n}
		}
	}
	return best
}

// days looks for the days of the incident. A day among words whose origin is
// known comes from there, and may be the same as one of those by chance.
func (o *origins) days(c *clause, language string) []Origin {
	var out []Origin
	s := folded(c.raw)
	free := slices.DeleteFunc(daysIn(language, s), func(d day) bool { return !c.has(d.words) })
	for _, d := range free {
		var same []fact
		for _, f := range o.facts[language] {
			if !f.on.IsZero() && sameDay(f.on, d.on) {
				same = append(same, f)
			}
		}
		if len(same) > 0 {
			c.take(d.words)
		}
		for _, f := range meant(same, verbOf(vocabularyOf(language), s, d.at)) {
			if at := o.inConfig(f.key, ""); !slices.Contains(out, at) {
				out = append(out, at)
			}
		}
	}
	return out
}

// delay looks for what the notice says because the police asked to wait, or
// did not: the words are the template's.
func (o *origins) delay(at sentenceAt) []Origin {
	v := vocabularyOf(at.variant.Language)
	if v == nil || o.Incident.LawEnforcementDelay == "" {
		return nil
	}
	st := v.blocks[jurisdiction.BlockDelay]
	if v.partsOf(at.text)[jurisdiction.BlockDelay] != 1<<len(st.words)-1 {
		return nil
	}
	return []Origin{o.inConfig("incident.law_enforcement_delay", "")}
}

// meant returns those facts of one day that a date is about, by its verb: all
// where that does not tell.
func meant(same []fact, verb int) []fact {
	about := map[int]string{verbDiscovered: "discovered", verbHappened: "occurred", verbNone: "notice_date"}[verb]
	out := slices.DeleteFunc(slices.Clone(same), func(f fact) bool { return about == "" || !strings.Contains(f.key, about) })
	if len(out) == 0 {
		return same
	}
	return out
}
