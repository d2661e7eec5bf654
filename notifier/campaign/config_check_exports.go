package campaign

import (
	"fmt"
	"regexp"
	"slices"

	"breachmail/notifier"
	"breachmail/notifier/export"
)

// extraName is how the columns for templates may be named.
var extraName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func (v configCheck) exports(e *ExportsConfig) {
	fields := export.Fields()
	taken := map[string]string{}
	for _, field := range sortedKeys(e.Columns) {
		key := "exports.columns." + field
		if !slices.Contains(fields, field) {
			v.fail(key, "is not one of our columns (write %s)", orList(fields))
		}
		header := e.Columns[field]
		if header == "" {
			v.fail(key, "is empty (write the header as the export has it)")
		} else if other := taken[header]; other != "" {
			v.fail(key, "is the same header as exports.columns.%s (each column has one meaning)", other)
		}
		taken[header] = field
	}
	v.extra(e.Extra)
	for i, p := range e.Placeholders {
		if key := fmt.Sprintf("exports.placeholders[%d]", i); p == "" || !notifier.CleanLine(p) {
			v.fail(key, "is empty or not one line (write an address, name@, @domain, or what else stands where there is no address)")
		}
	}
}

func (v configCheck) extra(extra map[string]string) {
	for _, name := range sortedKeys(extra) {
		key := "exports.extra." + name
		switch {
		case !extraName.MatchString(name):
			v.fail(key, "is not a name that templates can use (1 to 40 of a-z, 0-9 and _, beginning with a letter)")
		case extra[name] == "":
			v.fail(key, "is empty (write the header as the export has it)")
		}
	}
}
