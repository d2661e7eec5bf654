package campaign

import (
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/intake"
)

// By what somebody can be found.
const (
	ByKey       = "key"
	ByReference = "reference"
	ByAddress   = "address"
	ByPhone     = "phone"
	ByAccount   = "account_number"
	ByLate      = "account_added_after_notice"
)

// longestNumber is how long the longest account number is that intake takes, with
// room for what stands between its parts when it is read out.
const longestNumber = 128

// who is whom somebody asks about, as each that it can be.
type who struct {
	low, high notifier.Key // who has that key, or that reference; both zero where it is neither
	isKey     bool
	address   string // canonical, like the next two; empty where it can be none
	account   string
	phone     string
	dialled   bool // the phone number is whole
}

// readWho tells by its form what s can be. Digits may be a phone number, an account
// number and a reference.
func readWho(s string) who {
	s = strings.Trim(strings.TrimSpace(s), "<>")
	var w who
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		w.address, _ = intake.CanonicalEmail(s) // empty where it is none
		// A Message-ID, and what a bounce came back to, have the key before the @.
		w.key(s[strings.LastIndexAny(s[:at], ".+")+1 : at])
		return w
	}
	if !w.key(s) {
		if low, high, err := notifier.ParseReference(s); err == nil {
			w.low, w.high = low, high
		}
	}
	if s != "" && len(s) <= longestNumber {
		w.account = intake.CanonicalNumber(s)
	}
	if strings.ContainsAny(w.account, "0123456789") {
		phone := intake.CanonicalPhone(s)
		w.phone, w.dialled = intake.CanonicalNumber(phone), strings.HasPrefix(phone, "+")
	}
	return w
}

// key reads s as a key, and reports whether it is one.
func (w *who) key(s string) bool {
	k, err := notifier.ParseKey(s)
	if err != nil {
		return false
	}
	w.low, w.high, w.isKey = k, k, true
	return true
}

// keyed reports whether it can be a key or a reference.
func (w *who) keyed() bool { return w.high != (notifier.Key{}) }

// as lists what it can be.
func (w *who) as() []string {
	var list []string
	for _, form := range []struct {
		can bool
		as  string
	}{
		{w.keyed() && w.isKey, ByKey}, {w.keyed() && !w.isKey, ByReference},
		{w.address != "", ByAddress}, {w.account != "", ByAccount}, {w.phone != "", ByPhone},
	} {
		if form.can {
			list = append(list, form.as)
		}
	}
	return list
}
