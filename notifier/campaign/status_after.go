package campaign

import (
	"context"
	"time"

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
	s.Letters = s.letters(t, c.Config.Email.AlsoPostal)
	return nil
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
