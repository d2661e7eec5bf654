package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
	"breachmail/notifier/notice"
)

// Source is a file that a finding can point at.
type Source struct {
	File string
	Text []byte
}

// Reach is how many people of a state are told by email in one wording.
type Reach struct {
	State   string
	Variant notifier.Variant
	People  int64
}

// Material is what Lint judges.
type Material struct {
	Notices *notice.Notice

	// Bare is the same with incident.data_not_involved empty: what still denies
	// something in it does not come from there. Nil: it is empty in Notices.
	Bare *notice.Notice

	Law       *jurisdiction.Law
	Voluntary map[string]bool         // states whose notice counsel marked as voluntary
	Held      func(state string) bool // whether a hold covers the state; nil: none does
	Reached   []Reach
	Postal    map[string]int64 // by state, how many are told by post
	People    int64            // how many are planned, by email and by post; 0 where that is not known

	Sources       []Source // campaign.yaml, law.csv, templates
	From, ReplyTo string   // bare addresses
	Incident      notice.Incident
	Translations  map[string]notice.Translation // of the incident, by language
	Day           time.Time                     // the date that samples bear
}

// Lint judges every wording that a notice can have, the texts for everybody,
// and what notices rest on. Findings come errors first, then by file, line and
// rule; what several wordings have in common is one.
func Lint(m Material) ([]Finding, error) { return newLinter(m).lint() }

func (l *linter) lint() ([]Finding, error) {
	for _, v := range l.variants() {
		list, err := l.wordings(v)
		if err != nil {
			return nil, fmt.Errorf("sample %s: %w", v, err)
		}
		for _, w := range list {
			if err := l.judgeWording(w); err != nil {
				return nil, fmt.Errorf("sample %s: %w", v, err)
			}
		}
	}
	if err := l.judgePublications(); err != nil {
		return nil, err
	}
	l.judgeRegulators()
	if err := l.judgeAddresses(); err != nil {
		return nil, err
	}
	l.judgeAffected()
	l.judgeComputed()
	return l.sorted(), nil
}

// judgeWording judges a wording by all rules, and by the law of each state that
// it goes to.
func (l *linter) judgeWording(w *wording) error {
	if err := l.addTwin(w); err != nil {
		return err
	}
	l.judge(w, wordingRules(l, w))
	if err := l.judgeDenials(w); err != nil {
		return err
	}
	for _, r := range l.Reached {
		if r.Variant == w.variant {
			l.judge(w, lawProblems(l, w, r))
		}
	}
	return nil
}

// problem is what one rule found in one wording.
type problem struct {
	rule, state string
	level       Level // empty: an error
	text        string
	fragments   []string // what to look for in the files, the most telling first
	file        string   // where it is known already
	line        int
	legal       bool // judged for a state, so that it reaches whom the level says
}

// linter collects what was found.
type linter struct {
	Material
	places     *places
	allowed    *allowed
	rendered   map[notifier.Variant][]*wording
	people     map[notifier.Variant]int64
	sentences  map[string][]problem       // by language and sentence
	denials    map[string]bool            // likewise, whether it says that data was not involved
	parts      map[string]map[string]uint // likewise, what it has of statements; see partsOf
	natured    map[string]bool            // likewise, whether it says how or when the breach came about
	counted    map[string]bool            // likewise, whether it says how many are affected
	stateCount map[string]bool            // by language, state and sentence, whether it says how many in that state
	dated      map[string][]day           // by language and line
	discovered map[string]discovery       // by language and sentence
	plain      plainMemo
	parted     map[string][]string // the sentences of a line
	web        map[string][]string // its web addresses that mail programs make links of
	shown      map[string][]string // the web addresses of a line
	findings   map[Finding]*found  // by what it is, without its wordings and level
	order      []Finding           // the keys of findings, as first found
}

// found is in which wordings a finding is.
type found struct {
	first    string
	variants int
	last     string
	level    Level
	reached  bool
}

func newLinter(m Material) *linter {
	l := &linter{
		Material: m, places: newPlaces(m.Sources), allowed: newAllowed(m), rendered: map[notifier.Variant][]*wording{},
		people: map[notifier.Variant]int64{}, sentences: map[string][]problem{}, denials: map[string]bool{},
		parts: map[string]map[string]uint{}, findings: map[Finding]*found{},
		natured: map[string]bool{}, counted: map[string]bool{}, stateCount: map[string]bool{}, dated: map[string][]day{}, discovered: map[string]discovery{}, shown: map[string][]string{}, plain: plainMemo{}, parted: map[string][]string{}, web: map[string][]string{},
	}
	for _, r := range m.Reached {
		l.people[r.Variant] += r.People
	}
	return l
}

