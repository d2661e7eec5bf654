package campaign

import (
	"fmt"
	"strings"

	"breachmail/notifier/export"
)

// HeaderTableMarkdown returns the headers that are recognised, field by field,
// as the table that stands in the README.
func HeaderTableMarkdown() string {
	var b strings.Builder
	b.WriteString("| field | headers |\n| --- | --- |\n")
	for _, field := range export.Fields() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", field, strings.Join(export.HeaderNames(field), ", "))
	}
	return b.String()
}
