package campaign

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"breachmail/notifier/ledger"
)

// DoneOptions tell what was done outside.
type DoneOptions struct {
	Task    string // its name, as Tasks has it
	On      string // the day, as 2018-08-30
	Proof   string // a file that proves it
	Because string // a note; without a proof: why there is none
}

// Tasks lists what the law data ask for beside the notices, where the people of
// this campaign live, what is owed and not done first. It works while another
// process sends.
func (c *Campaign) Tasks(ctx context.Context) ([]Task, error) {
	r, err := c.reader(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	return c.readTasks(ctx, r)
}

func (c *Campaign) readTasks(ctx context.Context, r ledger.Reader) ([]Task, error) {
	people, err := affected(ctx, r)
	if err != nil {
		return nil, err
	}
	recorded, err := r.DoneTasks(ctx)
	done := make([]TaskDone, len(recorded))
	for i, d := range recorded {
		done[i] = TaskDone(d)
	}
	return c.tasks(people, done), err
}

// affected counts people by state.
func affected(ctx context.Context, r ledger.Reader) (map[string]Affected, error) {
	people := map[string]Affected{}
	err := r.Cases(ctx, func(p ledger.Case) error {
		n := people[p.Recipient.State]
		n.add(&p)
		people[p.Recipient.State] = n
		return ctx.Err()
	})
	return people, err
}

// Done records that a task was done. Recorded once more, the later one counts,
// and the earlier one stays in the evidence. It returns the task as it stands
// then, and the head of the evidence.
func (c *Campaign) Done(ctx context.Context, o DoneOptions) (*Task, string, error) {
	if err := c.checkDay(o.On); err != nil {
		return nil, "", err
	}
	if err := sayable("--because", o.Because); err != nil {
		return nil, "", err
	}
	if o.Proof == "" && o.Because == "" {
		return nil, "", hint(fmt.Errorf("%w: done without a proof", ErrUsage), "name a file that proves it with --proof; where there is none, say why with --because")
	}
	proof, err := proofFile(o.Proof, "what proves it: a picture of the web page, the filing's receipt, the media's confirmation")
	if err != nil {
		return nil, "", err
	}
	store, end, err := c.afterwards(ctx, "done")
	if err != nil {
		return nil, "", err
	}
	defer end()
	before, err := c.readTasks(ctx, store)
	if err != nil {
		return nil, "", err
	}
	at := slices.IndexFunc(before, func(t Task) bool { return strings.EqualFold(t.Name, o.Task) })
	if at < 0 {
		return nil, "", c.noTask(o.Task, before)
	}
	done := ledger.Done{Task: before[at].Name, On: o.On, Proof: proof, Note: o.Because, At: time.Now()}
	err = store.Done(ctx, done)
	if err = errors.Join(err, c.moor(context.WithoutCancel(ctx), store)); err != nil {
		return nil, "", err
	}
	after, err := c.readTasks(ctx, store)
	if err != nil {
		return nil, "", err
	}
	_, head, err := store.Head(ctx)
	at = slices.IndexFunc(after, func(t Task) bool { return t.Name == done.Task })
	return &after[at], head.String(), err
}

// noTask says that there is no task of that name, and which there are.
func (c *Campaign) noTask(name string, tasks []Task) error {
	names := make([]string, len(tasks))
	for i := range tasks {
		names[i] = tasks[i].Name
	}
	slices.Sort(names)
	if len(names) == 0 {
		return hint(fmt.Errorf("%w: there is no task %q, nor any other", ErrUsage, name), "tasks come from the law data of the states where people live: %s", c.Command("law"))
	}
	return hint(fmt.Errorf("%w: there is no task %q", ErrUsage, name), "tasks: %s (what they are: %s)", strings.Join(names, " "), c.Command("done"))
}
