package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"breachmail/notifier"
)

// Read returns all that there is to read in the wordings that reach somebody,
// each text once. Where nobody is told by email, it is the base notice.
func Read(m Material) (Reading, error) {
	r := &reader{Material: m, origins: newOrigins(m), rendered: map[notifier.Variant]*wordingText{}}
	var out Reading
	for language, texts := range r.reached() {
		for _, t := range texts {
			if err := r.render(t); err != nil {
				return Reading{}, fmt.Errorf("sample %s: %w", t.variant, err)
			}
		}
		l, err := r.language(language, texts)
		if err != nil {
			return Reading{}, err
		}
		out.Languages = append(out.Languages, l)
	}
	slices.SortFunc(out.Languages, func(a, b LanguageReading) int {
		return cmp.Or(cmp.Compare(b.People, a.People), strings.Compare(a.Language, b.Language))
	})
	for i := range out.Languages {
		out.Words += out.Languages[i].words()
	}
	list, err := m.Notices.Publications()
	for _, p := range list {
		out.ElsewhereWords += len(strings.Fields(string(p.Text)))
	}
	return out, err
}

// reader makes a Reading.
type reader struct {
	Material
	origins  *origins
	rendered map[notifier.Variant]*wordingText
}

// wordingText is what one wording says, in blocks.
type wordingText struct {
	variant notifier.Variant
	people  int
	blocks  []TextBlock
	keys    []string // what tells the blocks apart
}

// reached returns by language the wordings to be read, without their texts,
// those that most people get first.
func (r *reader) reached() map[string][]*wordingText {
	people := map[notifier.Variant]int{}
	for _, to := range r.Reached {
		if to.People > 0 {
			people[to.Variant] += int(to.People)
		}
	}
	if len(people) == 0 {
		for _, v := range r.Notices.Variants() {
			if v.State == "" {
				people[v] = 0
			}
		}
	}
	out := map[string][]*wordingText{}
	for v, n := range people {
		out[v.Language] = append(out[v.Language], &wordingText{variant: v, people: n})
	}
	for _, texts := range out {
		slices.SortFunc(texts, func(a, b *wordingText) int {
			return cmp.Or(cmp.Compare(b.people, a.people), strings.Compare(a.variant.String(), b.variant.String()))
		})
	}
	return out
}

// render fills in what a wording says. Where its sentences come from is found
// out later, for those that are to be read.
func (r *reader) render(t *wordingText) error {
	if done := r.rendered[t.variant]; done != nil {
		t.blocks, t.keys = done.blocks, done.keys
		return nil
	}
	to := r.Notices.Sample(t.variant)
	_, html, err := r.Notices.Render(&to)
	if err != nil {
		return err
	}
	t.blocks = textBlocks(html)
	t.keys = make([]string, len(t.blocks))
	for i := range t.blocks {
		t.keys[i] = t.blocks[i].key()
	}
	r.rendered[t.variant] = t
	return nil
}

// trace notes where the sentences of some blocks of a wording come from.
func (r *reader) trace(v notifier.Variant, blocks []TextBlock) {
	to := r.Notices.Sample(v)
	for i := range blocks {
		r.origins.add(&to, &blocks[i])
	}
}

// language returns the reading of wordings in one language.
func (r *reader) language(language string, texts []*wordingText) (LanguageReading, error) {
	base := texts[0]
	if i := slices.IndexFunc(texts, func(t *wordingText) bool { return t.variant.State == "" }); i >= 0 {
		base = texts[i]
	}
	r.trace(base.variant, base.blocks)
	l := LanguageReading{Language: language, Base: BaseText{base.variant, base.blocks}}
	to := r.Notices.Sample(base.variant)
	m, err := r.Notices.Compose(&to, r.Day)
	if err != nil {
		return l, err
	}
	l.Subject = subject(m.Bytes)
	for _, t := range texts {
		l.People += t.people
	}
	for i, s := range spotsOf(base, texts) {
		l.Differences = append(l.Differences, r.difference(i, s, base, texts))
	}
	slices.SortStableFunc(l.Differences, func(a, b Difference) int { return cmp.Compare(b.People, a.People) })
	l.Groups, err = r.groups(&l)
	return l, err
}

// words counts what there is to read in a language.
func (l *LanguageReading) words() int {
	n := len(strings.Fields(l.Subject))
	for i := range l.Base.Blocks {
		n += len(strings.Fields(l.Base.Blocks[i].words()))
	}
	seen := map[string]bool{}
	for _, d := range l.Differences {
		for _, b := range slices.Concat(d.Removed, d.Added) {
			if key := b.key(); !seen[key] {
				seen[key] = true
				n += len(strings.Fields(b.words()))
			}
		}
	}
	return n
}