// variants returns every wording, also one that reaches somebody though the
// notice does not list it.
func (l *linter) variants() []notifier.Variant {
	list := l.Notices.Variants()
	for _, r := range l.Reached {
		if !slices.Contains(list, r.Variant) {
			list = append(list, r.Variant)
		}
	}
	return list
}

// wordingRules are the rules that are not about one state's law.
func wordingRules(l *linter, w *wording) []problem {
	return slices.Concat(
		languageProblems(w), l.sentenceProblems(w),
		linkProblems(l, w), markupProblems(w), attachmentProblems(w.message), sizeProblems(w),
		accountProblems(w), addressProblems(l, w),
	)
}

// sentenceProblems judges each sentence by itself. Wordings have most of their
// sentences in common, so each is judged once.
func (l *linter) sentenceProblems(w *wording) []problem {
	out := slices.Clone(l.ofSentence(w, w.subject))
	for i := range out {
		out[i].file, out[i].line = configFile, l.places.line(configFile, w.subject, "subject:")
	}
	for _, s := range w.sentences {
		out = append(out, l.ofSentence(w, s)...)
	}
	return out
}

func (l *linter) ofSentence(w *wording, s string) []problem {
	return recall(l.sentences, w.language+"\n"+s, func() []problem {
		return slices.Concat(
			todoProblems(s), dateProblems(&l.Incident, w.language, s), requestProblems(w.language, s),
			urgencyProblems(w.language, s), redirectProblems(s), numberProblems(l, w, s), tollFreeProblems(l, w.language, s),
		)
	})
}

// recall returns what f gave for a key when it was first asked. Nothing is kept
// in a map that is nil.
func recall[K comparable, V any](known map[K]V, key K, f func() V) V {
	v, ok := known[key]
	if !ok {
		v = f()
		if known != nil {
			known[key] = v
		}
	}
	return v
}

func languageProblems(w *wording) []problem {
	if vocabularyOf(w.language) != nil {
		return nil
	}
	return []problem{{rule: RuleLanguage, level: Warning, file: w.file, line: 1,
		text: fmt.Sprintf("the words of the language %q are not known here, so the rules about words were not checked (have somebody who reads it check them)", w.language)}}
}

// judge turns problems of one wording into findings. What only reads otherwise
// for another stand-in is the finding that there is already.
func (l *linter) judge(w *wording, problems []problem) {
	for _, p := range problems {
		f := Finding{File: p.file, Line: p.line, Rule: p.rule, State: p.state, Text: p.text, Waivable: Waivable(p.rule)}
		if f.File == "" {
			f.File, f.Line = l.places.find(w.file, p.fragments)
		}
		if at := (Finding{File: f.File, Line: f.Line, Rule: f.Rule, State: f.State}); len(p.fragments) > 0 {
			if w.rare && w.found[at] {
				continue
			}
			w.found[at] = true
		}
		l.note(f, w.name, p, w.everybody || l.people[w.variant] > 0)
	}
}

// note adds a finding in a wording of that name, or in none.
func (l *linter) note(key Finding, name string, p problem, reached bool) {
	f := l.findings[key]
	if f == nil {
		f = &found{first: name, level: cmp.Or(p.level, Error)}
		l.findings[key] = f
		l.order = append(l.order, key)
	}
	if name != f.last {
		f.variants++
		f.last = name
	}
	if p.level == "" {
		f.level = Error
	}
	f.reached = f.reached || p.legal || reached
}

// sorted returns the findings with their levels.
func (l *linter) sorted() []Finding {
	var out []Finding
	for _, key := range l.order {
		f, of := key, l.findings[key]
		f.Variant, f.Variants, f.Level = of.first, of.variants, of.level
		if f.Level == Error && !of.reached {
			f.Level, f.Text = Warning, f.Text+" (reaches nobody so far)"
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(rank(a.Level), rank(b.Level)), strings.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line), strings.Compare(a.Rule, b.Rule), strings.Compare(a.State, b.State), strings.Compare(a.Text, b.Text))
	})
	return out
}

func rank(l Level) int {
	if l == Error {
		return 0
	}
	return 1
}
