package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"breachmail/notifier"
	"breachmail/notifier/campaign"
)

// showFlags are the flags of show.
type showFlags struct {
	file   string
	reveal bool
	eml    bool
}

func newShow(a *app) *cobra.Command {
	var o showFlags
	c := &cobra.Command{
		Use:   "show WHO...",
		Short: "Say what became of one person's notice",
		Long: `Says what was planned for a person, under which approval, where their notice
stands, and every attempt: when, through which relay, with which reply, which
wording, and the digest of the bytes. It works while another process sends.

WHO is an address, a phone number, an account number, the reference in the
notice (7K3FQ-9QXPA), a key, or a Message-ID; spaces, hyphens and case do not
matter. What can be several of these is looked up as each. People are not found
by name. --file has one a line; "-" is standard input, which keeps them out of
the shell's history. Values are masked without --reveal.

--eml makes the message that left again, compares its digest with the one in the
evidence, and with --reveal prints it to stdout.`,
		Example: example(`  breachmail -C aug-2018 show 7K3FQ-9QXPA
  breachmail -C aug-2018 show --file asked.txt --json
  breachmail -C aug-2018 show --eml --reveal 7K3FQ-9QXPA > notice.eml`, 0, 1, 5, 10, 64),
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runShow(cmd.Context(), a, args, o)
		},
	}
	c.Flags().StringVar(&o.file, "file", "", "also who stands in `FILE`, one a line; empty lines and those with # are skipped")
	c.Flags().BoolVar(&o.reveal, "reveal", false, "show personal values in clear")
	c.Flags().BoolVar(&o.eml, "eml", false, "make the one person's message again, and compare its digest with the evidence")
	a.jsonFlag(c)
	return c
}

func runShow(ctx context.Context, a *app, args []string, o showFlags) error {
	who, labels, err := askedFor(a.in, args, o.file)
	if err != nil {
		return err
	}
	c, err := a.open()
	if err != nil {
		return err
	}
	s, err := c.Show(ctx, campaign.ShowOptions{Who: who, Reveal: o.reveal, Remake: o.eml})
	if err != nil {
		return err
	}
	switch {
	case a.json:
		return a.object(s)
	case o.eml:
		return printMessage(a, c, s.People[0].Message)
	}
	printShown(a.out, s, labels)
	return nil
}

// askedFor returns who is asked for, the arguments first, and how each is called on
// the screen: they are personal.
func askedFor(in io.Reader, args []string, file string) (who []notifier.Cell, labels []string, err error) {
	for i, arg := range args {
		who = append(who, notifier.NewCell(arg))
		labels = append(labels, fmt.Sprintf("argument %d", i+1))
	}
	if file != "" {
		name := file
		if file == "-" {
			name = "standard input"
		} else {
			f, err := os.Open(file)
			if err != nil {
				return nil, nil, err
			}
			defer func() { _ = f.Close() }() // it was only read
			in = f
		}
		lines := bufio.NewScanner(in)
		for n := 1; lines.Scan(); n++ {
			line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
			if line != "" && line[0] != '#' {
				who = append(who, notifier.NewCell(line))
				labels = append(labels, fmt.Sprintf("%s:%d", name, n))
			}
		}
		if err := lines.Err(); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if len(who) == 0 {
		return nil, nil, &campaign.Hinted{
			Err:  fmt.Errorf("%w: nobody is named", campaign.ErrUsage),
			Hint: "name an address, phone number, account number, reference or key, or a file of them with --file",
		}
	}
	return who, labels, nil
}

// printMessage prints a message that was made again, and that it is the one.
func printMessage(a *app, c *campaign.Campaign, m *campaign.Message) error {
	if m == nil {
		return errors.New("no message was made")
	}
	if m.EML != nil {
		if _, err := io.WriteString(a.out, *m.EML); err != nil {
			return err
		}
	}
	fmt.Fprintf(a.err, "these are the bytes that evidence row %d has the digest of:\nSHA-256 %s\n", m.Row, m.Digest)
	if m.EML == nil {
		fmt.Fprintln(a.err, "They hold personal data; to print them: "+c.Command("show --eml --reveal WHO"))
	}
	return nil
}
