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

		invisible = "account_number contains an invisible character (was it copied from a page or a document?)"
	)
	for reason, list := range map[string][]string{
		"": {"900100200", "0000123", "A-77/12.3", "12E45", "1E5", "E12", "12.345", "ACCT#1", "Mar-123", "MAR-12", "12-MAR", "2018-01-02", "1/2/2018",
			"9X10", "9x1024", "1.5x1024", "9*10", "12 E45", "9 08", "E+08", ".E+08", "9.00E", "12E45A", "12.5x", "×10^8", "9.1.2E+08",
			"Jan", "Jan-", "-Jan", "123-Jan", "X 0:00", strings.Repeat("9", 64)},
		empty: {"", "N/A", "null", "-", "NaN"},
		rounded: {"9.00E+08", "9.00e+08", "9,00E+08", "9E+08", "1.2E10", "-9.0E-08", "9.00E 08", "9.00 E+08", "9.00 E 08", "9.00E+ 08", ".9E+09", "9.E+08", "9.00e\u221208",
			"9,00\u00a0E+08", "9.00×10^8", "9×10^8", "9.00 × 10^8", "9,00×10⁸", "9.00×108", "9.00·10^8", "9.00x10^8", "9.00X10^+8", "9.00*10**8", "9x10⁻⁸", "\u22129.00E+08"},
		date:  {"Jan-45", "1-Jan", "12-Dec", "2018-01-02 00:00:00", "1/2/2018 0:00"},
		wrong: {"#####", "#REF!", "#N/A", "#VALUE!"},
		"account_number is damaged: it was turned into a decimal number":         {"900100200.0"},
		"account_number is damaged: a formula stands in its place":               {"=A1+1", "=", `="12"&"3"`},
		"account_number contains an @ (are the columns shifted?)":                {"ann@example.com"},
		"account_number holds what a template or a program left in its place":    {"{{.Number}}", "12{{34", "<no value>"},
		"account_number is longer than 64 characters (are the columns shifted?)": {strings.Repeat("9", 65)},
		control:   {"900\n100", "9\x7f", "9\xff"},
		invisible: {"900\u200e100", "900\u00ad100200", "9\u200d1", "9\u200c1", "A\u061c77", "=\"9\u200b1\"", "9\ufeff1", "9\U000e00311"},
	} {
		for _, in := range list {
			number, got := judgeNumber(in)
			if got != reason || reason == "" && number != in || reason != "" && number != "" {
				t.Errorf("judgeNumber(%q) = %q, %q, want %q", in, number, got, reason)
			}
		}
	}
	for in, want := range map[string]string{`="0012345"`: "0012345", "'0012345": "0012345", "\u200e900\u200f": "900", "\u202d900\u202c ": "900",
		"\u00ad\u061c900\u200d": "900", "=\"\u200e0012\"": "0012", "'\u200b0012": "0012", "\ufeff=\"0012\"": "0012"} {
		if number, reason := judgeNumber(in); number != want || reason != "" {
			t.Errorf("judgeNumber(%q) = %q, %q, want %q", in, number, reason, want)
		}
	}
}

func FuzzAccountNumber(f *testing.F) {
	for _, s := range []string{"900100200", "9.00E+08", "", "#REF!", "12E45", "1e", "e", "+.e+", `="12"`, "'1", "9.0×10^8", "9\u200e", ". x10**", "Jan-45", "1 0:00"} {
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
		if number != s && number != trimField(unguarded(trimField(s))) || !strings.Contains(s, number) || !notifier.CleanLine(number) || hasFormat(number) {
			t.Errorf("%q became %q", s, number)
		}
		if isNumber(s) && number != s {
			t.Errorf("%q, nothing but digits, became %q", s, number)
		}
	})
}
