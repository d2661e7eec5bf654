package campaign

import (
	"context"
	"errors"
	"fmt"

	"breachmail/notifier/ledger"
	"breachmail/notifier/report"
	"breachmail/notifier/review"
)

// contents returns what an approval binds, by name. What an older version
// approved has no contents.
func contents(ctx context.Context, r ledger.Reader, a *ledger.Approval) ([]review.Item, error) {
	items, ok := itemsOf(a)
	if !ok {
		return nil, nil // then the approval does not count
	}
	for i := range items {
		b, kept, err := r.Content(ctx, items[i].Digest)
		if err != nil {
			return nil, err
		}
		if !kept && a.Config != "" {
			return nil, orLost(nil, items[i].Name)
		}
		items[i].Content = b
	}
	return items, nil
}

// differences says how what stands now differs from an approval: file by file,
// and in how many recipients.
func (c *Campaign) differences(ctx context.Context, r ledger.Reader, a ledger.Approval, t *text, batches []ledger.Batch) ([]string, error) {
	var out []string
	items, err := contents(ctx, r, &a)
	if errors.Is(err, ErrDamaged) {
		out = append(out, err.Error())
		items, _ = itemsOf(&a)
	} else if err != nil {
		return nil, err
	}
	groups, err := r.Groups(ctx)
	if err != nil {
		return nil, err
	}
	people := peopleOf(groups)
	out = append(out, review.Differences(items, t.items)...)
	if n := review.Touched(items, t.items, peopleByVariant(reached(groups))); n > 0 {
		out = append(out, "so the notices of "+Many(n, "person", "people")+" would not be those that were approved")
	}
	for _, b := range batches {
		was, is := a.People[b.Number], people[b.Number]
		switch list, known := a.Lists[b.Number]; {
		case !known:
			out = append(out, fmt.Sprintf("batch %d was planned after the approval: %s", b.Number, peopleWords(is)))
		case list != b.Digest.String() && was == (ledger.Recipients{}):
			out = append(out, fmt.Sprintf("the list of recipients of batch %d was changed: now %s", b.Number, peopleWords(is)))
		case list != b.Digest.String():
			out = append(out, fmt.Sprintf("the list of recipients of batch %d was changed: approved were %s, now %s", b.Number, peopleWords(was), peopleWords(is)))
		}
	}
	if len(out) == 0 {
		out = append(out, "the list of recipients is not the one that was planned")
	}
	return out, nil
}

// peopleWords writes "1,234 recipients (1,200 by email, 34 by post)".
func peopleWords(n ledger.Recipients) string {
	return fmt.Sprintf("%s (%s by email, %s by post)", report.Many(n.Total, "recipient", "recipients"), report.Number(n.Email), report.Number(n.Postal))
}
