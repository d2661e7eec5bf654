package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"breachmail/notifier/campaign"
)

// streams are where a verb reads and writes, and what it hears of besides.
type streams struct {
	in       io.Reader
	out, err io.Writer
	hangups  *hangups // nil: none come
}

// terminal reports whether what people read goes to a terminal.
func (s streams) terminal() bool {
	f, ok := s.err.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// app is what every verb is given.
type app struct {
	streams
	abort context.Context // ends with the second signal
	dir   string
	json  bool
}

// run runs the command line and returns its exit code.
func run(ctx, abort context.Context, args []string, s streams) int {
	a := &app{streams: s, abort: abort}
	root := newRoot(a)
	root.SetArgs(args)
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	err := root.ExecuteContext(ctx)
	if errors.Is(err, context.Canceled) && !errors.Is(err, campaign.ErrInterrupted) {
		err = campaign.ErrInterrupted
	}
	err = campaign.InWords(err)
	if err != nil {
		fmt.Fprint(s.err, explain(err))
	}
	return exitCode(err)
}

// Verbs are listed in the order of the work.
func init() { cobra.EnableCommandSorting = false }

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "breachmail",
		Short: "Tell everyone affected by a data breach, by email, once each, and prove it",
		Long: `Breachmail tells the people affected by a data breach, by email, once each,
and can prove it. A campaign is a directory; its verbs, in the order of the work:

  init  ►  check  ►  plan  ►  preview  ►  approve  ►  send  ►  status

Killed at any moment, it goes on with "resume" without losing or repeating
anyone. Try the whole story on made-up accounts: breachmail demo`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.PersistentFlags().StringVarP(&a.dir, "campaign", "C", ".", "the campaign `DIR`ectory")
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return &campaign.Hinted{
			Err:  fmt.Errorf("%w: %w", campaign.ErrUsage, err),
			Hint: "see its flags with: " + c.CommandPath() + " --help",
		}
	})
	root.SetHelpCommand(newHelp())
	root.AddCommand(
		newInit(a), newCheck(a), newPlan(a), newPreview(a), newApprove(a), newTest(a), newSend(a), newResume(a),
		newRelease(a), newStatus(a), newShow(a), newReconcile(a), newBounces(a), newLetters(a), newDone(a), newReport(a), newVerify(a), newBackup(a), newPurge(a), newTemplate(a), newLaw(a), newDemo(a), newVersion(a),
	)
	checkArgs(root.Commands())
	root.Args = unknownVerb
	return root
}

// newHelp is cobra's help, except that help for what is no verb is wrong usage.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [VERB]",
		Short: "Explain a verb",
		RunE: func(cmd *cobra.Command, args []string) error {
			verb, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return unknownVerb(cmd.Root(), args)
			}
			return verb.Help()
		},
	}
}

// unknownVerb refuses what is not a verb, and names the ones it might be.
func unknownVerb(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := fmt.Errorf("%w: there is no verb %q", campaign.ErrUsage, args[0])
	hint := "see them all with: breachmail --help"
	cmd.SuggestionsMinimumDistance = 2
	if like := cmd.SuggestionsFor(args[0]); len(like) > 0 {
		hint = "did you mean: breachmail " + strings.Join(like, ", breachmail ")
	}
	return &campaign.Hinted{Err: err, Hint: hint}
}

func checkArgs(verbs []*cobra.Command) {
	for _, c := range verbs {
		c.Args = usageArgs(c.Args)
		checkArgs(c.Commands())
	}
}

// usageArgs makes wrong arguments wrong usage.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if check(cmd, args) == nil {
			return nil
		}
		return &campaign.Hinted{
			Err:  fmt.Errorf("%w: %s with %s", campaign.ErrUsage, cmd.Name(), many(int64(len(args)), "argument", "arguments")),
			Hint: "it is written: " + strings.TrimSuffix(cmd.UseLine(), " [flags]") + " (more with: " + cmd.CommandPath() + " --help)",
		}
	}
}

// open reads the campaign named by -C.
func (a *app) open() (*campaign.Campaign, error) {
	c, err := campaign.Open(filepath.Clean(a.dir))
	if err != nil {
		return nil, err
	}
	c.Log = slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	return c, nil
}

// jsonFlag adds --json to a verb.
func (a *app) jsonFlag(c *cobra.Command) {
	c.Flags().BoolVar(&a.json, "json", false, "print one JSON object to stdout and nothing else there")
}

// words is where people are spoken to: stderr where stdout is for JSON.
func (a *app) words() io.Writer {
	if a.json {
		return a.err
	}
	return a.out
}

// object prints v when JSON was asked for.
func (a *app) object(v any) error {
	if !a.json {
		return nil
	}
	e := json.NewEncoder(a.out)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// example puts examples and exit codes into a verb's help.
func example(lines string, codes ...int) string {
	return lines + "\n\n" + strings.TrimRight(exitTable(codes...), "\n")
}
