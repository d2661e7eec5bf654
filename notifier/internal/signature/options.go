package signature

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
)

// options limit what a key is listed for.
type options struct {
	namespaces    []string // patterns; nil: all
	after, before time.Time
}

// allows says why a key may not sign an approval at that time, or nothing. The
// ends of its time belong to it.
func (o *options) allows(at time.Time) error {
	const layout = "2006-01-02 15:04:05 MST"
	switch {
	case o.namespaces != nil && !matchList(o.namespaces, Namespace):
		return fmt.Errorf("is listed for other purposes only (add %s to its namespaces)", Namespace)
	case !o.after.IsZero() && at.Before(o.after):
		return fmt.Errorf("is not valid before %s", o.after.Format(layout))
	case !o.before.IsZero() && at.After(o.before):
		return fmt.Errorf("is not valid after %s (list another key)", o.before.Format(layout))
	}
	return nil
}

// cutOptions cuts off the options, in which blanks stand between quotation
// marks only.
func cutOptions(s string) (opts, rest string, err error) {
	s = strings.TrimLeft(s, blank)
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && s[i+1] == '"':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && strings.IndexByte(blank, c) >= 0:
			return s[:i], s[i:], nil
		}
	}
	if quoted {
		return "", "", errors.New(`the quotation mark of an option is not closed (write it like namespaces="…")`)
	}
	return s, "", nil
}

// parseOptions reads options that commas part. Their names are in any case.
func parseOptions(s string) (options, error) {
	var o options
	seen := map[string]bool{}
	if strings.HasSuffix(s, ",") {
		return o, errors.New("the options end with a comma (leave it out)")
	}
	for s != "" {
		var field string
		field, s = cutOption(s)
		name, value, hasValue := strings.Cut(field, "=")
		name = strings.ToLower(name)
		if seen[name] {
			return o, fmt.Errorf("the option %s stands twice (leave one)", name)
		}
		seen[name] = true
		if err := o.set(name, value, hasValue); err != nil {
			return o, err
		}
	}
	if !o.after.IsZero() && !o.before.IsZero() && !o.before.After(o.after) {
		return o, errors.New("valid-before is not later than valid-after: the key is never valid (correct one of them)")
	}
	return o, nil
}

// cutOption cuts off the first option of a list.
func cutOption(s string) (field, rest string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && s[i+1] == '"':
			i++
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

func (o *options) set(name, value string, hasValue bool) error {
	var err error
	switch name {
	case "namespaces":
		o.namespaces, err = parseNamespaces(value)
	case "valid-after":
		o.after, err = parseTime(name, value)
	case "valid-before":
		o.before, err = parseTime(name, value)
	case "cert-authority":
		err = errors.New("the key of an authority is no person's (list the key of everybody who signs, without cert-authority)")
	default:
		what := "the option"
		if !hasValue {
			what = "what follows the name is neither an option nor a type of key:"
		}
		err = fmt.Errorf("%s %q is not known (write NAME ssh-ed25519 AAAA…, a name with blanks in quotation marks)", what, name)
	}
	return err
}

// unquote returns what stands between quotation marks, with \" as one.
func unquote(name, value string) (string, error) {
	inner, ok := strings.CutPrefix(value, `"`)
	if inner, ok2 := strings.CutSuffix(inner, `"`); ok && ok2 && inner != "" {
		return strings.ReplaceAll(inner, `\"`, `"`), nil
	}
	return "", fmt.Errorf(`the value of %s is missing or not in quotation marks (write %s="…")`, name, name)
}

func parseNamespaces(value string) ([]string, error) {
	inner, err := unquote("namespaces", value)
	if err != nil {
		return nil, err
	}
	return strings.Split(inner, ","), nil
}

// stamps are the ways to write a time, by its digits.
var stamps = map[int]string{8: "20060102", 12: "200601021504", 14: "20060102150405"}

// parseTime reads a time: of the zone of this machine, or UTC with a Z.
func parseTime(name, value string) (time.Time, error) {
	inner, err := unquote(name, value)
	if err != nil {
		return time.Time{}, err
	}
	digits, utc := strings.CutSuffix(inner, "Z")
	zone := time.Local
	if utc {
		zone = time.UTC
	}
	t, err := time.ParseInLocation(stamps[len(digits)], digits, zone)
	if err != nil || stamps[len(digits)] == "" {
		return time.Time{}, fmt.Errorf("%s %q is not a time (write it as YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, with a Z for UTC)", name, inner)
	}
	return t, nil
}

// matchList reports whether s matches one of the patterns, and none of those
// behind an exclamation mark.
func matchList(patterns []string, s string) bool {
	no := func(p string) bool { return strings.HasPrefix(p, "!") && match(p[1:], s) }
	return !slices.ContainsFunc(patterns, no) && slices.ContainsFunc(patterns, func(p string) bool { return match(p, s) })
}

// match compares s with a pattern of * and ?, which stand for any characters
// and for any one.
func match(pattern, s string) bool {
	// What else is special to package path is not to ssh-keygen; s has no slash.
	ok, err := path.Match(strings.NewReplacer(`\`, `\\`, `[`, `\[`).Replace(pattern), s)
	return ok && err == nil
}
