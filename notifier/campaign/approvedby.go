package campaign

import (
	"context"
	"slices"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// naming is what a Message-ID is made of beside the key.
type naming struct{ campaign, host string }

// approved tells under which approvals somebody was sent to, or else of the newest
// that lists their batch, and by which Message-ID their notice is known.
func (t *teller) approved(ctx context.Context, p *Person) error {
	if t.approvals == nil {
		list, err := t.c.endorsements(ctx, t.r)
		if err != nil {
			return err
		}
		t.approvals = append([]endorsement{}, list...)
	}
	rows := map[int64]bool{}
	for _, a := range p.Attempts {
		rows[a.Approval] = true
	}
	if len(rows) == 0 {
		for _, e := range slices.Backward(t.approvals) {
			if _, lists := e.Lists[p.Batch]; lists {
				rows[e.Seq] = true
				break
			}
		}
	}
	n := naming{t.c.Config.Campaign, t.c.Config.Sender.Hostname}
	for i := range t.approvals {
		e := &t.approvals[i]
		if !rows[e.Seq] {
			continue
		}
		by := ApprovedBy{Row: e.Seq, By: e.By, At: e.At, Code: e.Code}
		if e.wrong != nil {
			by.Wrong = e.wrong.Error()
		}
		p.Approvals = append(p.Approvals, by)
		if len(p.Attempts) > 0 {
			n = t.naming(ctx, &e.Approval, n)
		}
	}
	if p.Channel == string(notifier.Email) {
		p.MessageID = "<" + n.campaign + "." + p.Key + "@" + n.host + ">"
	}
	return nil
}

// naming returns what an approved campaign.yaml says of Message-IDs: the file may
// say something else by now. Where it was not kept, as by older versions, or is
// damaged, otherwise stands.
func (t *teller) naming(ctx context.Context, a *ledger.Approval, otherwise naming) naming {
	if n, known := t.names[a.Seq]; known {
		return n
	}
	n := otherwise
	if digest, ok := notifier.ParseDigest(a.Config); ok {
		if text, ok, err := t.r.Content(ctx, digest); err == nil && ok {
			if config, err := ParseConfig(ConfigFile, text); err == nil {
				n = naming{config.Campaign, config.Sender.Hostname}
			}
		}
	}
	t.names[a.Seq] = n
	return n
}
