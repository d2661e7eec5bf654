package intake

import (
	"fmt"
	"strings"
)

// What is worth words. Some rows are always set aside; the counts of an export
// say so already.
const (
	runRows       = 20  // rows set aside one after the other
	stretchRows   = 200 // rows with foreign values in a column one after the other
	fewestRows    = 10  // rows of any kind, when they are more than half
	scatteredRows = 20  // rows set aside in all, when they are more than 1 %
)

// Words says what looks shifted and from which line on, or "" where nothing
// does. It may be asked at any time, best at the export's end.
func (s *Shift) Words() string {
	ended := s.run.rows == 0
	run := s.longest
	if s.run.rows > run.rows {
		run = s.run
	}
	var said []string
	say := func(words string) {
		if words != "" {
			said = append(said, words)
		}
	}
	if run.rows >= runRows || run.rows >= fewestRows && run.rows*2 > s.rows {
		say(run.words(ended || run.first != s.run.first))
	} else if s.aside > scatteredRows && s.aside*100 > s.rows {
		say(s.scattered())
	}
	say(s.stretches())
	say(s.belongs.words())
	return strings.Join(said, "; ")
}

// endRun ends the run of rows set aside.
func (s *Shift) endRun() {
	if s.run.rows == 0 {
		return
	}
	for _, r := range s.run.reasons {
		s.reasons = countReason(s.reasons, r)
	}
	if s.run.rows > s.longest.rows {
		s.longest = s.run
	}
	s.run = asideRun{}
}

// words says what stands in the columns of a run of rows set aside, or why they
// are.
func (r *asideRun) words(ended bool) string {
	from := fmt.Sprintf("from line %d on", r.first)
	if ended {
		from = fmt.Sprintf("from line %d to line %d", r.first, r.last)
	}
	var all []holding
	for col := range columns {
		if kind, rows := mostForeign(col, &r.kinds[col]); rows*2 > r.rows {
			all = append(all, holding{col, kind})
		}
	}
	if len(all) > 0 {
		return from + " " + holdWords(all)
	}
	return fmt.Sprintf("%s %d rows are set aside one after the other, most because: %s", from, r.rows, mostReason(r.reasons))
}

// holding is a column and what stands in it without belonging there.
type holding struct {
	col  column
	kind valueKind
}

// holdWords says what columns hold, and draws the conclusion when there are
// several.
func holdWords(all []holding) string {
	var b strings.Builder
	for i, h := range all {
		switch {
		case i == 0:
		case i == len(all)-1:
			b.WriteString(" and ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(columnNames[h.col])
		if i == 0 {
			b.WriteString(" holds")
		}
		b.WriteString(" what looks like " + kindWords[h.kind])
	}
	if len(all) > 1 {
		return b.String() + ": the columns are shifted"
	}
	return b.String() + " (are the columns shifted?)"
}

// mostForeign returns the kind of value that is most often in a column without
// belonging there.
func mostForeign(col column, kinds *[valueKinds]int64) (kind valueKind, rows int64) {
	for k := range valueKinds {
		if misplaced[col][k] && kinds[k] > rows {
			kind, rows = k, kinds[k]
		}
	}
	return kind, rows
}

func mostReason(reasons []reasonCount) string {
	var most reasonCount
	for _, r := range reasons {
		if r.rows > most.rows {
			most = r
		}
	}
	return most.reason
}

// scattered says that rows are set aside here and there.
func (s *Shift) scattered() string {
	reasons := append([]reasonCount(nil), s.reasons...)
	for _, r := range s.run.reasons {
		reasons = countReason(reasons, r)
	}
	return "the rows set aside are scattered, most because: " + mostReason(reasons)
}

// stretches says which columns of the rows taken hold what does not belong
// there: in more than half of the rows, or in many one after the other.
func (s *Shift) stretches() string {
	var all []holding
	first, most := 0, false
	for col := range columns {
		w := &s.taken[col]
		kind, rows := mostForeign(col, &w.foreign)
		half := rows >= fewestRows && rows*2 > w.filled
		if !half && w.most.score < stretchRows {
			continue
		}
		all = append(all, holding{col, kind})
		if first == 0 || w.most.first < first {
			first = w.most.first
		}
		most = half
	}
	switch {
	case len(all) == 0:
		return ""
	case len(all) == 1 && most:
		return fmt.Sprintf("more than half of the %s values look like %s, from line %d on", columnNames[all[0].col], kindWords[all[0].kind], first)
	}
	return fmt.Sprintf("from line %d on %s", first, holdWords(all))
}
