package notice

import (
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
