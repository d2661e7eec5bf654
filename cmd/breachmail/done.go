package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

// doneFlags are the flags of done.
type doneFlags struct {
	all bool
	opt campaign.DoneOptions
}

func newDone(a *app) *cobra.Command {
	var o doneFlags
	c := &cobra.Command{
		Use:   "done [TASK]",
		Short: "List what the law asks for beside the notices, and record it as done",
		Long: `Lists what the law data ask for where people live beside the notices: regulators
and credit bureaus to be told, and substitute notice on the web site and in the
media, where letters cannot reach people or they are too many. What is owed by
the numbers that are known comes first. Counsel decides what is.

With a TASK, such as regulator-MD, it records that this was done, with the digest
of a file that proves it. Recorded once more, the later record counts; the earlier
one stays in the evidence.`,
		Example: example(`  breachmail -C aug-2018 done
  breachmail -C aug-2018 done regulator-MD --on 2018-08-24 --proof filing.pdf`, 0, 1, 5, 10, 11, 14, 64, 130),
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.opt.Task = args[0]
			}
			return runDone(cmd.Context(), a, o)
		},
	}
	f := c.Flags()
	f.BoolVar(&o.all, "all", false, "say of every task what it is, also of those that are not owed")
	f.StringVar(&o.opt.On, "on", "", "the `DATE` on which it was done, as 2018-08-30")
	f.StringVar(&o.opt.Proof, "proof", "", "a `FILE` that proves it; its digest is kept")
	f.StringVar(&o.opt.Because, "because", "", "a note, or why there is no proof: `TEXT`")
	a.jsonFlag(c)
	return c
}

func (o *doneFlags) check() error {
	const written = "it is written: breachmail done TASK --on DATE --proof FILE"
	wrong := func(what string) error {
		return &campaign.Hinted{Err: fmt.Errorf("%w: %s", campaign.ErrUsage, what), Hint: written}
	}
	d := &o.opt
	switch {
	case d.Task == "" && (d.On != "" || d.Proof != "" || d.Because != ""):
		return wrong("done without a task")
	case d.Task != "" && d.On == "":
		return wrong("done without --on")
	case d.Task != "" && o.all:
		return wrong("--all lists tasks, and goes with none")
	}
	return nil
}

func runDone(ctx context.Context, a *app, o doneFlags) error {
	if err := o.check(); err != nil {
		return err
	}
	c, err := a.open()
	if err != nil {
		return err
	}
	if o.opt.Task == "" {
		tasks, err := c.Tasks(ctx)
		if err != nil {
			return err
		}
		printTasks(a.words(), c, tasks, o.all)
		return a.object(map[string]any{"tasks": tasks})
	}
	task, head, err := c.Done(ctx, o.opt)
	if err != nil {
		return err
	}
	w := a.words()
	fmt.Fprintf(w, "%s is recorded as done on %s, in evidence row %d\n", task.Name, task.Done.On, task.Done.Seq)
	if !task.Owed {
		fmt.Fprintln(w, "by the numbers that are known it was not owed")
	}
	printHead(w, head)
	return a.object(map[string]any{"task": task, "head": head})
}

// printTasks lists tasks: what is owed and not done, what is done, and the names of
// those that may become owed, or with all everything about these too.
func printTasks(w io.Writer, c *campaign.Campaign, tasks []campaign.Task, all bool) {
	owed, may := 0, []string{}
	for i := range tasks {
		t := &tasks[i]
		switch {
		case t.Done == nil && t.Owed:
			if owed++; owed == 1 {
				fmt.Fprintln(w, "owed:")
			}
		case t.Done == nil:
			may = append(may, t.Name)
			if len(may) == 1 && all {
				fmt.Fprintln(w, "not owed by the numbers that are known:")
			}
			if !all {
				continue
			}
		case i == 0 || tasks[i-1].Done == nil:
			fmt.Fprintln(w, "done:")
		}
		printTask(w, t)
	}
	if owed == 0 {
		fmt.Fprintln(w, "nothing is owed that is not done, by the numbers that are known")
	}
	if len(may) > 0 && !all {
		fmt.Fprintln(w, "not owed by the numbers that are known (what they are: --all):")
		printWrapped(w, "  ", strings.Join(may, " "))
	}
	fmt.Fprintln(w, "This is what the law data say; counsel decides.")
	if owed > 0 {
		fmt.Fprintf(w, "Next: when one is done: %s\n", c.Command("done TASK --on DATE --proof FILE"))
	}
}

func printTask(w io.Writer, t *campaign.Task) {
	name := t.Name
	if t.Place != "" {
		name += ", " + t.Place
	}
	fmt.Fprintf(w, "  %s\n", name)
	printWrapped(w, "    ", t.What)
	if t.When != "" {
		printWrapped(w, "    ", "if: "+t.When)
	}
	if t.By != "" {
		printWrapped(w, "    ", "how and by when: "+t.By)
	}
	if t.Source != "" {
		printWrapped(w, "    ", "source: "+t.Source+", "+orElse(t.Read, "no date")+" ("+t.Sure+")")
	}
	if t.Done == nil {
		return
	}
	said := fmt.Sprintf("done on %s, evidence row %d", t.Done.On, t.Done.Seq)
	if t.Done.Proof != "" {
		said += ", proof " + cut12(t.Done.Proof)
	}
	if t.Done.Note != "" {
		said += ": " + t.Done.Note
	}
	printWrapped(w, "    ", said)
}

// printWrapped prints text in lines of at most 80 characters, those that
// go on two spaces deeper.
func printWrapped(w io.Writer, indent, text string) {
	line, fresh := indent, true
	for _, word := range strings.Fields(text) {
		if utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > 80 && !fresh {
			fmt.Fprintln(w, line)
			line = indent + "  "
			fresh = true
		}
		if !fresh {
			line += " "
		}
		fresh = false
		line += word
	}
	fmt.Fprintln(w, line)
}
