package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
)

// checker makes a Checklist.
type checker struct{ *linter }

// states returns how many people of each state are told, by email and by post.
func (c *checker) states() map[string]int64 {
	out := map[string]int64{}
	for _, r := range c.Reached {
		out[r.State] += r.People
	}
	for state, n := range c.Postal {
		out[state] += n
	}
	return out
}

// state judges the notices to one state.
func (c *checker) state(state string, people int64) (StateChecklist, error) {
	out := StateChecklist{
		StatePeople: StatePeople{state, nameOf(c.Law, state), int(people)},
		Voluntary:   c.Voluntary[state],
	}
	variants := c.variantsOf(state)
	out.Variant = variants[0]
	if c.Law == nil {
		return out, nil
	}
	out.Facts = otherFacts(c.Law, state)
	for _, block := range jurisdiction.Blocks {
		f, ok := c.Law.Block(state, block)
		if !ok {
			continue
		}
		item, err := c.item(variants, f, block)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, item)
	}
	return out, nil
}

// variantsOf returns the wordings that people of a state get, the one that most
// of them get first. Where nobody there is told by email, it is one that they
// would get.
func (c *checker) variantsOf(state string) []notifier.Variant {
	people := map[notifier.Variant]int64{}
	var out []notifier.Variant
	for _, r := range c.Reached {
		if r.State != state {
			continue
		}
		if _, known := people[r.Variant]; !known {
			out = append(out, r.Variant)
		}
		people[r.Variant] += r.People
	}
	slices.SortFunc(out, func(a, b notifier.Variant) int {
		return cmp.Or(cmp.Compare(people[b], people[a]), strings.Compare(a.String(), b.String()))
	})
	if len(out) == 0 {
		out = append(out, c.Notices.Variant(state, "en", "both"))
	}
	return out
}

// item judges what the law says of a block, by the first of some wordings, and
// says what is otherwise in the others.
func (c *checker) item(variants []notifier.Variant, f jurisdiction.Fact, block string) (CheckItem, error) {
	out := CheckItem{Block: block, Words: wordsFor(block, f.Value), Asks: f.Value, Fact: f, Offices: c.officeFacts(f.State, block)}
	var first OtherWording
	for i, v := range variants {
		list, err := c.wordings(v)
		if err != nil {
			return out, fmt.Errorf("sample %s: %w", v, err)
		}
		is := c.judgeBlock(list, f, block)
		is.Variant = v
		switch {
		case i == 0:
			first = is
			out.Stands, out.Lacks, out.Doubts = is.Stands, is.Lacks, is.Doubts
			c.show(&out, list[0])
		case !is.same(&first):
			out.Others = append(out.Others, is)
		}
	}
	return out, nil
}

func (o *OtherWording) same(as *OtherWording) bool {
	return slices.Equal(o.Stands, as.Stands) && slices.Equal(o.Lacks, as.Lacks) && slices.Equal(o.Doubts, as.Doubts) && o.Note == as.Note
}

// judgeBlock judges a block by one wording, as all of the stand-ins for its
// readers get it. What stands there is only said where it is forbidden; see
// show.
func (c *checker) judgeBlock(list []*wording, f jurisdiction.Fact, block string) OtherWording {
	var out OtherWording
	if f.Value == jurisdiction.Forbidden {
		for _, w := range list {
			there := c.has(w, f.State, block)
			if list := c.stands(w, f.State, block); len(list) > 0 && slices.Equal(there, []string{blockWords[block]}) {
				there = list
			}
			out.Stands = withNew(out.Stands, there)
			if block == jurisdiction.BlockNature {
				out.Doubts = withNew(out.Doubts, c.natureDoubts(w, there))
			}
		}
		return out
	}
	for _, w := range list {
		out.Lacks = withNew(out.Lacks, c.lacks(w, f.State, block))
	}
	if w := list[0]; len(out.Lacks) == 0 && !c.knows(w.language) && len(c.stands(w, f.State, block)) == 0 {
		out.Note = unknownWords
	}
	return out
}

// show says where in a wording stands what the law asks for.
func (c *checker) show(i *CheckItem, w *wording) {
	if i.Asks == jurisdiction.Forbidden {
		return
	}
	i.Stands = c.stands(w, i.Fact.State, i.Block)
	if len(i.Stands) == 0 && len(i.Lacks) == 0 {
		i.Note = c.noted(w, i.Block)
	}
}

func withNew(list, more []string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// otherFacts returns what is known about a state beside its name and what its
// notice says.
func otherFacts(law *jurisdiction.Law, state string) []jurisdiction.Fact {
	return slices.DeleteFunc(law.Facts(state), func(f jurisdiction.Fact) bool {
		return f.Fact == jurisdiction.FactName || f.Fact == jurisdiction.FactTemplate || strings.HasPrefix(f.Fact, jurisdiction.BlockPrefix)
	})
}
