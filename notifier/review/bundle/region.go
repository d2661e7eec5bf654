package bundle

import (
	"slices"

	"breachmail/notifier"
	"breachmail/notifier/review"
)

// territories are what has two letters and is no state: the territories, and
// the states that are freely associated (USPS Publication 28, Appendix B). The
// District of Columbia is counted as a state.
var territories = []string{"AS", "FM", "GU", "MH", "MP", "PR", "PW", "VI"}

// forces are the two letters of military addresses.
var forces = []string{"AA", "AE", "AP"}

// regions says how many states those are, and names what is none: "36 states, 3
// territories and people whose state is not known".
func regions(list []review.StatePeople) string {
	var states, others, military, unknown int
	for _, s := range list {
		switch {
		case s.State == notifier.UnknownState:
			unknown++
		case slices.Contains(territories, s.State):
			others++
		case slices.Contains(forces, s.State):
			military++
		default:
			states++
		}
	}
	var parts []string
	if states > 0 {
		parts = append(parts, plural(states, "state", "states"))
	}
	if others > 0 {
		parts = append(parts, plural(others, "territory", "territories"))
	}
	if military > 0 {
		parts = append(parts, "military addresses")
	}
	if unknown > 0 {
		parts = append(parts, "people whose state is not known")
	}
	return listed(parts)
}
