package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

// approveOptions are the flags of approve.
type approveOptions struct {
	campaign.ApproveOptions
}

// waiveFlag begins a waiver, reasonFlag gives the reason of those before it that
// have none.
type (
	waiveFlag  struct{ o *approveOptions }
	reasonFlag struct{ o *approveOptions }
)

func (f waiveFlag) String() string { return "" }
func (f waiveFlag) Type() string   { return "RULE[:STATE]" }

func (f waiveFlag) Set(s string) error {
	rule, state, _ := strings.Cut(s, ":")
	f.o.Waivers = append(f.o.Waivers, campaign.Waiver{Rule: rule, State: strings.ToUpper(state)})
	return nil
}

func (f reasonFlag) String() string { return "" }
func (f reasonFlag) Type() string   { return "TEXT" }

func (f reasonFlag) Set(s string) error {
	given := false
	for i := range f.o.Waivers {
		if w := &f.o.Waivers[i]; w.Reason == "" {
			w.Reason, given = s, true
		}
	}
	if !given || strings.TrimSpace(s) == "" {
		return errors.New("it gives the reason of the --waive before it")
	}
	return nil
}

// check is an error where a waiver has no reason.
func (o *approveOptions) check() error {
	for _, w := range o.Waivers {
		if w.Reason == "" {
			return &campaign.Hinted{
				Err:  fmt.Errorf("%w: --waive %s has no --reason behind it", campaign.ErrUsage, w.Rule),
				Hint: `write it as --waive RULE --reason "WHY", or --waive RULE:STATE --reason "WHY", as often as needed`,
			}
		}
	}
	return nil
}

func newApprove(a *app) *cobra.Command {
	var o approveOptions
	c := &cobra.Command{
		Use:   `approve --by "NAME, ROLE" --digest HEX`,
		Short: "Record that counsel agreed to what the preview shows",
		Long: `Records who agreed to the texts and lists that have the given approval code: at
least the first 12 digits of the code on the preview's first screen. Changed
texts, facts or lists need a new approval. While the preview shows a finding of
level error nothing can be approved, unless counsel waives it with --waive; the
reason is kept in the evidence. What would hurt or deceive readers cannot be
waived.

--proof records the SHA-256 of counsel's mail or signed document; keep the file.
--key signs the approval with an SSH key, so that "ssh-keygen -Y verify" alone can
check it years later; an encrypted key's passphrase is asked for at the terminal,
or stands in the environment as BREACHMAIL_KEY_PASSPHRASE. Where approvals.required
asks for several people, each of them approves the same code.`,
		Example: example(`  breachmail -C aug-2018 approve --by "Ana Ruiz, General Counsel" --digest 3f2a9c01b7de
  breachmail -C aug-2018 approve --by "Ana Ruiz, General Counsel" --digest 3f2a9c01b7de \
    --waive required-block:RI --reason "the number is not known yet; a second notice will say it"
  breachmail -C aug-2018 approve --by "Ana Ruiz, General Counsel" --digest 3f2a9c01b7de \
    --proof ana-ruiz.eml --key ~/.ssh/id_ed25519`, 0, 1, 5, 10, 11, 12, 64),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runApprove(cmd.Context(), a, o)
		},
	}
	c.Flags().StringVar(&o.By, "by", "", "who agreed: `\"NAME, ROLE\"`")
	c.Flags().StringVar(&o.Code, "digest", "", "the approval code on the preview page, at least its first 12 `HEX` digits")
	c.Flags().StringVar(&o.Proof, "proof", "", "the `FILE` with counsel's mail or signed document, for its SHA-256")
	c.Flags().StringVar(&o.Note, "note", "", "`TEXT` that goes on record with it")
	c.Flags().StringVar(&o.Key, "key", "", "the SSH key to sign with: the private `FILE`, or .pub of one in ssh-agent")
	c.Flags().Var(waiveFlag{&o}, "waive", "approve in spite of the findings of `RULE[:STATE]`; repeatable")
	c.Flags().Var(reasonFlag{&o}, "reason", "`TEXT` that says why, behind each --waive")
	return c
}

func runApprove(ctx context.Context, a *app, o approveOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	c, err := a.open()
	if err != nil {
		return err
	}
	o.Program, o.Passphrase = "breachmail "+buildVersion(), a.passphrase()
	got, err := c.Approve(ctx, o.ApproveOptions)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "approved by %s, on %s (%s)\n", got.By, got.At.Format("2006-01-02 15:04 MST"), signedWords(got.Key, got.Principal, got.Proof))
	fmt.Fprintf(a.out, "approval code: %s\n", got.Code)
	fmt.Fprintf(a.out, "it covers %s, and is evidence row %d\n", many(int64(len(got.Lists)), "batch", "batches"), got.Seq)
	printHead(a.out, got.Head)
	for _, w := range got.Waivers {
		fmt.Fprintf(a.out, "waived: %s: %s\n", w.Name(), w.Reason)
	}
	fmt.Fprintf(a.out, "what it says: %s\n", got.Statement)
	if got.Missing > 0 {
		fmt.Fprintf(a.out, "nothing can be sent yet: %s to approve the same code\n", many(int64(got.Missing), "other person has", "other people have"))
		return nil
	}
	fmt.Fprintln(a.out, "Next: "+c.Command("send"))
	return nil
}

// signedWords says what shows that an approval was given: the key's fingerprint
// and whose it is, where that is known, and the SHA-256 of the proof.
func signedWords(key, signer, proof string) string {
	var words []string
	switch {
	case key != "" && signer != "":
		words = append(words, "signed as "+signer+" with the key "+key)
	case key != "":
		words = append(words, "signed with the key "+key+", which no list of signers names")
	}
	if proof != "" {
		words = append(words, "proof with SHA-256 "+proof)
	}
	switch {
	case key != "":
	case proof != "":
		words = append(words, "not signed")
	default:
		return "asserted by the operator, not signed"
	}
	return strings.Join(words, ", ")
}
