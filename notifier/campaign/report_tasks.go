package campaign

import (
	"context"
	"strings"

	"breachmail/notifier/report"
)

// addTasks says what is to be done outside of breachmail, and what of it was.
func (f *reporter) addTasks(ctx context.Context, p *report.Case) error {
	recorded, err := f.r.DoneTasks(ctx)
	if err != nil {
		return err
	}
	done := make([]TaskDone, len(recorded))
	for i, d := range recorded {
		done[i] = TaskDone{Task: d.Task, On: d.On, Proof: d.Proof, Note: d.Note, Seq: d.Seq, At: d.At}
	}
	people := map[string]Affected{}
	for _, s := range f.tally.States() {
		people[s.State] = Affected{People: s.People, Untold: s.People - s.ByEmail() - s.ByPost()}
	}
	for _, t := range f.c.tasks(people, done) {
		task := report.Task{
			Name: t.Name, What: t.What, State: t.State, By: t.By, When: t.When, Owed: t.Owed,
			Source: strings.TrimSuffix(t.Source+", "+t.Read, ", "),
		}
		if d := t.Done; d != nil {
			task.Done, task.Proof, task.Note, task.Row = d.On, d.Proof, d.Note, d.Seq
		}
		p.Tasks = append(p.Tasks, task)
	}
	return nil
}
