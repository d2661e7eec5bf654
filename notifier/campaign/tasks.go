package campaign

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"breachmail/notifier/jurisdiction"
)

// TaskKind says what kind of thing is to be done outside breachmail.
type TaskKind string

// The kinds of tasks. A task's name is its kind and its state: regulator-MD.
const (
	TaskFirst      TaskKind = "regulator-first" // a regulator is told before the people, beside another one
	TaskRegulator  TaskKind = "regulator"       // a regulator is told
	TaskBureaus    TaskKind = "bureaus"         // the credit bureaus are told
	TaskWeb        TaskKind = "web"             // a notice is put on the web site
	TaskMedia      TaskKind = "media"           // the media are given a notice
	TaskSubstitute TaskKind = "substitute"      // what else the law data ask for in place of letters
)

// Task is something that the law data of a state ask for beside the notices,
// and that is done outside breachmail. Counsel decides.
type Task struct {
	Name   string    `json:"name"` // as done is told
	Kind   TaskKind  `json:"kind"`
	State  string    `json:"state"`       // two letters; US for the whole country
	Place  string    `json:"state_name"`  // empty where the law data give none
	What   string    `json:"what"`        // is to be done
	When   string    `json:"when"`        // on what condition, and what is known of it
	By     string    `json:"by"`          // by when, in the words of the law data; may be empty
	TellBy string    `json:"tell_by"`     // the last day for telling the people there; may be empty
	Source string    `json:"source"`      // of the fact
	Read   string    `json:"source_date"` // empty where nobody knows
	Sure   string    `json:"confidence"`
	Owed   bool      `json:"owed"` // the condition is met by the numbers that are known; done or not
	Done   *TaskDone `json:"done"` // nil: not recorded
}

// TaskDone is that a task was recorded as done. Of a task that was recorded
// several times it is the last one; the others stay in the evidence.
type TaskDone struct {
	Task  string    `json:"task"`
	On    string    `json:"on"`    // the day, as 2018-08-30
	Proof string    `json:"proof"` // the SHA-256 of the proof in hex; empty where there is none
	Note  string    `json:"note"`
	Seq   int64     `json:"row"` // of the evidence
	At    time.Time `json:"at"`  // when it was recorded
}

// Affected counts the people of a state: all of them, and those without a notice
// that a relay accepted and did not return, and without a letter.
type Affected struct{ People, Untold int64 }

// tasks lists what the law data ask for beside the notices where these people
// live, what is owed and not done first, then by state. done are records in the
// order they were made. What was recorded and is asked for no more is kept.
func (c *Campaign) tasks(people map[string]Affected, done []TaskDone) []Task {
	var all Affected
	list := []Task{}
	for _, state := range slices.Sorted(maps.Keys(people)) {
		n := people[state]
		all.People += n.People
		all.Untold += n.Untold
		list = append(list, c.tasksOf(state, n)...)
	}
	list = append(list, c.tasksOf(jurisdiction.Federal, all)...)
	for i := range done {
		at := slices.IndexFunc(list, func(t Task) bool { return t.Name == done[i].Task })
		if at < 0 {
			at = len(list)
			list = append(list, Task{Name: done[i].Task, What: "recorded; the law data no longer ask for it"})
		}
		list[at].Done = &done[i]
	}
	slices.SortStableFunc(list, func(a, b Task) int { return cmp.Compare(a.rank(), b.rank()) })
	return list
}

// rank is 0 for what is owed, 1 for what is done, 2 for what may become owed.
func (t *Task) rank() int {
	switch {
	case t.Done != nil:
		return 1
	case t.Owed:
		return 0
	}
	return 2
}

// tasksOf lists those of one state.
func (c *Campaign) tasksOf(state string, n Affected) []Task {
	if n.People == 0 {
		return nil
	}
	var list []Task
	add := func(kind TaskKind, f Fact, t Task) {
		t.Name, t.Kind, t.State, t.Place = string(kind)+"-"+state, kind, state, c.Law.Name(state)
		t.Source, t.Read, t.Sure = f.Source, f.SourceDate, f.Confidence
		if d, ok := c.Law.Deadline(state, c.clocks()); ok {
			t.TellBy = d.On.Format(time.DateOnly)
		}
		list = append(list, t)
	}
	duties := c.Law.Duties(state, n.People)
	for i := range duties {
		d := &duties[i]
		add(dutyKind(d, duties), d.Fact, Task{What: dutyWords(d), When: dutyWhen(d, n.People), By: d.By, Owed: d.Met})
	}
	if s, ok := c.Law.Substitute(state); ok {
		for _, kind := range substituteKinds(&s) {
			t := Task{What: substituteWords[kind] + ": " + s.What, When: substituteWhen(&s, n), Owed: s.From > 0 && n.People >= s.From && n.Untold > 0}
			add(kind, s.Fact, t)
		}
	}
	return list
}

// dutyKind tells the regulator that comes first from another one beside it.
func dutyKind(d *jurisdiction.Duty, all []jurisdiction.Duty) TaskKind {
	beside := slices.ContainsFunc(all, func(o jurisdiction.Duty) bool { return !o.First && o.Who != jurisdiction.CreditBureaus })
	switch {
	case d.Who == jurisdiction.CreditBureaus:
		return TaskBureaus
	case d.First && beside:
		return TaskFirst
	}
	return TaskRegulator
}

func dutyWords(d *jurisdiction.Duty) string {
	who := d.Who
	if who == jurisdiction.CreditBureaus {
		who = "the " + who
	}
	if d.First {
		return "tell " + who + ", before the people are told"
	}
	return "tell " + who
}

func dutyWhen(d *jurisdiction.Duty, people int64) string {
	return fmt.Sprintf("from %s on; %s here", Many(max(1, d.From), "person", "people"), areHere(people))
}

func areHere(people int64) string {
	if people == 1 {
		return "1 is"
	}
	return Number(people) + " are"
}

// substituteWords say what each kind of substitute notice is.
var substituteWords = map[TaskKind]string{
	TaskWeb:        "put the notice on the web site",
	TaskMedia:      "give the notice to the media",
	TaskSubstitute: "give notice in another way than by letter",
}

func substituteKinds(s *jurisdiction.Substitute) (kinds []TaskKind) {
	if s.Web {
		kinds = append(kinds, TaskWeb)
	}
	if s.Media {
		kinds = append(kinds, TaskMedia)
	}
	if len(kinds) == 0 {
		kinds = append(kinds, TaskSubstitute)
	}
	return kinds
}

// substituteWhen says on what condition substitute notice is asked for. Only
// the number of people is known here: what letters would cost, and whom none
// can reach, is not.
func substituteWhen(s *jurisdiction.Substitute, n Affected) string {
	var b strings.Builder
	if s.Where != "" {
		b.WriteString(s.Where + "; ")
	}
	fmt.Fprintf(&b, "%s here, %s of them without an accepted notice or a letter", areHere(n.People), Number(n.Untold))
	switch {
	case s.From == 0 || n.People < s.From:
		b.WriteString("; otherwise only for those whom no letter can reach, which is not known here")
	case n.Untold == 0:
		b.WriteString("; nobody is left for it")
	}
	if s.Choice {
		b.WriteString("; the law data leave a choice of what to do")
	}
	return b.String()
}
