package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"breachmail/notifier/campaign"
)

// exit is one line of the table of exit codes.
type exit struct {
	code  int
	is    error  // nil where no error leads here
	words string // empty where the line before says it
}

// exits is every code breachmail ends with. It is never 2, which is how a
// crashing Go program ends.
var exits = []exit{
	{0, nil, "all that may be sent has been; refused ones are said in words"},
	{1, nil, "error"},
	{3, campaign.ErrUnknown, "unknown recipients wait for a decision"},
	{4, campaign.ErrGate, "stopped at a gate or hold"},
	{5, campaign.ErrDamaged, "the ledger is damaged, or verify failed"},
	{5, campaign.ErrOtherHistory, ""},
	{10, campaign.ErrNothingPlanned, "nothing planned"},
	{11, campaign.ErrLocked, "another process has the campaign"},
	{12, campaign.ErrNotApproved, "not approved, or changed since"},
	{13, campaign.ErrHalted, "halted by breaker or guard"},
	{14, campaign.ErrOlder, "this ledger is older than one that was used already"},
	{64, campaign.ErrUsage, "wrong usage"},
	{130, campaign.ErrInterrupted, "interrupted, resumable"},
}

// exitCode returns the code an error leads to.
func exitCode(err error) int {
	if err == nil {
		return 0
	}
	for _, e := range exits {
		if e.is != nil && errors.Is(err, e.is) {
			return e.code
		}
	}
	return 1
}

// exitTable is the part of a help text that explains the given codes. Of a verb
// that sends nothing, 0 says no more than that it is done.
func exitTable(codes ...int) string {
	var b strings.Builder
	b.WriteString("Exit codes:\n")
	for _, e := range exits {
		for _, c := range codes {
			if c != e.code || e.words == "" {
				continue
			}
			words := e.words
			if c == 0 && !slices.Contains(codes, 3) {
				words = "done"
			}
			fmt.Fprintf(&b, "  %3d  %s\n", e.code, words)
		}
	}
	return b.String()
}

// explain returns what is said of an error: what failed, then a hint.
func explain(err error) string {
	s := "breachmail: " + err.Error() + "\n"
	var h *campaign.Hinted
	if errors.As(err, &h) {
		s += "hint: " + h.Hint + "\n"
	}
	return s
}
