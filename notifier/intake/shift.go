package intake

import "breachmail/notifier"

// Shift watches which kind of value stands in which column of one export. It
// keeps counts and line numbers, and nothing of the values.
type Shift struct {
	taken   [columns]watched
	rows    int64 // taken and set aside
	aside   int64
	run     asideRun // of rows set aside one after the other, up to now
	longest asideRun
	reasons []reasonCount // of the rows set aside in runs that have ended
	belongs belonging
}

// watched is what was seen in one column of the rows that were taken.
type watched struct {
	foreign [valueKinds]int64
	filled  int64
	now     stretch
	most    stretch
}

// stretch is a run of rows in which more than three of four values are foreign
// to their column.
type stretch struct {
	first, last int // lines
	score       int64
}

// What a foreign value adds to a stretch's score, and what another takes off.
const (
	foreignScore = 1
	properScore  = -3
)

// asideRun is a run of rows set aside.
type asideRun struct {
	first, last int // lines
	rows        int64
	kinds       [columns][valueKinds]int64
	reasons     []reasonCount
}

type reasonCount struct {
	field, reason string
	rows          int64
}

// mostReasons is how many different reasons are counted.
const mostReasons = 32

// NewShift returns a Shift that has seen nothing.
func NewShift() *Shift { return new(Shift) }

// Taken looks at a row that was taken: grouped, or told already.
func (s *Shift) Taken(a *notifier.Account) {
	s.rows++
	s.endRun()
	line := a.Source.Line
	s.taken[colName].see(colName, kindOf(a.Name.Reveal()), line)
	s.taken[colZIP].see(colZIP, kindOf(a.ZIP), line)
	s.taken[colPhone].see(colPhone, kindOf(a.Phone.Reveal()), line)
	s.taken[colEmail].see(colEmail, kindOf(a.Email.Reveal()), line)
	s.taken[colNumber].see(colNumber, kindOf(a.Number.Reveal()), line)
	s.belongs.see(a.Name.Reveal(), a.Email.Reveal(), line)
}

func (w *watched) see(col column, kind valueKind, line int) {
	if kind == looksEmpty {
		return
	}
	w.filled++
	if !misplaced[col][kind] {
		if w.now.score += properScore; w.now.score < 0 {
			w.now.score = 0
		}
		return
	}
	w.foreign[kind]++
	if w.now.score == 0 {
		w.now.first = line
	}
	w.now.score += foreignScore
	if w.now.last = line; w.now.score > w.most.score {
		w.most = w.now
	}
}

// Aside looks at a row that was set aside.
func (s *Shift) Aside(r *notifier.Reject) {
	s.rows++
	s.aside++
	if s.run.rows == 0 {
		s.run.first = r.Source.Line
	}
	s.run.last = r.Source.Line
	s.run.rows++
	a := &r.Row
	for col, value := range [columns]string{
		a.Name.Reveal(), a.ZIP, a.Phone.Reveal(), a.Email.Reveal(), a.Number.Reveal(), a.Type,
	} {
		s.run.kinds[col][kindOf(value)]++
	}
	s.run.reasons = countReason(s.run.reasons, reasonCount{r.Field, r.Reason, 1})
}

// countReason adds one to what rows were set aside for.
func countReason(counts []reasonCount, one reasonCount) []reasonCount {
	for i := range counts {
		if counts[i].field == one.field && counts[i].reason == one.reason {
			counts[i].rows += one.rows
			return counts
		}
	}
	if len(counts) < mostReasons {
		counts = append(counts, one)
	}
	return counts
}
