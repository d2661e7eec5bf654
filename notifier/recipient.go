package notifier

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"sort"
	"strings"
)

// AccountType tells how an account is paid.
type AccountType string

// The account types.
const (
	Prepaid  AccountType = "prepaid"
	Postpaid AccountType = "postpaid"
)

// Source is where something was read: a file as named by the user, and the
// physical line its record begins on, counted from 1.
type Source struct {
	File string
	Line int
}

// Account is one row of an export, as found: only white space around the
// fields is gone. Package intake judges what stands in it.
type Account struct {
	Source   Source
	Number   AccountNumber
	Type     string // as written; intake reads it as an AccountType
	Name     Name
	Email    Address
	Phone    Phone
	ZIP      string
	Language string  // empty where the export has no such column; State, Consent too
	State    string  // as written; where it can be read, it overrides the ZIP's
	Consent  string  // as written: whether the person agreed to be told by email
	Extra    []Cell  // the columns named in campaign.yaml, in the order of their names
	Origin   *Origin // where the row corrects one that was set aside
}

// Origin is the row of an export that was set aside and that another row, of a
// corrected rejected.csv, stands in for.
type Origin struct {
	Source   Source
	Original Line
}

// Reject is a row that was set aside: where it stood, which field is wrong
// (empty when the row as a whole is), and why. Reason never quotes personal
// data; Row does, and goes to rejected.csv only.
type Reject struct {
	Source Source
	Field  string
	Reason string
	Row    Account // as far as it could be read
	Line   Line    // the row's original text
}

// Line is a row's original text. It is personal data and never prints.
type Line struct{ unshown }

// NewLine wraps s.
func NewLine(s string) Line { return Line{unshown{s}} }

// Cell is what stands in a column that breachmail knows nothing about. It may
// be personal data and never prints.
type Cell struct{ unshown }

// NewCell wraps s.
func NewCell(s string) Cell { return Cell{unshown{s}} }

// Extra is what a recipient's row says in a column that campaign.yaml names
// under exports.extra. Templates read it as .Extra.NAME.
type Extra struct {
	Name string
	Text Cell
}

// Channel is how a recipient is told.
type Channel string

// The channels.
const (
	Email  Channel = "email"
	Postal Channel = "postal"
)

// UnknownState is the state of a recipient whose ZIP gives none.
const UnknownState = "unknown"

// Held is one account a recipient holds, as listed in the notice.
type Held struct {
	Number AccountNumber
	Type   AccountType
}

// Recipient is one person to be told in one notice.
type Recipient struct {
	ID       int64 // assigned by the ledger in key order within a batch; 0 before that
	Key      Key
	Name     Name
	Address  Address // as first written; zero where the channel is postal for want of one
	Phone    Phone
	ZIP      string
	State    string // two letters, or UnknownState
	Language string // BCP 47, for example "en"
	Channel  Channel
	Reason   string // why the channel is postal; empty for email
	Accounts []Held // at least one, in the order of their numbers
	Variant  Variant
	Consent  bool    // a row says that this person agreed to be told by email, and none denies it
	Extra    []Extra // in the order of their names; every configured name is there
}

// Variant is what decides a notice's wording. State is empty unless the
// wording depends on it.
type Variant struct {
	Template string // the template's name, for example "notice"
	Language string
	Types    string // "prepaid", "postpaid" or "both"
	State    string
}

// String returns the variant's name, for example "notice-en-prepaid" or
// "notice-en-both-MA". It is safe as a file name.
func (v Variant) String() string {
	s := v.Template + "-" + v.Language + "-" + v.Types
	if v.State != "" {
		s += "-" + v.State
	}
	return s
}

// TypesOf names the account types held: "prepaid", "postpaid" or "both".
func TypesOf(accounts []Held) string {
	var pre, post bool
	for _, a := range accounts {
		pre = pre || a.Type == Prepaid
		post = post || a.Type == Postpaid
	}
	switch {
	case pre && post:
		return "both"
	case pre:
		return string(Prepaid)
	default:
		return string(Postpaid)
	}
}

