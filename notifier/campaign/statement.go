package campaign

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"breachmail/notifier/ledger"
)

// statement is what an approval says, as text that is signed and that anybody
// can read and check years later. One line is one thing; what people wrote
// stands in quotes, so that no line can be passed off as another.
func statement(a *ledger.Approval) []byte {
	var b strings.Builder
	line := func(what, format string, args ...any) { fmt.Fprintf(&b, what+": "+format+"\n", args...) }
	b.WriteString("breachmail approval, version 1\n")
	line("campaign", "%q", a.Campaign)
	line("approval code", "%s", a.Code)
	line("text", "%s", a.Text)
	for _, n := range slices.Sorted(maps.Keys(a.Lists)) {
		people := a.People[n]
		line("list "+strconv.Itoa(n), "%s, recipients %d, by email %d, by post %d", a.Lists[n], people.Total, people.Email, people.Postal)
	}
	line("approved by", "%q", a.By)
	line("approved at", "%s", a.At.UTC().Format(time.RFC3339))
	for _, w := range a.Waivers {
		line("waived", "%s, findings %s, because %q", w.Name(), strings.Join(w.About, " "), w.Reason)
	}
	if a.Proof != "" {
		line("proof (SHA-256)", "%s", a.Proof)
	}
	if a.Note != "" {
		line("note", "%q", a.Note)
	}
	if a.Principal != "" {
		line("signed as", "%q", a.Principal)
	}
	line("campaign.yaml (SHA-256)", "%s", a.Config)
	line("recorded by", "%q", a.Program)
	return []byte(b.String())
}
