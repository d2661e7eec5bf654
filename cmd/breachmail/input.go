package main

import (
	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

// inputFlags adds to a verb what says how exports are read.
func (a *app) inputFlags(c *cobra.Command) *campaign.Input {
	in := &campaign.Input{Stdin: a.in}
	f := c.Flags()
	f.StringVar(&in.Encoding, "encoding", "", "how the exports are encoded, by `NAME`; without it, found by looking")
	f.StringVar(&in.Identity, "identity", "", "decrypt with the age identities in `FILE` (mode 0600)")
	f.StringArrayVar(&in.AlreadyTold, "already-told", nil, "leave out who is in `FILE`, or whom the campaign in that folder told")
	f.StringArrayVar(&in.NoEmail, "no-email", nil, "tell by post who is in `FILE`")
	return in
}

// inputHelp is what check and plan say of the exports they take.
const inputHelp = `
An EXPORT is a file, a folder of files, or - for standard input: text with a
line of headers, separated by commas, semicolons, tabs or bars, as it is or
packed with gzip, zstd or zip, or encrypted with age. The FILE of --already-told
and --no-email has addresses or account numbers, one a line or under a header;
both flags may be repeated.`
