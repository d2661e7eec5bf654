package campaign

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// marks are the rows of one export that were set aside, and those that correct
// such a row, of whichever export.
type marks struct {
	aside    []asideMark     // set aside, in their order
	corrects []notifier.Mark // rows that stand in for one that was set aside

	replaced []notifier.Mark // of corrects, those whose reject was found
}

// asideMark is a row that was set aside, again where it corrects one that was.
type asideMark struct {
	notifier.Mark
	again bool
}

// again counts corrections that were set aside once more.
func (m *marks) again() int64 {
	n := int64(0)
	for _, a := range m.aside {
		if a.again {
			n++
		}
	}
	return n
}

// mostMarks is how many marks are kept in memory. Nobody corrects more rows by
// hand, and an export with more of them is refused.
const mostMarks = 1 << 20

// mark notes a row that was set aside, that corrects another, or both.
func (r *reading) mark(e *readExport, reject *notifier.Reject, origin *notifier.Origin) {
	if reject == nil && origin == nil || r.marks >= mostMarks {
		return
	}
	r.marks++
	var m notifier.Mark
	if origin == nil {
		m = markOf(r.secret, reject.Source, reject.Line)
	} else {
		m = markOf(r.secret, origin.Source, origin.Original)
		e.marks.corrects = append(e.marks.corrects, m)
	}
	if reject != nil {
		e.marks.aside = append(e.marks.aside, asideMark{m, origin != nil})
	}
}

// markOf returns the mark of a row, which white space and invisible marks do
// not change: a spreadsheet that the rejects went through may have.
func markOf(secret []byte, at notifier.Source, line notifier.Line) notifier.Mark {
	text := strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || c == 0 || unicode.Is(unicode.Cf, c) {
			return -1
		}
		return c
	}, line.Reveal())
	return notifier.NewMark(secret, filepath.Base(at.File), at.Line, notifier.NewLine(text))
}

// settle finds for each correction the reject it stands in for: among the rows
// of this run, whatever the order of the exports, or among those that known
// has from earlier plans. known is nil where there are none.
func (r *reading) settle(ctx context.Context, known ledger.Reader) error {
	if r.marks >= mostMarks || !slices.ContainsFunc(r.exports, func(e readExport) bool { return e.Corrections }) {
		return nil
	}
	now := map[notifier.Mark]int{}
	for i := range r.exports {
		for _, m := range r.exports[i].marks.aside {
			if !m.again {
				now[m.Mark]++
			}
		}
	}
	earlier := map[notifier.Mark]int{}
	if known != nil {
		var err error
		if earlier, err = known.Rejects(ctx); err != nil {
			return err
		}
	}
	r.replaced = map[notifier.Mark]int{}
	for i := range r.exports {
		r.exports[i].settle(now, earlier, r.replaced)
	}
	return nil
}

func (e *readExport) settle(now, earlier, replaced map[notifier.Mark]int) {
	for _, m := range e.marks.corrects {
		switch {
		case now[m] > 0:
			now[m]--
			replaced[m]++
			e.Replaced++
		case earlier[m] > 0:
			earlier[m]--
			e.Earlier++
		default:
			continue
		}
		e.marks.replaced = append(e.marks.replaced, m)
	}
	if e.Corrections {
		e.Unmatched = e.Rows - int64(len(e.marks.replaced))
	}
}

// record writes the marks of all exports into a batch: rejects, what replaces
// them, and what of that was set aside again.
func (r *reading) record(b ledger.Batcher) error {
	if err := r.addRejects(b, false); err != nil {
		return err
	}
	for i := range r.exports {
		for _, m := range r.exports[i].marks.replaced {
			if _, err := b.ReplaceReject(m); err != nil {
				return err
			}
		}
	}
	return r.addRejects(b, true)
}

func (r *reading) addRejects(b ledger.Batcher, again bool) error {
	for i := range r.exports {
		for _, m := range r.exports[i].marks.aside {
			if m.again != again {
				continue
			}
			if err := b.AddReject(m.Mark); err != nil {
				return err
			}
		}
	}
	return nil
}
