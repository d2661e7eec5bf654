package review

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"breachmail/notifier/jurisdiction"
)

// changedFacts says which facts of the law data changed, and from what to what.
// It is not known where one of the two cannot be read.
func changedFacts(old, now []byte) (facts []string, known bool) {
	was, err := jurisdiction.Parse(lawFile, old)
	if err != nil {
		return nil, false
	}
	is, err := jurisdiction.Parse(lawFile, now)
	if err != nil {
		return nil, false
	}
	var out []string
	for _, state := range withNew(was.States(), is.States()) {
		for _, f := range slices.Concat(was.Facts(state), is.Facts(state)) {
			for _, s := range changedFact(was, is, f) {
				out = withNew(out, []string{lawFile + ": " + f.State + " " + f.Fact + s})
			}
		}
	}
	const most = 20
	if n := len(out) - most; n > 0 {
		out = append(out[:most], fmt.Sprintf("%s: and %d more", lawFile, n))
	}
	if len(out) == 0 {
		out = append(out, lawFile+" was changed, but no fact in it (comments, or the order of its lines)")
	}
	return out, true
}

// changedFact says how a fact of that name changed.
func changedFact(was, is *jurisdiction.Law, f jurisdiction.Fact) []string {
	old, before := was.Fact(f.State, f.Fact)
	now, after := is.Fact(f.State, f.Fact)
	switch {
	case !before:
		return []string{" was added: " + quoted(now.Value)}
	case !after:
		return []string{" was removed: " + quoted(old.Value)}
	}
	var out []string
	for _, column := range []struct{ name, was, is string }{
		{"", old.Value, now.Value}, {", source", old.Source, now.Source}, {", source_date", old.SourceDate, now.SourceDate},
		{", checked_on", old.CheckedOn, now.CheckedOn}, {", confidence", old.Confidence, now.Confidence},
	} {
		if column.was != column.is {
			out = append(out, fmt.Sprintf("%s: %s is now %s", column.name, quoted(column.was), quoted(column.is)))
		}
	}
	return out
}

// quoted returns a value as it may stand in a sentence.
func quoted(s string) string {
	switch {
	case s == "":
		return "nothing"
	case strings.ContainsAny(s, " ,\n"):
		return strconv.Quote(s)
	}
	return s
}
