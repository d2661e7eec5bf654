package campaign

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// marks are the rows of one export that were set aside, and those that correct
// such a row, of whichever export.
type marks struct {
	aside    []notifier.Mark // set aside, and no correction
	corrects []notifier.Mark // rows that stand in for one that was set aside
	again    []notifier.Mark // of these, set aside once more

	replaced []notifier.Mark // of corrects, those whose reject was found
	before   int64           // of replaced, those that an earlier plan had set aside
}

// mostMarks is how many marks are kept in memory. Nobody corrects more rows by
// hand, and exports.max_rejected refuses such exports long before.
const mostMarks = 1 << 20

// mark notes a row that was set aside, that corrects another, or both.
func (r *reading) mark(e *readExport, reject *notifier.Reject, origin *notifier.Origin) error {
	if reject == nil && origin == nil {
		return nil
	}
	if r.marks++; r.marks > mostMarks {
		return hint(fmt.Errorf("%s: more than %d rows are set aside: this is not a file of accounts as they should be", e.Name, mostMarks),
			"look at its first lines, and at exports.columns")
	}
	if origin == nil {
		e.marks.aside = append(e.marks.aside, markOf(r.secret, reject.Source, reject.Line))
		return nil
	}
	m := markOf(r.secret, origin.Source, origin.Original)
	e.marks.corrects = append(e.marks.corrects, m)
	if reject != nil {
		e.marks.again = append(e.marks.again, m)
	}
	return nil
}

// markOf returns the mark of a row, which white space does not change: a
// spreadsheet that the rejects went through may have.
func markOf(secret []byte, at notifier.Source, line notifier.Line) notifier.Mark {
	text := strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || c == 0 || c == '\u200b' || c == '\ufeff' {
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
	corrections := 0
	for i := range r.exports {
		corrections += len(r.exports[i].marks.corrects)
	}
	if corrections == 0 {
		return nil
	}
	now := map[notifier.Mark]int{}
	for i := range r.exports {
		for _, m := range r.exports[i].marks.aside {
			now[m]++
		}
	}
	earlier := map[notifier.Mark]int{}
	if known != nil {
		var err error
		if earlier, err = known.Rejects(ctx); err != nil {
			return err
		}
	}
	for i := range r.exports {
		r.exports[i].settle(now, earlier)
	}
	return nil
}

func (e *readExport) settle(now, earlier map[notifier.Mark]int) {
	for _, m := range e.marks.corrects {
		switch {
		case now[m] > 0:
			now[m]--
			e.Replaced++
		case earlier[m] > 0:
			earlier[m]--
			e.marks.before++
		default:
			continue
		}
		e.marks.replaced = append(e.marks.replaced, m)
	}
}

// record writes the marks of all exports into a batch, rejects before what
// replaces them.
func (r *reading) record(b ledger.Batcher) error {
	for i := range r.exports {
		if err := addRejects(b, r.exports[i].marks.aside); err != nil {
			return err
		}
	}
	for i := range r.exports {
		for _, m := range r.exports[i].marks.replaced {
			if _, err := b.ReplaceReject(m); err != nil {
				return err
			}
		}
	}
	for i := range r.exports {
		if err := addRejects(b, r.exports[i].marks.again); err != nil {
			return err
		}
	}
	return nil
}

func addRejects(b ledger.Batcher, list []notifier.Mark) error {
	for _, m := range list {
		if err := b.AddReject(m); err != nil {
			return err
		}
	}
	return nil
}
