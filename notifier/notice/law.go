package notice

import (
	"slices"
	"strings"

	"breachmail/notifier/jurisdiction"
)

// Law is what a notice says because the law of its reader's state asks for it.
// In the base notice all of it is empty.
type Law struct {
	State   string   // the state's full name
	Offices []Office // the attorney general, the state's other agency, the FTC: those asked for
	Bureaus []Office // Equifax, Experian, TransUnion, where asked for

	// The blocks that are asked for: how many people are affected; fraud alerts;
	// the security freeze; the police report; reporting identity theft; rights
	// under the Fair Credit Reporting Act; the bureaus' numbers by telephone.
	Count, FraudAlert, Freeze, PoliceReport, ReportTheft, FCRA, BureausByPhone bool
}

// Office is somebody a reader can turn to. All but its name may be empty.
type Office = jurisdiction.Office

// Laws are what the notices to all states say that have something of their own,
// by the states' names.
type Laws []*Law

// newLaws returns the laws by state as texts for everybody have them. They ask
// for how many people are affected only where that is known.
func newLaws(by map[string]*Law, counted bool) Laws {
	var list Laws
	for _, law := range by {
		of := *law
		of.Count = law.Count && counted
		list = append(list, &of)
	}
	slices.SortFunc(list, func(a, b *Law) int { return strings.Compare(a.State, b.State) })
	return list
}

// Any returns what at least one of the states asks for, each office once. It
// has no State.
func (l Laws) Any() *Law {
	all := new(Law)
	for _, law := range l {
		all.Offices, all.Bureaus = addNew(all.Offices, law.Offices), addNew(all.Bureaus, law.Bureaus)
		all.Count = all.Count || law.Count
		all.FraudAlert = all.FraudAlert || law.FraudAlert
		all.Freeze = all.Freeze || law.Freeze
		all.PoliceReport = all.PoliceReport || law.PoliceReport
		all.ReportTheft = all.ReportTheft || law.ReportTheft
		all.FCRA = all.FCRA || law.FCRA
		all.BureausByPhone = all.BureausByPhone || law.BureausByPhone
	}
	return all
}

// addNew appends those of more that are not in list.
func addNew(list, more []Office) []Office {
	for _, o := range more {
		if !slices.Contains(list, o) {
			list = append(list, o)
		}
	}
	return list
}

// Shared returns the offices that more than one of the states names: whoever
// names them once names them for all.
func (l Laws) Shared() []Office {
	return slices.DeleteFunc(l.Any().Offices, func(o Office) bool { return !l.shares(o) })
}

// Own returns the offices of a law that no other state names.
func (l Laws) Own(law *Law) []Office {
	return slices.DeleteFunc(slices.Clone(law.Offices), l.shares)
}

// Local returns the laws that have something only the residents of their state
// need to know: all but the bureaus, fraud alerts, freezes and shared offices,
// which can be said to everybody.
func (l Laws) Local() Laws {
	var local Laws
	for _, law := range l {
		if law.Count || law.PoliceReport || law.ReportTheft || law.FCRA || law.BureausByPhone || len(l.Own(law)) > 0 {
			local = append(local, law)
		}
	}
	return local
}

// shares reports whether more than one of the states names an office.
func (l Laws) shares(o Office) bool {
	count := 0
	for _, law := range l {
		if slices.Contains(law.Offices, o) {
			count++
		}
	}
	return count > 1
}

// baseLaw is the law of the base notice.
var baseLaw = new(Law)

// wordingBlocks are the blocks that only notices to states which ask for them
// have.
var wordingBlocks = []string{
	jurisdiction.BlockAttorneyGeneral, jurisdiction.BlockConsumerAgency, jurisdiction.BlockFTC, jurisdiction.BlockBureaus,
	jurisdiction.BlockFraudAlert, jurisdiction.BlockFreeze, jurisdiction.BlockPoliceReport, jurisdiction.BlockReportTheft,
	jurisdiction.BlockFCRA, jurisdiction.BlockCount, jurisdiction.BlockBureausByPhone,
}

// newLaw returns what a notice to the state says, or nil where that is what
// every notice says.
func newLaw(l *jurisdiction.Law, state string) *Law {
	asked := l.Template(state) != ""
	for _, b := range wordingBlocks {
		asked = asked || l.Asks(state, b)
	}
	if !asked || state == jurisdiction.Federal {
		return nil
	}
	law := &Law{
		State:        l.Name(state),
		Count:        l.Asks(state, jurisdiction.BlockCount),
		FraudAlert:   l.Asks(state, jurisdiction.BlockFraudAlert),
		Freeze:       l.Asks(state, jurisdiction.BlockFreeze),
		PoliceReport: l.Asks(state, jurisdiction.BlockPoliceReport),
		ReportTheft:  l.Asks(state, jurisdiction.BlockReportTheft),
		FCRA:         l.Asks(state, jurisdiction.BlockFCRA),

		BureausByPhone: l.Asks(state, jurisdiction.BlockBureausByPhone),
	}
	if law.State == "" {
		law.State = state
	}
	law.addOffices(l, state)
	return law
}

// addOffices adds the offices that the state asks for and that are known.
func (law *Law) addOffices(l *jurisdiction.Law, state string) {
	for _, o := range []struct{ block, state, office string }{
		{jurisdiction.BlockAttorneyGeneral, state, jurisdiction.OfficeAttorneyGeneral},
		{jurisdiction.BlockConsumerAgency, state, jurisdiction.OfficeConsumerAgency},
		{jurisdiction.BlockFTC, jurisdiction.Federal, jurisdiction.OfficeFTC},
	} {
		if office, ok := l.Office(o.state, o.office); ok && l.Asks(state, o.block) {
			law.Offices = append(law.Offices, office)
		}
	}
	if !l.Asks(state, jurisdiction.BlockBureaus) {
		return
	}
	for _, name := range []string{jurisdiction.OfficeEquifax, jurisdiction.OfficeExperian, jurisdiction.OfficeTransUnion} {
		if office, ok := l.Office(jurisdiction.Federal, name); ok {
			law.Bureaus = append(law.Bureaus, office)
		}
	}
}

// lawOf returns what notices of a variant's state say because of its law.
func (n *Notice) lawOf(state string) *Law {
	if law := n.law[state]; law != nil {
		return law
	}
	return baseLaw
}
