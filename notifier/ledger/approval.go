package ledger

import (
	"strings"
	"time"
)

// Approval is what counsel agreed to.
//
// Its row of evidence holds it as JSON. Altered tells that this row cannot be
// what was written: its chain value is not the one that the row and its
// predecessor's stored chain value give, or it cannot be read, and then the
// fields hold what could; a row of another decision that cannot be what was
// written counts as well, since it may have been an approval. Nothing may be sent under such an approval. That it
// is not set says nothing about the rows before the predecessor, nor about an
// approval that is gone; Audit looks at those.
type Approval struct {
	Seq       int64              `json:"-"` // its evidence row
	By        string             `json:"by"`
	Text      string             `json:"text"`              // hex of the text digest
	Lists     map[int]string     `json:"lists"`             // batch → hex of its list digest
	Code      string             `json:"code"`              // hex of the digest on the page
	Items     map[string]string  `json:"items"`             // what the text digest is made of
	Waivers   []Waiver           `json:"waivers,omitempty"` // findings that did not stand in its way
	Note      string             `json:"note,omitempty"`
	Proof     string             `json:"proof,omitempty"`     // hex of the SHA-256 of counsel's mail or signed document
	Program   string             `json:"program,omitempty"`   // the version of breachmail that recorded it
	Campaign  string             `json:"campaign,omitempty"`  // the campaign's name
	Config    string             `json:"config,omitempty"`    // hex of the SHA-256 of campaign.yaml, whose bytes are among the contents
	People    map[int]Recipients `json:"people,omitempty"`    // batch → its recipients
	Signature string             `json:"signature,omitempty"` // armored SSHSIG over the approval's statement
	Principal string             `json:"principal,omitempty"` // who has the key, by the signers file
	At        time.Time          `json:"at"`
	Altered   bool               `json:"-"` // its evidence row is not what was written
}

// Waiver is counsel's decision that the findings of a rule do not stand in an
// approval's way.
type Waiver struct {
	Rule   string   `json:"rule"`
	State  string   `json:"state"` // the findings about that state only; empty: all of the rule
	Reason string   `json:"reason"`
	About  []string `json:"about,omitempty"` // what tells the findings that counsel saw from others
}

// Name is how people write what is waived: RULE, or RULE:STATE.
func (w Waiver) Name() string { return strings.TrimSuffix(w.Rule+":"+w.State, ":") }
