package bundle

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"breachmail/notifier"
	"breachmail/notifier/review"
)

// count writes a number with separators: 2,000,000.
func count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// people writes a number of people: "1 person", "2,000 people".
func people(n int) string { return plural(n, "person", "people") }

// plural writes a number of things: "1 wording", "2,000 wordings".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + many
}

// are follows a number of people: "is" or "are".
func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// short returns the first digits of a digest in groups of four.
func short(d notifier.Digest) []string {
	s := fmt.Sprintf("%x", d[:])[:review.ShortCode]
	return []string{s[:4], s[4:8], s[8:]}
}

var languages = map[string]string{"en": "English", "es": "Spanish"}

// language names one in words, and in its code where the words are not known.
func language(code string) string { return orElse(languages[code], code) }

var accountWords = map[string]string{
	"prepaid":  "prepaid accounts",
	"postpaid": "postpaid accounts",
	"both":     "prepaid and postpaid accounts",
}

// accounts names the account types of a wording.
func accounts(types string) string { return orElse(accountWords[types], types) }

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// some joins the first names and says how many more there are.
func some(names []string, most int) string {
	if len(names) <= most+1 {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + " and " + plural(len(names)-most, "other", "others")
}

// listed joins names as one says them: "a, b and c".
func listed(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// ending marks words as the last ones of more.
func ending(s string) string { return "… " + strings.TrimLeft(s, "… ") }

// capital writes words as a sentence begins.
func capital(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:n]) + s[n:]
}
