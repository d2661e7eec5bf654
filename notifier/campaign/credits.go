package campaign

import (
	"breachmail/notifier/ledger"
)

// credits gives recipients to the export their first row stood in.
type credits struct {
	exports    []readExport
	recipients []int64
}

func (r *reading) credits() *credits {
	return &credits{exports: r.exports, recipients: make([]int64, len(r.exports))}
}

// add credits a recipient whose first row had that ordinal.
func (c *credits) add(first int64) { c.recipients[c.find(first)]++ }

// name returns the base name of the export in which that row stood.
func (c *credits) name(first int64) string { return c.exports[c.find(first)].base }

func (c *credits) find(first int64) int {
	at := 0
	for i := range c.exports {
		if !c.exports[i].Planned && c.exports[i].first <= first {
			at = i
		}
	}
	return at
}

// export returns the account of the i-th export: what is neither a recipient
// nor set aside nor told already was merged.
func (c *credits) export(i int) ledger.Export {
	e := &c.exports[i]
	return ledger.Export{
		Digest: e.digest, Name: e.base, Rows: e.Rows, Rejected: e.Rejected, AlreadyTold: e.AlreadyTold,
		Recipients: c.recipients[i], Merged: e.Rows - e.Rejected - e.AlreadyTold - c.recipients[i],
		Replaced: int64(len(e.marks.replaced)),
	}
}
