package review

import (
	"fmt"
	"slices"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/notice"
)

// CompareItems says how what is to be approved now differs from what was
// approved last: approved are the items of that, now is what stands now, samples
// are the wordings among it, and people is how many get each. An approved item
// whose content is not known any more is compared by its digest. Nothing was
// approved where approved is empty: the result is nil then. By, At and People of
// the result are for the caller.
func CompareItems(approved, now []Item, samples []Sample, people map[notifier.Variant]int64) (*Changes, error) {
	if len(approved) == 0 {
		return nil, nil
	}
	old, is := byName(approved), byName(now)
	out := &Changes{Files: Differences(approved, now)}
	c := &comparison{people: people, known: map[string]*partChange{}}
	for _, s := range samples {
		name := samplePrefix + s.Variant.String()
		was, ok := old[name]
		switch {
		case !ok:
			out.Added = append(out.Added, s.Variant)
		case was.Digest == is[name].Digest:
		case was.Content == nil:
			out.NotKept = notKept
		default:
			if err := c.add(s.Variant, was.Content, s.Message); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	for _, it := range sorted(approved) {
		if variant, ok := strings.CutPrefix(it.Name, samplePrefix); ok && is[it.Name].Name == "" {
			out.Removed = append(out.Removed, variant)
		}
	}
	out.Wordings = c.wordings()
	list, lost := published(old, now)
	if lost {
		out.NotKept = notKept
	}
	out.Wordings = append(out.Wordings, list...)
	return out, nil
}

// notKept is said where an approval has digests alone.
const notKept = "the version of breachmail that recorded the approval kept no copy of the approved texts, so that they cannot be compared word by word"

// isPublication reports whether an item is a text for everybody: "website.en".
func isPublication(item string) bool {
	return strings.HasPrefix(item, notice.Website+".") || strings.HasPrefix(item, notice.CallCenter+".")
}

// publicationChange compares two versions of a text for everybody: of its plain
// text, or, where the item ends in .html, of its page.
func publicationChange(item string, was, is []byte) WordingChange {
	name, page := strings.CutSuffix(item, ".html")
	w := WordingChange{Publication: strings.TrimSuffix(name, ".txt"), Part: partText}
	if page {
		w.Part, w.Places = partHTML, changesIn(textBlocks(was), textBlocks(is))
	} else {
		w.Places = changesIn(plainBlocks(string(was)), plainBlocks(string(is)))
	}
	return w
}

// published compares the texts for everybody. What changed in the page of one as
// it did in its plain text is said once.
func published(old map[string]Item, now []Item) (list []WordingChange, notKept bool) {
	said := map[string]bool{}
	for _, it := range slices.Backward(sorted(now)) { // .txt before .html
		was, ok := old[it.Name]
		switch {
		case !ok || !isPublication(it.Name) || was.Digest == it.Digest:
			continue
		case was.Content == nil:
			notKept = true
			continue
		}
		w := publicationChange(it.Name, was.Content, it.Content)
		w.Places = slices.DeleteFunc(w.Places, func(p PlaceChange) bool {
			before := said[w.Publication+p.edits()]
			said[w.Publication+p.edits()] = true
			return before
		})
		if len(w.Places) > 0 || !said[w.Publication] {
			list = append(list, w)
		}
		said[w.Publication] = true
	}
	slices.Reverse(list)
	return list, notKept
}

// comparison collects what changed in wordings: each change once.
type comparison struct {
	people map[notifier.Variant]int64
	known  map[string]*partChange
	order  []*partChange
}

// partChange is one change, with the wordings that have it.
type partChange struct {
	part     string
	place    *PlaceChange // nil where no words can be shown
	variants []notifier.Variant
}

// add compares two versions of one wording's message.
func (c *comparison) add(v notifier.Variant, was, is []byte) error {
	if string(was) == string(is) {
		return nil
	}
	a, err := readMessage(was)
	if err != nil {
		return fmt.Errorf("the approved message cannot be read: %w", err)
	}
	b, err := readMessage(is)
	if err != nil {
		return err
	}
	for _, p := range differingParts(a, b) {
		places := p.places
		if len(places) == 0 {
			c.note(v, p.name, nil)
		}
		for i := range places {
			c.note(v, p.name, &places[i])
		}
	}
	return nil
}

func (c *comparison) note(v notifier.Variant, part string, place *PlaceChange) {
	key := part
	if place != nil {
		key = part + "\n" + place.edits()
	}
	p := c.known[key]
	if p == nil {
		p = &partChange{part: part, place: place}
		c.known[key] = p
		c.order = append(c.order, p)
	}
	if !slices.Contains(p.variants, v) {
		p.variants = append(p.variants, v)
	}
}

// wordings puts the changes together that the same wordings have in the same
// part, those that most people get first.
func (c *comparison) wordings() []WordingChange {
	var out []WordingChange
next:
	for _, p := range c.order {
		for i := range out {
			if w := &out[i]; p.place != nil && w.Part == p.part && slices.Equal(w.Variants, p.variants) {
				w.Places = append(w.Places, *p.place)
				continue next
			}
		}
		w := WordingChange{Variants: p.variants, Part: p.part}
		if p.place != nil {
			w.Places = []PlaceChange{*p.place}
		}
		for _, v := range p.variants {
			w.People += int(c.people[v])
		}
		out = append(out, w)
	}
	slices.SortStableFunc(out, func(a, b WordingChange) int { return b.People - a.People })
	return out
}
