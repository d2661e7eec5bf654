package campaign

import (
	"errors"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/notice"
)

// halting is a composer for which a finding of the guard halts the run.
type halting struct{ *composer }

// Compose returns the message for r.
func (h halting) Compose(r *notifier.Recipient, date time.Time) ([]byte, notifier.Digest, error) {
	content, digest, err := h.composer.Compose(r, date)
	return content, digest, asHalt(err)
}

// finding is what the guard found, as package send wants to have it.
type finding struct{ *notice.GuardError }

// Halt is the reason of the halt. It names the key, and nothing personal.
func (f finding) Halt() string { return f.Error() }

func asHalt(err error) error {
	var guard *notice.GuardError
	if errors.As(err, &guard) {
		return finding{guard}
	}
	return err
}
