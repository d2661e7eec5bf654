package intake

import (
	"maps"
	"slices"

	"breachmail/notifier"
)

// template is the name of the notice that everyone is sent.
const template = "notice"

// Group is one recipient, and the rows that were grouped into it.
type Group struct {
	Recipient notifier.Recipient
	Rows      int // at least one; all but the first were merged

	// First is the ordinal of the first row: how many accounts Add had taken
	// before it. Accounts that were set aside have no ordinal. Whoever knows how
	// many of each export were taken knows in which one the recipient was first
	// seen.
	First int64
}

// gathering collects the rows of one key, in their order. Most people have
// one row, so the maps are made for the second.
type gathering struct {
	rows     int
	first    judged
	language string
	held     map[notifier.Held]placed
	last     map[string]judged // the row read last, by state
}

// placed is where an account is, by the row of it read last.
type placed struct {
	state string
	row   int
}

func newGathering(j judged) *gathering {
	return &gathering{rows: 1, first: j, language: j.language}
}

// add takes in the next row.
func (g *gathering) add(j judged) {
	if g.rows == 1 {
		g.held = map[notifier.Held]placed{g.first.held(): {g.first.state, 1}}
		g.last = map[string]judged{g.first.state: g.first}
	}
	g.rows++
	g.held[j.held()] = placed{j.state, g.rows}
	g.last[j.state] = j
	if j.language != "" {
		g.language = j.language
	}
}

// accounts returns what is held, each account once, in the order of a notice.
func (g *gathering) accounts() []notifier.Held {
	if g.rows == 1 {
		return []notifier.Held{g.first.held()}
	}
	accounts := slices.Collect(maps.Keys(g.held))
	notifier.SortHeld(accounts)
	return accounts
}

// place returns the row that state, ZIP and phone are taken from: the one read
// last of the state that most accounts are in. In a tie it is the state of the
// row read last. Accounts whose ZIP gives no state count only when there are
// no others.
func (g *gathering) place() judged {
	if g.rows == 1 {
		return g.first
	}
	byState := make(map[string]votes, len(g.last))
	for _, p := range g.held {
		v := byState[p.state]
		v.accounts++
		v.row = max(v.row, p.row)
		byState[p.state] = v
	}
	best, most := notifier.UnknownState, votes{}
	for state, v := range byState {
		if state != notifier.UnknownState && v.over(most) {
			best, most = state, v
		}
	}
	return g.last[best]
}

// votes are the accounts of one state, and the row read last among theirs.
type votes struct{ accounts, row int }

func (v votes) over(w votes) bool {
	return v.accounts > w.accounts || v.accounts == w.accounts && v.row > w.row
}

// group returns what the rows gathered come to.
func (g *gathering) group(opts *Options) Group {
	return Group{Recipient: g.recipient(opts), Rows: g.rows, First: g.first.ordinal}
}

// recipient returns the person these rows are about.
func (g *gathering) recipient(opts *Options) notifier.Recipient {
	place := g.place()
	r := notifier.Recipient{
		Key:      g.first.key,
		Name:     notifier.NewName(g.first.name),
		Address:  notifier.NewAddress(g.first.email),
		Phone:    notifier.NewPhone(place.phone),
		ZIP:      place.zip,
		State:    place.state,
		Language: opts.language(g.language),
		Channel:  notifier.Email,
		Accounts: g.accounts(),
	}
	if r.Address.IsZero() {
		r.Channel, r.Reason = notifier.Postal, g.first.reason
	}
	if r.State == notifier.UnknownState {
		opts.settleUnknown(&r)
	}
	r.Variant = notifier.Variant{Template: template, Language: r.Language, Types: notifier.TypesOf(r.Accounts)}
	return r
}

// settleUnknown applies email.unknown_state to a recipient whose ZIP codes
// give no state.
func (o *Options) settleUnknown(r *notifier.Recipient) {
	switch o.UnknownState {
	case "", UnknownBase:
	case UnknownPostal:
		if r.Channel == notifier.Email {
			r.Channel, r.Reason = notifier.Postal, "the ZIP code gives no state"
		}
	default:
		r.State = o.UnknownState
	}
}

// Merge adds the accounts of b to a, who has the same key, and reports whether
// any was new. What a's notice says beside them stays: name, address, phone,
// ZIP, state, language and channel.
func Merge(a, b notifier.Recipient) (merged notifier.Recipient, changed bool) {
	accounts := slices.Clone(a.Accounts)
	for _, held := range b.Accounts {
		if !slices.Contains(accounts, held) {
			accounts = append(accounts, held)
		}
	}
	if len(accounts) == len(a.Accounts) {
		return a, false
	}
	notifier.SortHeld(accounts)
	a.Accounts = accounts
	a.Variant.Types = notifier.TypesOf(accounts)
	return a, true
}
