package bundle

import (
	"slices"
	"strconv"
	"strings"

	"breachmail/notifier/jurisdiction"
	"breachmail/notifier/review"
)

var factWords = map[string]string{
	jurisdiction.FactStatute: "Where the law stands", jurisdiction.FactStatus: "Whether it is in force",
	jurisdiction.FactDeadline: "By when people are told", jurisdiction.FactDeadlineDays: "In days", jurisdiction.FactDeadlineClock: "Counted from",
	jurisdiction.FactRegulator: "Who else is told", jurisdiction.FactRegulatorFrom: "From how many people on",
	jurisdiction.FactRegulatorBy: "By when", jurisdiction.FactRegulatorFirst: "Who is told before the people",
	jurisdiction.FactBureausFrom: "Credit bureaus, from how many people on", jurisdiction.FactBureausBy: "Credit bureaus, by when",
	jurisdiction.FactEmail: "Who may be told by email", jurisdiction.FactEmailWords: "Email, in words",
	jurisdiction.FactSubstitute: "Where people cannot be reached", jurisdiction.FactRecords: "What is to be kept",
	jurisdiction.FactTemplate: "Template of its own", jurisdiction.OfficeAttorneyGeneral: "Attorney general",
	jurisdiction.OfficeConsumerAgency: "Other agency", jurisdiction.OfficeFTC: "Federal Trade Commission",
	jurisdiction.OfficeEquifax: "Equifax", jurisdiction.OfficeExperian: "Experian", jurisdiction.OfficeTransUnion: "TransUnion",
}

// factName names a fact in words.
func factName(f jurisdiction.Fact) string { return orElse(factWords[f.Fact], f.Fact) }

// facts are what else is known of a state's law and is for people to read.
func facts(c review.StateChecklist) []jurisdiction.Fact {
	return slices.DeleteFunc(slices.Clone(c.Facts), func(f jurisdiction.Fact) bool {
		return f.Fact == jurisdiction.FactName || f.Fact == jurisdiction.FactTemplate
	})
}

// valueWords are the words for values that are names.
var valueWords = map[string]string{
	jurisdiction.FactEmail + " " + jurisdiction.EmailAllowed: "everyone with an address",
	jurisdiction.FactEmail + " " + jurisdiction.EmailPrimary: "those with whom the company mostly deals by email",
	jurisdiction.FactEmail + " " + jurisdiction.EmailConsent: "those who agreed",

	jurisdiction.FactDeadlineClock + " " + jurisdiction.ClockDiscovery:     "the discovery of the breach",
	jurisdiction.FactDeadlineClock + " " + jurisdiction.ClockDetermination: "the finding that a breach occurred",
	jurisdiction.FactDeadlineClock + " " + jurisdiction.ClockConfirmation:  "the confirmation of the breach",
	jurisdiction.FactDeadlineClock + " " + jurisdiction.ClockScopeEnded:    "the day its scope was known",
}

// factValue writes a fact's value for reading.
func factValue(f jurisdiction.Fact) string {
	if n, err := strconv.Atoi(f.Value); err == nil {
		if f.Fact == jurisdiction.FactDeadlineDays {
			return plural(n, "day", "days")
		}
		return people(n)
	}
	parts := strings.FieldsFunc(orElse(valueWords[f.Fact+" "+f.Value], f.Value), func(c rune) bool { return c == '|' })
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}
