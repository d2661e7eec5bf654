package review

import (
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/notice"
)

// Whatever has the digits of a number in full, and is nobody's.
func TestNumbersThatAreNobodys(t *testing.T) {
	l := newLinter(Material{
		Law:          mustParse(t, lawOf("US", "MA", "ID")),
		Incident:     notice.Incident{WhatYouCanDo: "Enroll at 1-888-555-0101, not at 206-555-0102."},
		Translations: map[string]notice.Translation{"es": {WhatHappened: "Llame al 877-555-0103."}},
	})
	w := &wording{language: "en", recipient: notifier.Recipient{Key: notifier.KeyByEmail([]byte("sample"), "a@example.com", "A")}}
	for s, want := range map[string]bool{
		"Enroll at 888-555-0101.": false, "Enroll at 206-555-0102.": true, "Llame al 877-555-0103.": false, "Call 866-555-0104.": true,
		"It pays up to $1000000.": false, "It pays 1000000 dollars.": false, "It pays 1000000.": true, "It pays $5 to 206-555-0102.": true,
		"1 Example Street, Boston, MA 02101-1234": false, "Boston, Massachusetts 02101-1234": false, "ZIP code 02101-1234": false,
		"Boise, ID 83702-1234": false, "Customer ID 83702-1234": true, "Number 02101-1234": true,
		"It was 20.08.2018.": false, "It was 99.08.2018.": true, "In the years 2018 - 2019.": false, "In 2018-2019.": false, "Call 2018-2019-1234.": true,
		"The police report 2018-0123456 has it.": false, "Case number: 20180123456": false, "El expediente 2018-0123456.": false,
		"To report: 206-555-0102.": true, "File 2065550102.": true, "Case 206-555-0102.": true, "Account 2018-0123456.": true,
	} {
		if got := numberProblems(l, w, s); len(got) > 0 != want {
			t.Errorf("%s: got %+v", s, got)
		}
	}
}
