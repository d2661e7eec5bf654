package notifier

import (
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"unicode/utf8"
)

// hidden is what a masked value prints when not even its shape may be shown.
const hidden = "<hidden>"

// Name is a person's name. It prints as its first letters: "M*** R***".
type Name struct{ clear string }

// NewName wraps s.
func NewName(s string) Name { return Name{s} }

// Reveal returns the name in clear.
func (n Name) Reveal() string { return n.clear }

// IsZero reports whether there is no name.
func (n Name) IsZero() bool { return n.clear == "" }

// String returns the masked name.
func (n Name) String() string {
	words := strings.Fields(n.clear)
	for i, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		words[i] = string(r) + "***"
	}
	return strings.Join(words, " ")
}

// Format prints the masked name whatever the verb.
func (n Name) Format(f fmt.State, verb rune) { format(f, verb, n.String()) }

// MarshalText hides the name from encoders that log.
func (n Name) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// LogValue hides the name from slog.
func (n Name) LogValue() slog.Value { return slog.StringValue(n.String()) }

// Address is an email address as it was first written. It prints as
// "m***@example.com".
type Address struct{ clear string }

// NewAddress wraps s.
func NewAddress(s string) Address { return Address{s} }

// Reveal returns the address in clear.
func (a Address) Reveal() string { return a.clear }

// IsZero reports whether there is no address.
func (a Address) IsZero() bool { return a.clear == "" }

// Domain returns what follows the last @, which is not personal.
func (a Address) Domain() string { return a.clear[strings.LastIndexByte(a.clear, '@')+1:] }

// String returns the masked address.
func (a Address) String() string {
	at := strings.LastIndexByte(a.clear, '@')
	if at <= 0 {
		return strings.Repeat("*", min(len(a.clear), 3))
	}
	r, _ := utf8.DecodeRuneInString(a.clear)
	return string(r) + "***" + a.clear[at:]
}

// Format prints the masked address whatever the verb.
func (a Address) Format(f fmt.State, verb rune) { format(f, verb, a.String()) }

// MarshalText hides the address from encoders that log.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// LogValue hides the address from slog.
func (a Address) LogValue() slog.Value { return slog.StringValue(a.String()) }

// Phone is a phone number. It prints as its last two digits: "***21".
type Phone struct{ clear string }

// NewPhone wraps s.
func NewPhone(s string) Phone { return Phone{s} }

// Reveal returns the number in clear.
func (p Phone) Reveal() string { return p.clear }

// IsZero reports whether there is no number.
func (p Phone) IsZero() bool { return p.clear == "" }

// String returns the masked number.
func (p Phone) String() string { return lastOf(p.clear, 2) }

// Format prints the masked number whatever the verb.
func (p Phone) Format(f fmt.State, verb rune) { format(f, verb, p.String()) }

// MarshalText hides the number from encoders that log.
func (p Phone) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// LogValue hides the number from slog.
func (p Phone) LogValue() slog.Value { return slog.StringValue(p.String()) }

// AccountNumber is the company's number for an account. It prints as its last
// four digits, as the notice shows it: "***4821".
type AccountNumber struct{ clear string }

// NewAccountNumber wraps s.
func NewAccountNumber(s string) AccountNumber { return AccountNumber{s} }

// Reveal returns the number in clear.
func (n AccountNumber) Reveal() string { return n.clear }

// IsZero reports whether there is no number.
func (n AccountNumber) IsZero() bool { return n.clear == "" }

// LastFour returns the last four characters, or fewer when that would show
// more than half of the number.
func (n AccountNumber) LastFour() string { return tail(n.clear, 4) }

// String returns the masked number.
func (n AccountNumber) String() string { return lastOf(n.clear, 4) }

// Format prints the masked number whatever the verb.
func (n AccountNumber) Format(f fmt.State, verb rune) { format(f, verb, n.String()) }

// MarshalText hides the number from encoders that log.
func (n AccountNumber) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// LogValue hides the number from slog.
func (n AccountNumber) LogValue() slog.Value { return slog.StringValue(n.String()) }

// unshown is a text of which not even the shape may be shown.
type unshown struct{ clear string }

// Reveal returns the text in clear.
func (u unshown) Reveal() string { return u.clear }

// String hides the text.
func (u unshown) String() string { return hidden }

// Format hides the text whatever the verb.
func (u unshown) Format(f fmt.State, verb rune) { format(f, verb, hidden) }

// MarshalText hides the text from encoders that log.
func (u unshown) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// format prints masked, or nothing of it where Go syntax is asked for.
func format(f fmt.State, verb rune, masked string) {
	switch {
	case f.Flag('#'):
		masked = hidden
	case verb == 'q':
		masked = strconv.Quote(masked)
	}
	_, _ = io.WriteString(f, masked) // fmt keeps the error of its writer
}

func lastOf(s string, n int) string {
	if s == "" {
		return ""
	}
	return "***" + tail(s, n)
}

// tail returns the last n characters of s, but never more than half of it.
func tail(s string, n int) string {
	runes := []rune(s)
	return string(runes[len(runes)-min(n, len(runes)/2):])
}