// SortHeld puts accounts into the order in which a recipient lists them.
func SortHeld(accounts []Held) {
	sort.Slice(accounts, func(i, j int) bool {
		a, b := accounts[i], accounts[j]
		if a.Number.clear != b.Number.clear {
			return a.Number.clear < b.Number.clear
		}
		return a.Type < b.Type
	})
}

// Concealed is what stands in a text where something of a recipient stood.
const Concealed = "<recipient>"

// Conceal returns a text of somebody else's, such as a relay's reply, without the
// recipient's name, phone and account numbers, as they are written here and in any
// case. The address has forms of its own: see package relay.
func (r *Recipient) Conceal(text string) string {
	for _, s := range append(make([]string, 0, 4), r.Name.clear, r.Phone.clear, strings.TrimPrefix(r.Phone.clear, "+1")) {
		text = conceal(text, s)
	}
	for _, a := range r.Accounts {
		text = conceal(text, a.Number.clear)
	}
	// An address is taken out first, and it may have been a part of the name.
	for _, word := range strings.Fields(r.Name.clear) {
		text = conceal(conceal(text, Concealed+" "+word), word+" "+Concealed)
	}
	return text
}

// leastConcealed is the length in bytes of what is looked for: an account number of
// two digits would take every code out of a reply.
const leastConcealed = 5

func conceal(text, s string) string {
	if len(s) < leastConcealed || len(text) < len(s) {
		return text
	}
	for at := 0; at+len(s) <= len(text); at++ {
		if strings.EqualFold(text[at:at+len(s)], s) {
			text = text[:at] + Concealed + text[at+len(s):]
			at += len(Concealed) - 1
		}
	}
	return text
}

// BlockSize is how many recipients, consecutive by id within a batch, one
// block of the list digest covers.
const BlockSize = 4096

// AppendCanonical appends what an approval binds of r: key, address, name,
// accounts, state, language, channel, variant and extra columns, each behind
// its length. Two recipients give the same bytes only when all of these are
// equal.
func (r *Recipient) AppendCanonical(b []byte) []byte {
	b = append(b, r.Key[:]...)
	for _, f := range []string{
		r.Address.clear, r.Name.clear, r.State, r.Language, string(r.Channel),
		r.Variant.Template, r.Variant.Language, r.Variant.Types, r.Variant.State,
	} {
		b = appendField(b, f)
	}
	b = binary.AppendUvarint(b, uint64(len(r.Accounts)))
	for _, a := range r.Accounts {
		b = appendField(b, a.Number.clear)
		b = appendField(b, string(a.Type))
	}
	for _, e := range r.Extra {
		b = appendField(b, e.Name)
		b = appendField(b, e.Text.clear)
	}
	return b
}

// Digest is a SHA-256.
type Digest [sha256.Size]byte

// String returns the digest's 64 digits.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// ParseDigest reads the 64 digits of a digest, and reports whether they are that.
func ParseDigest(s string) (Digest, bool) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(Digest{}) {
		return Digest{}, false
	}
	return Digest(b), true
}

// BlockDigest returns the digest over the canonical form of recipients, in
// their order.
func BlockDigest(recipients []Recipient) Digest {
	h := sha256.New()
	var b []byte
	for i := range recipients {
		b = recipients[i].AppendCanonical(b[:0])
		h.Write(b)
	}
	return Digest(h.Sum(nil))
}

// ListDigest returns the digest of a batch: over the digests of its blocks.
func ListDigest(blocks []Digest) Digest {
	h := sha256.New()
	for _, d := range blocks {
		h.Write(d[:])
	}
	return Digest(h.Sum(nil))
}

// KeysDigest is made over the keys of people, in the order they are added.
type KeysDigest struct{ h hash.Hash }

// NewKeysDigest returns one over nobody.
func NewKeysDigest() *KeysDigest { return &KeysDigest{sha256.New()} }

// Add adds a key, all its bytes.
func (d *KeysDigest) Add(k Key) { d.h.Write(k[:]) }

// Sum returns the SHA-256 over what was added.
func (d *KeysDigest) Sum() Digest { return Digest(d.h.Sum(nil)) }

// CleanLine reports whether s is free of control characters (CR and LF among
// them), so that it may stand in a header.
func CleanLine(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 })
}

// appendField appends s behind its length, so that no two lists of fields give
// the same bytes.
func appendField(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}
