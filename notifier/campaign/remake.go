package campaign

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing/fstest"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
	"breachmail/notifier/ledger"
)

// asApproved returns the campaign as it was when an approval was recorded, made
// from what the ledger keeps of it: its files may have changed since. It is an
// error where an older version of breachmail recorded the approval, and where
// what is kept is not what was approved.
func (c *Campaign) asApproved(ctx context.Context, r ledger.Reader, a *ledger.Approval) (*Campaign, error) {
	items, err := contents(ctx, r, a)
	if err != nil {
		return nil, err
	}
	digest, ok := notifier.ParseDigest(a.Config)
	if !ok {
		return nil, fmt.Errorf("the approval in evidence row %d keeps no texts: an older version of breachmail recorded it", a.Seq)
	}
	old := &Campaign{Dir: c.Dir, Log: slog.New(slog.DiscardHandler), templates: fstest.MapFS{}}
	if old.config, ok, err = r.Content(ctx, digest); err != nil || !ok {
		return nil, orLost(err, ConfigFile)
	}
	for _, it := range items {
		if it.Content == nil {
			return nil, orLost(nil, it.Name)
		}
		if name, ok := strings.CutPrefix(it.Name, templatesDir+"/"); ok {
			old.templates[name] = &fstest.MapFile{Data: it.Content, Mode: 0o444}
		}
		if it.Name == lawFile {
			old.law = it.Content
		}
	}
	if old.Config, err = ParseConfig(ConfigFile, old.config); err != nil {
		return nil, err
	}
	old.Law, err = jurisdiction.Parse(lawFile, old.law)
	return old, err
}

func orLost(err error, what string) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("%w: the ledger no longer keeps %s as it was approved", ErrDamaged, what)
}

// remake makes the bytes of an attempt's message again, from what was approved
// and the recipient's own row, and reports whether they are those that left.
func (c *Campaign) remake(ctx context.Context, r ledger.Reader, to *notifier.Recipient, attempt *notifier.Outcome) (message []byte, same bool, err error) {
	approvals, err := r.Approvals(ctx)
	if err != nil {
		return nil, false, err
	}
	for i := range approvals {
		if approvals[i].Seq != attempt.Claim.Approval {
			continue
		}
		old, err := c.asApproved(ctx, r, &approvals[i])
		if err != nil {
			return nil, false, err
		}
		notices, err := newComposer(old)
		if err != nil {
			return nil, false, err
		}
		message, digest, err := notices.Compose(to, attempt.Claim.At)
		return message, digest == attempt.Digest, err
	}
	return nil, false, fmt.Errorf("%w: there is no approval in evidence row %d", ErrDamaged, attempt.Claim.Approval)
}
