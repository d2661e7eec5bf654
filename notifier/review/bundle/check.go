package bundle

import (
	"fmt"
	"slices"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
	"breachmail/notifier/review"
)

// Summary says in one line what of a state's checklist is met: "7 of 9 met, 1
// for counsel to read; in Spanish one is lacking".
func (v *view) Summary(c review.StateChecklist) string {
	switch {
	case c.State == notifier.UnknownState:
		return "which law applies is unknown"
	case len(c.Items) == 0:
		return "nothing particular is asked of the notice"
	}
	met, toRead := 0, 0
	for i := range c.Items {
		switch {
		case c.Items[i].Met():
			met++
		case c.Items[i].Open():
			toRead++
		}
	}
	out := count(met) + " of " + count(len(c.Items)) + " met"
	if toRead > 0 {
		out += ", " + count(toRead) + " for counsel to read"
	}
	return strings.Join(append([]string{out}, onlyThere(c)...), "; ")
}

// onlyThere says in which other wordings something is wrong that the wording
// judged has right: "in Spanish one is lacking".
func onlyThere(c review.StateChecklist) []string {
	var where []string
	n := map[string]int{}
	for i := range c.Items {
		item := &c.Items[i]
		if len(item.Lacks) > 0 || item.Asks == jurisdiction.Forbidden && len(item.Stands) > 0 {
			continue
		}
		var here []string // each place once an item
		for _, o := range item.Others {
			in := "in another wording"
			if o.Variant.Language != c.Variant.Language {
				in = "in " + language(o.Variant.Language)
			}
			if len(o.Lacks)+len(o.Stands) > 0 && !slices.Contains(here, in) {
				here = append(here, in)
			}
		}
		for _, in := range here {
			if n[in]++; n[in] == 1 {
				where = append(where, in)
			}
		}
	}
	out := make([]string, len(where))
	for i, in := range where {
		out[i] = in + " one is lacking"
		if n[in] > 1 {
			out[i] = in + " " + count(n[in]) + " are lacking"
		}
	}
	return out
}

// Wanting counts what the law requires or forbids and a notice that somebody
// gets does not heed, as What is open does: nothing where the notice is
// voluntary, or where nobody is told by email.
func (v *view) Wanting(c review.StateChecklist) int {
	n := 0
	for i := range c.Items {
		if c.Items[i].Unmet() && c.Items[i].Asks != jurisdiction.Advised && !c.Voluntary && !v.PostOnly(c.State) {
			n++
		}
	}
	return n
}

// ReadFirst counts what only reading shows whether it is met, where somebody is
// told by email.
func (v *view) ReadFirst(c review.StateChecklist) int {
	n := 0
	for i := range c.Items {
		if c.Items[i].Open() && !v.PostOnly(c.State) {
			n++
		}
	}
	return n
}

// otherView is what is to be said of other wordings to people of a state.
type otherView struct {
	review.OtherWording
	Variants []notifier.Variant
	Met      bool // it has what is asked for, or nothing of what is forbidden
}

// others puts the wordings together of which the same is to be said.
func others(item review.CheckItem) []otherView {
	var out []otherView
	at := map[string]int{}
	for _, o := range item.Others {
		key := fmt.Sprintf("%q %q %q %q", o.Stands, o.Lacks, o.Doubts, o.Note)
		i, known := at[key]
		if !known {
			i = len(out)
			at[key] = i
			out = append(out, otherView{OtherWording: o, Met: len(o.Stands)+len(o.Lacks)+len(o.Doubts) == 0 && o.Note == ""})
		}
		out[i].Variants = append(out[i].Variants, o.Variant)
	}
	return out
}

// addresses says where the addresses of offices were read, those from the same
// place together: "Equifax, Experian: general knowledge".
func addresses(offices []jurisdiction.Fact) []string {
	var out, from []string
	for _, f := range offices {
		c := cite(f)
		i := slices.Index(from, c)
		if i < 0 {
			from, out = append(from, c), append(out, factName(f))
			continue
		}
		out[i] += ", " + factName(f)
	}
	for i := range out {
		out[i] += ": " + from[i]
	}
	return out
}

// asked are the words for what a law says of a part of the notice.
var asked = map[string]string{
	jurisdiction.Required: "required", jurisdiction.Advised: "usual, or asked for in some cases", jurisdiction.Forbidden: "forbidden",
}

// trust are the words for how far a fact was verified.
var trust = map[string]string{
	jurisdiction.Verified: "a text was read",
	jurisdiction.Memory:   "from general knowledge, to be checked",
	jurisdiction.Counsel:  "entered or confirmed by counsel",
}

// cite says where a fact was read, how old that is, and how sure it is.
func cite(f jurisdiction.Fact) string {
	out := []string{orElse(f.Source, "no source")}
	if f.SourceDate != "" {
		out[0] += " (" + f.SourceDate + ")"
	}
	if t := orElse(trust[f.Confidence], f.Confidence); t != "" {
		out = append(out, t)
	}
	if f.CheckedOn != "" {
		out = append(out, "compared "+f.CheckedOn)
	}
	return strings.Join(out, "; ")
}
