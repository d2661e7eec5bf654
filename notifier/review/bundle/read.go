package bundle

import (
	"fmt"
	"strings"

	"breachmail/notifier/review"
)

// languageView is the reading in one language, with an anchor for each block.
type languageView struct {
	review.LanguageReading
	Base        []blockView
	Differences []differenceView
	Groups      []groupView
}

// blockView is a block whose sentences are joined as far as they come from the
// same place.
type blockView struct {
	ID    string // empty where nothing links to it
	Kind  string
	Level int
	Runs  []run
}

// run are sentences that follow one another and come from the same place.
type run struct {
	Mark   int // counted from 1 within the block; 0 where the block has one run
	Text   string
	Origin string
}

// differenceView is a difference with its number, counted from 1 within its
// language.
type differenceView struct {
	review.Difference
	Number         int
	ID             string
	Who            string // who gets it, in words
	Removed, Added []blockView
}

// read prepares the reading and notes where each line's words stand.
func (v *view) read() {
	v.stands = map[string]string{}
	for _, l := range v.Reading.Languages {
		lv := languageView{LanguageReading: l, Base: v.blocks(l.Base.Blocks, "read-"+l.Language)}
		for i, d := range l.Differences {
			id := differenceID(l.Language, i)
			lv.Differences = append(lv.Differences, differenceView{
				Difference: d, Number: i + 1, ID: id, Who: v.who(d),
				Removed: v.blocks(d.Removed, ""), Added: v.blocks(d.Added, id),
			})
		}
		for _, g := range l.Groups {
			lv.Groups = append(lv.Groups, v.group(&lv, g))
		}
		v.Languages = append(v.Languages, lv)
	}
}

// Label is what a difference is called where it is only named.
func (d differenceView) Label() string {
	if d.About == "" {
		return fmt.Sprintf("difference %d", d.Number)
	}
	return fmt.Sprintf("%s (%d)", d.About, d.Number)
}

func differenceID(language string, i int) string {
	return fmt.Sprintf("difference-%s-%d", language, i+1)
}

// blocks prepares blocks; with a name they get anchors.
func (v *view) blocks(list []review.TextBlock, name string) []blockView {
	out := make([]blockView, len(list))
	for i, b := range list {
		out[i] = blockView{Kind: b.Kind, Level: b.Level, Runs: runs(b.Sentences)}
		if name == "" {
			continue
		}
		out[i].ID = fmt.Sprintf("%s-%d", name, i+1)
		for _, s := range b.Sentences {
			for _, o := range s.Origins {
				if key := at(o.File, o.Line); v.stands[key] == "" {
					v.stands[key] = out[i].ID
				}
			}
		}
	}
	return out
}

// runs joins sentences of the same origin.
func runs(sentences []review.Sentence) []run {
	var out []run
	for _, s := range sentences {
		from := origins(s.Origins)
		if n := len(out); n > 0 && out[n-1].Origin == from {
			out[n-1].Text += " " + s.Text
			continue
		}
		out = append(out, run{Text: s.Text, Origin: from})
	}
	for i := range out {
		if len(out) > 1 {
			out[i].Mark = i + 1
		}
	}
	return out
}

// origins says where words come from: "campaign.yaml:14 incident.what_happened".
func origins(list []review.Origin) string {
	var out []string
	for _, o := range list {
		s := o.File
		if o.Line > 0 {
			s = at(o.File, o.Line)
		}
		switch {
		case o.File == "":
			s = "the recipient’s own data"
		case o.Key != "":
			s += " " + o.Key
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

// who says who gets what differs, for example "Prepaid accounts in Maryland,
// New York".
func (v *view) who(d review.Difference) string {
	var states []string
	for _, s := range d.States {
		states = append(states, v.StateName(s))
	}
	who := orElse(accountsOf(d.Types), "everyone")
	if len(states) > 0 {
		who += " in " + strings.Join(states, ", ")
	}
	return capital(who)
}

// accountsOf names account types: "prepaid accounts or postpaid accounts".
func accountsOf(types []string) string {
	var out []string
	for _, t := range types {
		out = append(out, accounts(t))
	}
	return strings.Join(out, " or ")
}
