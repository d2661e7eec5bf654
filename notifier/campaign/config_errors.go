package campaign

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// ConfigError is one thing that is wrong in a campaign.yaml.
type ConfigError struct {
	File string
	Line int    // counted from 1
	Msg  string // what is wrong, and in brackets what would be right
}

func (e ConfigError) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Msg) }

// ConfigErrors is everything that is wrong in a campaign.yaml, in the order of
// its lines.
type ConfigErrors []ConfigError

func (e ConfigErrors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// sorted returns e in the order of lines, or nil when nothing is wrong.
func (e ConfigErrors) sorted() error {
	if len(e) == 0 {
		return nil
	}
	slices.SortStableFunc(e, func(a, b ConfigError) int { return cmp.Compare(a.Line, b.Line) })
	return slices.Compact(e)
}
