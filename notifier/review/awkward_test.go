package review

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/notice"
)

func TestAwkward(t *testing.T) {
	n := testNotice(t)
	variants := []notifier.Variant{{Template: notice.Name, Language: "en", Types: "both"}, {Template: notice.Name, Language: "en", Types: "prepaid"}}
	list, err := Awkward(n, variants, time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	says := map[string]string{
		"no name":          "Hello,",
		"the longest name": "Etxeberria-Fernández III,",
		"a name in another script, from right to left (Arabic)": "Dear مريم عبد الرحمن النموذجية,",
		"a name in another script (Chinese)":                    "Dear 歐陽樣本,",
		"ten accounts":                                          "The accounts concerned are:",
	}
	if len(list) != len(says)*len(variants) {
		t.Fatalf("there are %d samples", len(list))
	}
	for i, s := range list {
		if s.Variant != variants[i/len(says)] || says[s.Case] == "" {
			t.Errorf("%s is a sample of %s", s.Case, s.Variant)
		}
		for _, body := range [][]byte{s.Text, s.HTML} {
			if !bytes.Contains(body, []byte(says[s.Case])) {
				t.Errorf("%s, %s: a body does not say %q", s.Variant, s.Case, says[s.Case])
			}
		}
		if many := s.Case == "ten accounts"; (strings.Count(string(s.Text), "account ending in") == 10) != many {
			t.Errorf("%s, %s:\n%s", s.Variant, s.Case, s.Text)
		}
		m, err := readMessage(s.Message)
		if err != nil || !strings.Contains(m.text, says[s.Case]) || s.Envelope.To.Reveal() == "" {
			t.Errorf("%s, %s: got %v", s.Variant, s.Case, err)
		}
	}
	for i, s := range list {
		digits := map[string]bool{}
		for line := range strings.Lines(string(s.Text)) {
			if _, last, ok := strings.Cut(line, "account ending in "); ok {
				if digits[last] {
					t.Errorf("%d: two accounts end in %s", i, last)
				}
				digits[last] = true
			}
		}
	}
	variants[0].Language = "xx"
	if _, err := Awkward(n, variants, time.Unix(0, 0)); err == nil || !strings.Contains(err.Error(), "notice-xx-both, no name") {
		t.Errorf("got %v", err)
	}
}

// Whoever really gets a notice gets what a sample shows.
func TestSampleOf(t *testing.T) {
	n := testNotice(t)
	r := n.Sample(notifier.Variant{Template: notice.Name, Language: "en", Types: "both"})
	r.Name = notifier.NewName("Jo Real")
	day := time.Date(2018, 8, 24, 9, 0, 0, 0, time.UTC)
	s, err := SampleOf(n, r, day)
	if err != nil {
		t.Fatal(err)
	}
	m, err := n.Compose(&r, day)
	if err != nil || !bytes.Equal(s.Message, m.Bytes) || !bytes.Contains(s.Text, []byte("Dear Jo Real,")) || s.Variant != r.Variant {
		t.Errorf("got %+v, %v", s, err)
	}
}
