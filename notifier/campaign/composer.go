package campaign

import (
	"sync"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/notice"
)

// composer makes messages. Where campaign.yaml names no notice_date, a notice
// bears the day it leaves, and each day has its own compiled templates.
type composer struct {
	c    *Campaign
	base *notice.Notice // for envelopes, and for all days where the date is fixed

	mu   sync.Mutex
	days map[string]*notice.Notice
}

func newComposer(c *Campaign) (*composer, error) {
	base, err := c.compile(time.Now(), false)
	return &composer{c: c, base: base, days: map[string]*notice.Notice{}}, err
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
	day := date.Format(time.DateOnly)
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := p.days[day]; n != nil {
		return n, nil
	}
	n, err := p.c.compile(date, false)
	if err == nil {
		p.days[day] = n
	}
	return n, err
}
