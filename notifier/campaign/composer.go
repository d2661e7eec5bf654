package campaign

import (
	"time"

	"breachmail/notifier"
	"breachmail/notifier/notice"
)

// composer makes messages. Where campaign.yaml names no notice_date, a notice
// bears the day it leaves.
type composer struct {
	c    *Campaign
	base *notice.Notice // for envelopes, and for all days where the date is fixed
}

func newComposer(c *Campaign) (*composer, error) {
	base, err := c.compile(time.Now(), false)
	return &composer{c, base}, err
}

// Compose returns the message for r with the given Date, as it may leave: the
// guard has looked at it. What that finds is a *notice.GuardError.
func (p *composer) Compose(r *notifier.Recipient, date time.Time) ([]byte, notifier.Digest, error) {
	n, err := p.on(date)
	if err != nil {
		return nil, notifier.Digest{}, err
	}
	m, err := n.Compose(r, date)
	if err != nil {
		return nil, notifier.Digest{}, err
	}
	return m.Bytes, m.Digest, n.Guard(r, n.Envelope(r), m)
}

// Envelope returns what SMTP is told about r's notice.
func (p *composer) Envelope(r *notifier.Recipient) notifier.Envelope { return p.base.Envelope(r) }

// on returns the notice of a day.
func (p *composer) on(date time.Time) (*notice.Notice, error) {
	if !p.c.Config.Incident.NoticeDate.IsZero() {
		return p.base, nil
	}
	return p.c.compile(date, false)
}
