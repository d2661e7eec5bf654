package notice

import (
	"fmt"
	"slices"
	"text/template/parse"

	"breachmail/notifier"
)

// extra is what a recipient's row says in one of the columns that campaign.yaml
// names under exports.extra. The text may be empty.
type extra struct{ name, text string }

// Extra is what templates use as .Extra.NAME. It holds the columns that the
// page uses, which checkFields has found, and is made anew each time, so that
// it never says anything but what d holds.
func (d *Data) Extra() map[string]string {
	m := make(map[string]string, len(d.extra))
	for _, e := range d.extra {
		m[e.name] = e.text
	}
	return m
}

// newExtra returns what r's row says in the columns of those names, in their
// order.
func newExtra(r *notifier.Recipient, names []string) ([]extra, error) {
	if len(names) == 0 {
		return nil, nil
	}
	out := make([]extra, len(names))
	for i, name := range names {
		at := slices.IndexFunc(r.Extra, func(e notifier.Extra) bool { return e.Name == name })
		if at < 0 {
			return nil, fmt.Errorf("the recipient has no column %s, which the template uses (name it under exports.extra in campaign.yaml before plan)", name)
		}
		text, ok := oneLine(r.Extra[at].Text.Reveal())
		if !ok {
			return nil, fmt.Errorf("the column %s holds control characters", name)
		}
		out[i] = extra{name, text}
	}
	return out, nil
}

// column notes that a template uses .Extra with the fields behind it, or
// reports that it may not.
func (c *fieldCheck) column(behind []string, n parse.Node) {
	switch {
	case len(behind) == 0:
		c.fail(n, ".Extra cannot be used as a whole (write .Extra.NAME, where exports.extra in campaign.yaml names NAME; in %s)", n)
	case !slices.Contains(c.configured, behind[0]):
		c.fail(n, "there is no column .Extra.%s (name %s under exports.extra in campaign.yaml; in %s)", behind[0], behind[0], n)
	default:
		c.used[behind[0]] = true
	}
}
