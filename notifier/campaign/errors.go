package campaign

import (
	"errors"
	"fmt"
	"strings"

	"breachmail/notifier/ledger"
	"breachmail/notifier/ledger/sqlite"
)

// What a verb can end with besides success and plain errors. Each has its exit
// code in the command's table.
var (
	// ErrUnknown: nothing is left to send but what a person has to decide.
	ErrUnknown = errors.New("unknown recipients wait for a decision")
	// ErrGate: a gate is closed.
	ErrGate = errors.New("stopped at a gate")
	// ErrNothingPlanned: there are no recipients.
	ErrNothingPlanned = errors.New("nothing is planned yet")
	// ErrLocked: another process has the campaign.
	ErrLocked = errors.New("another process has this campaign")
	// ErrNotApproved: no approval covers what would be sent.
	ErrNotApproved = errors.New("not approved")
	// ErrHalted: the breaker stopped the campaign.
	ErrHalted = errors.New("halted")
	// ErrInterrupted: a signal stopped the run; it can be resumed.
	ErrInterrupted = errors.New("interrupted")
	// ErrDamaged: what the ledger holds contradicts itself.
	ErrDamaged = ledger.ErrDamaged
	// ErrOlder: this ledger is a copy, or older than one that was used already.
	ErrOlder = errors.New("this ledger is not the one that was used last")
	// ErrOtherHistory: the evidence has no row with a head that was written down.
	ErrOtherHistory = ledger.ErrOtherHistory
	// ErrPurged: the personal data that it would take is gone.
	ErrPurged = ledger.ErrPurged
	// ErrUsage: the command line asks for something there is not.
	ErrUsage = errors.New("wrong usage")
)

// InWords says of a failure of the ledger's file what it means and what to do, where
// that was not said yet.
func InWords(err error) error { return sqlite.InWords(err) }

// Hinted is an error with what to do about it.
type Hinted struct {
	Err  error
	Hint string
}

// Error returns the error without the hint.
func (h *Hinted) Error() string { return h.Err.Error() }

// Unwrap returns the error.
func (h *Hinted) Unwrap() error { return h.Err }

// hint puts what to do beside an error.
func hint(err error, format string, args ...any) error {
	return &Hinted{Err: err, Hint: fmt.Sprintf(format, args...)}
}

// CommandIn is the command line that runs a verb on the campaign in dir.
func CommandIn(dir, verb string) string {
	if dir == "." {
		return "breachmail " + verb
	}
	return "breachmail -C " + quote(dir) + " " + verb
}

// Command is the command line that runs a verb on c.
func (c *Campaign) Command(verb string) string { return CommandIn(c.Dir, verb) }

// quote makes s one word for a shell.
func quote(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./", r)
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
