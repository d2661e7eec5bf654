package demo

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"breachmail/notifier/campaign"
)

// bounce has some notices come back, and takes the bounces in.
func (s *story) bounce(ctx context.Context) error {
	box, err := s.relay.sendBack(filepath.Join(s.home, "bounces"))
	if err != nil {
		return err
	}
	t, err := s.c.Bounces(ctx, campaign.BouncesOptions{Sources: []string{box}})
	if err != nil {
		return err
	}
	if t.Bounced != back {
		return fmt.Errorf("%d of %d bounces were taken in", t.Bounced, back)
	}
	s.say("hours later %d notices came back, and were matched by the key in their return path: these people are owed a letter", t.Bounced)
	return nil
}

// write has the letters written, and records that the mail house sent them.
func (s *story) write(ctx context.Context) error {
	l, err := s.c.Letters(ctx, campaign.LettersOptions{})
	if err != nil {
		return err
	}
	receipt := filepath.Join(s.home, "receipt.txt")
	if err := os.WriteFile(receipt, []byte("received for the post\n"), 0o600); err != nil {
		return err
	}
	m, err := s.c.Mailed(ctx, campaign.MailedOptions{File: l.File, On: time.Now().Format(time.DateOnly), Proof: receipt})
	if err != nil {
		return err
	}
	s.say("letters were listed for the mail house, with the letter's text; it sent %d, which is evidence", m.People)
	return nil
}

// report writes the report.
func (s *story) report(ctx context.Context) error {
	r, err := s.c.Report(ctx, campaign.ReportOptions{Version: "demo"})
	if err != nil {
		return err
	}
	s.say("the report says it all to executives, regulators and auditors: nobody is untold, and the head of the evidence is %s", r.Evidence.Head[:12])
	return nil
}
