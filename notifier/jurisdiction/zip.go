package jurisdiction

import (
	_ "embed"
	"strings"
	"sync"

	"breachmail/notifier"
)

//go:embed zip.csv
var zipData string

// zipTable is zip.csv as it is looked up.
type zipTable struct {
	prefix [1000]string      // by the first three digits
	split  [1000]bool        // some of these five digits are elsewhere
	exact  map[string]string // by all five
}

var loadZIPs = sync.OnceValue(func() *zipTable {
	t := &zipTable{exact: make(map[string]string)}
	for line := range strings.Lines(zipData) {
		zip, state, _ := strings.Cut(strings.TrimSpace(line), ",")
		switch {
		case !digits(zip):
		case len(zip) == 3:
			t.prefix[number(zip)] = state
		case len(zip) == 5:
			t.exact[zip] = state
			t.split[number(zip[:3])] = true
		}
	}
	return t
})

// StateOf returns the two letters of the state, district or territory in which
// a ZIP code lies, or notifier.UnknownState. It takes five digits, or ZIP+4
// with or without the hyphen, and never guesses: an unassigned or foreign code
// is unknown, and so are the military codes (AA, AE, AP), which say nothing
// about residence.
func StateOf(zip string) string {
	five, four := zip, "0000"
	switch {
	case len(zip) == 10 && zip[5] == '-':
		five, four = zip[:5], zip[6:]
	case len(zip) == 9:
		five, four = zip[:5], zip[5:]
	}
	if len(five) != 5 || !digits(five) || !digits(four) {
		return notifier.UnknownState
	}
	t := loadZIPs()
	prefix := number(five[:3])
	state := t.prefix[prefix]
	if t.split[prefix] {
		if s, ok := t.exact[five]; ok {
			state = s
		}
	}
	switch state {
	case "", "AA", "AE", "AP":
		return notifier.UnknownState
	}
	return state
}

// digits reports whether s is one or more ASCII digits.
func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// number returns the value of three digits.
func number(s string) int {
	return int(s[0]-'0')*100 + int(s[1]-'0')*10 + int(s[2]-'0')
}
