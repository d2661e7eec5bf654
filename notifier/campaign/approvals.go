package campaign

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"breachmail/notifier/ledger"
)

// ApprovalStatus is one approval as status and reports show it.
type ApprovalStatus struct {
	Row     int64     `json:"row"` // in the evidence
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Code    string    `json:"approval_code"`
	Batches []int     `json:"batches"`
	Signed  string    `json:"signed"` // the key's fingerprint; empty: asserted by the operator, not signed
	Signer  string    `json:"signer"` // whom approvals.signers says the key belongs to
	Proof   string    `json:"proof"`  // SHA-256 of counsel's mail or signed document
	Note    string    `json:"note"`
	Waivers []Waived  `json:"waivers"`
	Wrong   string    `json:"wrong"` // why it does not count; empty where it does

	// ReplacedBy is the row of the next approval that says something else of one
	// of its batches; 0 where there is none.
	ReplacedBy int64 `json:"replaced_by"`
}

// Waived is a waiver as status and reports show it.
type Waived struct {
	Rule   string `json:"rule"`
	State  string `json:"state"`
	Reason string `json:"reason"`
}

// Name is how people write what is waived: RULE, or RULE:STATE.
func (w Waived) Name() string { return ledger.Waiver{Rule: w.Rule, State: w.State}.Name() }

// Approvals are all approvals, oldest first.
type Approvals []ApprovalStatus

// MarshalJSON writes none as [], so that nobody has to tell it from null.
func (a Approvals) MarshalJSON() ([]byte, error) {
	return json.Marshal(append([]ApprovalStatus{}, a...))
}

// Awaited is an approval that more people have to give. Code is empty where
// there is none.
type Awaited struct {
	Code    string // hex of the approval code
	Say     string // who has approved it, and how many people have to
	Command string // the ready line for the others
}

// approvals returns what was approved so far.
func (c *Campaign) approvals(ctx context.Context, r ledger.Reader) (Approvals, error) {
	list, err := c.endorsements(ctx, r)
	var out Approvals
	for i := range list {
		s := list[i].status()
		if j := slices.IndexFunc(list[i+1:], list[i].replacedBy); j >= 0 {
			s.ReplacedBy = list[i+1+j].Seq
		}
		out = append(out, s)
	}
	return out, err
}

// replacedBy reports whether a later approval says something else of one of the
// batches of e.
func (e *endorsement) replacedBy(later endorsement) bool {
	for n, list := range later.Lists {
		if was, both := e.Lists[n]; both && (e.Text != later.Text || was != list) {
			return true
		}
	}
	return false
}

func (e *endorsement) status() ApprovalStatus {
	s := ApprovalStatus{
		Row: e.Seq, By: e.By, At: e.At, Code: e.Code, Signed: e.key, Signer: e.Principal, Proof: e.Proof, Note: e.Note,
		Batches: append([]int{}, slices.Sorted(maps.Keys(e.Lists))...), Waivers: []Waived{},
	}
	for _, w := range e.Waivers {
		s.Waivers = append(s.Waivers, Waived{Rule: w.Rule, State: w.State, Reason: w.Reason})
	}
	if e.wrong != nil {
		s.Wrong = e.wrong.Error()
	}
	return s
}
