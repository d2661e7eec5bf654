package review

import (
	"fmt"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/notice"
)

// Sample is one variant's notice as a stand-in recipient would get it.
type Sample struct {
	Variant  notifier.Variant
	Envelope notifier.Envelope
	Text     []byte
	HTML     []byte
	Message  []byte
}

// Samples renders one sample of each variant, in their order.
func Samples(n *notice.Notice, variants []notifier.Variant, date time.Time) ([]Sample, error) {
	out := make([]Sample, 0, len(variants))
	for _, v := range variants {
		s, err := newSample(n, v, date)
		if err != nil {
			return nil, fmt.Errorf("sample %s: %w", v, err)
		}
		out = append(out, s)
	}
	return out, nil
}

func newSample(n *notice.Notice, v notifier.Variant, date time.Time) (Sample, error) {
	return SampleOf(n, n.Sample(v), date)
}

// SampleOf renders the notice that a recipient gets, in the wording that the
// recipient's variant names. Date is its Date header.
func SampleOf(n *notice.Notice, r notifier.Recipient, date time.Time) (Sample, error) {
	text, html, err := n.Render(&r)
	if err != nil {
		return Sample{}, err
	}
	m, err := n.Compose(&r, date)
	if err != nil {
		return Sample{}, err
	}
	return Sample{
		Variant:  r.Variant,
		Envelope: n.Envelope(&r),
		Text:     text,
		HTML:     html,
		Message:  m.Bytes,
	}, nil
}

// SampleItems returns what an approval binds of samples: the bytes of each
// whole message.
func SampleItems(samples []Sample) []Item {
	items := make([]Item, len(samples))
	for i, s := range samples {
		items[i] = NewItem(samplePrefix+s.Variant.String(), s.Message)
	}
	return items
}

// samplePrefix begins the name of the item of a sample; the variant follows.
const samplePrefix = "sample "
