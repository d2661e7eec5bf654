package intake

import (
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
)

// zipFlaws are what was put right in a ZIP code.
type zipFlaws struct {
	padded  bool // its leading zero was put back
	decimal bool // its decimal tail was taken off
}

// judgeZIP returns a ZIP code as text, with the zero that a spreadsheet took
// off put back, and its state. A code it cannot read is kept as found.
func judgeZIP(s string) (zip, state string, flaws zipFlaws) {
	if len(s) == 5 && isNumber(s) {
		return s, jurisdiction.StateOf(s), flaws
	}
	zip = cleanField(s)
	if isMissing(zip) {
		return "", notifier.UnknownState, flaws
	}
	if isDecimal(zip) && len(zip) > len(".0") {
		zip, flaws.decimal = zip[:len(zip)-len(".0")], true
	}
	five, four, plus := strings.Cut(zip, "-")
	if plus && four == "" && isNumber(five) && (len(five) == 4 || len(five) == 5) {
		zip, plus = five, false // the +4 was left out, its hyphen was not
	}
	if len(five) == 4 && isNumber(five) && (!plus || len(four) == 4 && isNumber(four)) {
		zip, flaws.padded = "0"+zip, true
	}
	return zip, jurisdiction.StateOf(zip), flaws
}

// judgePlace returns the ZIP code and the state of an account. What the column
// state says goes before what the ZIP code says.
func (in *Intake) judgePlace(a *notifier.Account) (zip, state string) {
	zip, state, flaws := judgeZIP(a.ZIP)
	if flaws.padded {
		in.warn(zipPadded, a, a.ZIP)
	}
	if flaws.decimal {
		in.warn(zipDecimal, a, a.ZIP)
	}
	if stated, ok := in.statedState(a); ok {
		if state != notifier.UnknownState && stated != state {
			in.warn(stateContradicts, a, a.State)
		}
		return zip, stated
	}
	switch {
	case state != notifier.UnknownState:
	case zip == "":
		in.warn(zipEmpty, a, "")
	default:
		in.warn(zipUnknown, a, a.ZIP)
	}
	return zip, state
}

// statedState reads the column state.
func (in *Intake) statedState(a *notifier.Account) (state string, ok bool) {
	written := trimField(a.State)
	if written == "" || isMissing(written) {
		return "", false
	}
	if state, ok = jurisdiction.ParseState(written); !ok {
		in.warn(stateUnread, a, a.State)
	}
	return state, ok
}
