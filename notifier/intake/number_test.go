package intake

import (
	"strings"
	"testing"

	"breachmail/notifier"
)

func TestJudgeNumber(t *testing.T) {
	const (
		empty   = "account_number is empty"
		rounded = "account_number is damaged: a spreadsheet turned this into a rounded number"
		date    = "account_number is damaged: a spreadsheet turned this into a date"
		wrong   = "account_number is damaged: a spreadsheet wrote an error in its place"
		control = "account_number contains control characters"
	)
	for reason, list := range map[string][]string{
		"": {"900100200", "0000123", "A-77/12.3", "12E45", "1E5", "E12", "12.345", "ACCT#1", "Mar-123", "MAR-12", "12-MAR", "2018-01-02", "1/2/2018",
			"Jan", "Jan-", "-Jan", "123-Jan", "X 0:00", strings.Repeat("9", 64)},
		empty:   {"", "N/A", "null", "-", "NaN"},
		rounded: {"9.00E+08", "9.00e+08", "9,00E+08", "9E+08", "1.2E10", "-9.0E-08"},
		date:    {"Jan-45", "1-Jan", "12-Dec", "2018-01-02 00:00:00", "1/2/2018 0:00"},
		wrong:   {"#####", "#REF!", "#N/A", "#VALUE!"},
		"account_number is damaged: it was turned into a decimal number":         {"900100200.0"},
		"account_number is damaged: a formula stands in its place":               {"=A1+1", "=", `="12"&"3"`},
		"account_number contains an @ (are the columns shifted?)":                {"ann@example.com"},
		"account_number is longer than 64 characters (are the columns shifted?)": {strings.Repeat("9", 65)},
		control: {"900\n100", "9\x7f", "9\xff"},
	} {
		for _, in := range list {
			number, got := judgeNumber(in)
			if got != reason || reason == "" && number != in || reason != "" && number != "" {
				t.Errorf("judgeNumber(%q) = %q, %q, want %q", in, number, got, reason)
			}
		}
	}
	for in, want := range map[string]string{`="0012345"`: "0012345", "'0012345": "0012345"} {
		if number, reason := judgeNumber(in); number != want || reason != "" {
			t.Errorf("judgeNumber(%q) = %q, %q, want %q", in, number, reason, want)
		}
	}
}

func FuzzAccountNumber(f *testing.F) {
	for _, s := range []string{"900100200", "9.00E+08", "", "#REF!", "12E45", "1e", "e", "+.e+", `="12"`, "'1", "Jan-45", "1 0:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		number, reason := judgeNumber(s)
		if (number == "") != (reason != "") {
			t.Errorf("%q: %q and %q", s, number, reason)
		}
		if reason != "" {
			return
		}
		if number != s && number != unguarded(s) || !strings.Contains(s, number) || !notifier.CleanLine(number) {
			t.Errorf("%q became %q", s, number)
		}
		if isNumber(s) && number != s {
			t.Errorf("%q, nothing but digits, became %q", s, number)
		}
	})
}
