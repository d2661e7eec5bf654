package report

import (
	"fmt"
	"strconv"
	"strings"
)

// Number writes n with separators: 2,000,000.
func Number(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Many writes a number of something: "1 row", "2,000 rows".
func Many(n int64, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + more
}

func people(n int64) string { return Many(n, "person", "people") }

func rows(n int64) string { return Many(n, "row", "rows") }

// share writes part of total as a percentage, and never as 0 or 100 percent
// what is neither.
func share(part, total int64) string {
	percent := ratio(part, total)
	switch {
	case part > 0 && percent < 0.1:
		return "<0.1%"
	case part < total && percent > 99.9:
		return ">99.9%"
	}
	return strconv.FormatFloat(percent, 'f', 1, 64) + "%"
}

// ratio returns part in hundredths of total.
func ratio(part, total int64) float64 {
	if total <= 0 {
		return 0
	}
	return 100 * float64(part) / float64(total)
}

// where names a place: "east.csv:1042", or the file alone where the line is
// not known.
func where(file string, line int) string {
	if line == 0 {
		return file
	}
	return fmt.Sprintf("%s:%d", file, line)
}

// field names the field that a reason is about, unless the reason does so.
func field(r Rejected) string {
	if strings.HasPrefix(r.Reason, r.Field+" ") {
		return ""
	}
	return r.Field
}

// packing says in what a file was wrapped, from outside in.
func packing(layers []string) string {
	if len(layers) == 0 {
		return "none"
	}
	return strings.Join(layers, ", in it ")
}

var languageNames = map[string]string{"en": "English", "es": "Spanish"}

func languageName(code string) string {
	if name := languageNames[code]; name != "" {
		return name
	}
	return code
}

func typeName(types string) string {
	if types == "both" {
		return "prepaid and postpaid"
	}
	return types
}

func stateName(code string) string {
	if code == "unknown" {
		return "not known"
	}
	return code
}
