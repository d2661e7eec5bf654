package intake

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTypo(t *testing.T) {
	for want, list := range map[string]string{
		"gmail.com":   "gmial.com gmal.com gmaill.com gmail.con gmail.cmo gmail.ocm gmail.co gmail.om gmai.com gnail.com gmial.con",
		"yahoo.com":   "yaho.com yahooo.com yhaoo.com yahoo.co yahoo.cm yahoo.con",
		"hotmail.com": "hotmial.com hotmal.com homail.com hotmail.cm hotmai.com",
		"outlook.com": "outlok.com outllook.com", "icloud.com": "iclud.com icoud.com", "comcast.net": "comcst.net comcast.nt",
		"aol.com": "aol.co alo.com oal.com aol.con", "msn.com": "mns.com msn.cm", "live.com": "lvie.com live.co",
		"example.com": "example.con example.cmo", "mail.example.com": "mail.example.ocm",
		"": `gmail.com yahoo.com mail.com ymail.com email.com gmx.com me.com mac.com aim.com example.com example.net post.example yahoo.ca
			yahoo.co.uk hotmail.co.uk love.com line.com man.com mtn.com all.com cos.net ant.net live.nl gmail.de mail.example googlemail.com a.b`,
	} {
		for _, domain := range strings.Fields(list) {
			if got := typoOf(domain); got != want {
				t.Errorf("typoOf(%s) = %q, want %q", domain, got, want)
			}
		}
	}
	for _, large := range largeDomains {
		if got := typoOf(large); got != "" {
			t.Errorf("%s is taken for a slip of %s", large, got)
		}
	}
	for real := range realDomains {
		if nearLarge(real) == "" {
			t.Errorf("%s need not be excepted", real)
		}
	}
	if got := typoIn("Ann@GMIAL.com"); got != "gmail.com" {
		t.Errorf("%q", got)
	}
	if got := typoIn(""); got != "" {
		t.Errorf("%q", got)
	}
}

// oneSlip is a distance of 1 by the textbook's table.
func TestOneSlip(t *testing.T) {
	word := rapid.StringOfN(rapid.SampledFrom([]rune("abc")), 0, 6, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		if got, want := oneSlip(a, b), distance(a, b) == 1; got != want {
			t.Fatalf("oneSlip(%q, %q) = %v", a, b, got)
		}
	})
}

// distance is the Damerau-Levenshtein distance without further edits of
// swapped letters.
func distance(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
