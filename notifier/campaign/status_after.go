package campaign

import (
	"context"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// BouncesStatus counts what came back about notices.
type BouncesStatus struct {
	Hard        int64      `json:"hard"`
	Soft        int64      `json:"soft"`
	Complaints  int64      `json:"complaints"`
	AutoReplies int64      `json:"auto_replies"`
	Read        *time.Time `json:"read"` // when it was last looked for; null: never
}

// LettersStatus counts people who are to be told by post.
type LettersStatus struct {
	Due    int64 `json:"due"`    // postal, refused and bounced; everybody with email.also_postal
	Listed int64 `json:"listed"` // on a list of letters
	Told   int64 `json:"told"`   // of Listed, those whose letter was sent
	Untold int64 `json:"untold"` // of Due, those whose letter was not
}

// afterSending reads what came after the relay took the notices.
func (c *Campaign) afterSending(ctx context.Context, r ledger.Reader, s *Status) error {
	came, err := r.Came(ctx)
	if err != nil {
		return err
	}
	s.Bounces = BouncesStatus{Hard: came.Hard, Soft: came.Soft, Complaints: came.Complaints, AutoReplies: came.AutoReplies}
	if !came.Read.IsZero() {
		read := came.Read.UTC()
		s.Bounces.Read = &read
	}
	t, err := r.LetterTotals(ctx)
	if err != nil {
		return err
	}
	if s.AlsoPostal, err = c.alsoPostal(ctx, r); err != nil {
		return err
	}
	s.Letters = s.letters(t, s.AlsoPostal)
	return nil
}

// alsoPostal reports whether everybody is owed a letter: as campaign.yaml says, or as
// it said when it was approved last.
func (c *Campaign) alsoPostal(ctx context.Context, r ledger.Reader) (bool, error) {
	if c.Config.Email.AlsoPostal {
		return true, nil
	}
	old, err := approvedConfig(ctx, r)
	return old != nil && old.Email.AlsoPostal, err
}

// approvedConfig is campaign.yaml as it was approved last, nil where nothing was, or
// where an older version recorded it.
func approvedConfig(ctx context.Context, r ledger.Reader) (*Config, error) {
	approvals, err := r.Approvals(ctx)
	if err != nil || len(approvals) == 0 {
		return nil, err
	}
	last := &approvals[len(approvals)-1]
	digest, ok := notifier.ParseDigest(last.Config)
	if !ok || last.Altered {
		return nil, nil
	}
	text, ok, err := r.Content(ctx, digest)
	if err != nil || !ok {
		return nil, nil // verify says so
	}
	old, err := ParseConfig(ConfigFile, text)
	if err != nil {
		return nil, nil // of a version that knew other keys
	}
	return old, nil
}

// letters counts whom a letter is owed.
func (s *Status) letters(t ledger.LetterTotals, alsoPostal bool) LettersStatus {
	l := LettersStatus{Due: s.Recipients.Postal + s.Notices.Refused + s.Notices.Bounced, Listed: t.Listed, Told: t.Told}
	l.Untold = l.Due - t.ToldDue
	if alsoPostal {
		l.Due = s.Recipients.Total
		l.Untold = l.Due - t.Told
	}
	return l
}
