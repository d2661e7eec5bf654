package jurisdiction

import "strconv"

// CreditBureaus is who is meant by the facts about credit bureaus.
const CreditBureaus = "credit bureaus"

// Duty is somebody whom the law wants told beside the people themselves.
type Duty struct {
	Who   string
	From  int64  // from how many people of the state on; 0 where nobody knows, which counts as 1
	By    string // by when, in words; may be empty
	First bool   // before the people are told
	Met   bool   // so many people are affected
	Fact  Fact   // where it stands, with source and date
}

// Duties returns whom the law of the state wants told, with people of the state
// affected: regulators, the first of them first, then the credit bureaus.
func (l *Law) Duties(state string, people int64) []Duty {
	of := l.facts[state]
	first, hasFirst := of[FactRegulatorFirst]
	regulator, hasRegulator := of[FactRegulator]
	var list []Duty
	add := func(who string, f Fact, from, by string) {
		d := Duty{Who: who, By: of[by].Value, First: f.Fact == FactRegulatorFirst, Fact: f}
		d.From, _ = strconv.ParseInt(of[from].Value, 10, 64)
		d.Met = people >= max(1, d.From)
		list = append(list, d)
	}
	if hasFirst {
		add(first.Value, first, FactRegulatorFrom, FactRegulatorBy)
	}
	if hasRegulator && regulator.Value != first.Value {
		add(regulator.Value, regulator, FactRegulatorFrom, FactRegulatorBy)
	}
	if bureaus, ok := of[FactBureausFrom]; ok {
		add(CreditBureaus, bureaus, FactBureausFrom, FactBureausBy)
	}
	return list
}
