package send

import (
	"testing"

	"breachmail/notifier"
)

// TestReplyNamesNobody: what a relay quotes of somebody is not kept.
func TestReplyNamesNobody(t *testing.T) {
	b := newBook(t, map[string]int{"rest": 3}, "rest")
	for i := range b.rows {
		b.rows[i].task.Recipient.Name = notifier.NewName("Maria Lopez")
	}
	d := &desk{answer: func(int, string) notifier.Outcome {
		return notifier.Outcome{Status: notifier.Accepted, Code: 250, Reply: "taken for MARIA LOPEZ"}
	}}
	if _, err := Run(bg, bg, b, b, paper{}, options(d, 1, 1000, Wave{Name: "rest"})); err != nil {
		t.Fatal(err)
	}
	for _, o := range b.outcomes {
		if o.Reply != "taken for <recipient>" {
			t.Errorf("kept is %q", o.Reply)
		}
	}
	if len(b.outcomes) != 3 {
		t.Errorf("%d outcomes", len(b.outcomes))
	}
}
