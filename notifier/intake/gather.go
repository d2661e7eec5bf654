package intake

import (
	"slices"

	"breachmail/notifier"
)

// gathering collects the rows of one key, in their order. It is used for one
// key after the other. Most people have one row, so what is needed to compare
// rows is made at the second.
type gathering struct {
	rows     int
	first    judged
	language string
	consent  consent // agreed until a row denies it
	noEmail  bool
	extra    []string
	held     []placed                // different accounts
	index    map[notifier.Held]int32 // of held, where that is long
	last     []judged                // the row read last of each state
}

// placed is an account, and where it is by the row read last of those of its
// rows that say so.
type placed struct {
	account notifier.Held
	state   string
	row     int
}

// fewHeld is how many accounts are compared one by one.
const fewHeld = 16

// begin starts on the first row of the next key.
func (g *gathering) begin(j *judged) {
	clear(g.last) // so that nothing keeps the rows before
	clear(g.held)
	*g = gathering{held: g.held[:0], last: g.last[:0]}
	g.rows, g.first = 1, *j
	g.also(j)
}

// add takes in the next row.
func (g *gathering) add(j *judged) {
	if g.rows == 1 {
		g.place(&g.first)
	}
	g.rows++
	g.also(j)
	g.place(j)
}

// also takes in what every row may say.
func (g *gathering) also(j *judged) {
	if j.language != "" {
		g.language = j.language
	}
	if j.consent > g.consent {
		g.consent = j.consent
	}
	g.noEmail = g.noEmail || j.noEmail
	if g.extra == nil {
		g.extra = j.extra
		return
	}
	for i, text := range j.extra {
		if text != "" {
			g.extra[i] = text
		}
	}
}

// place notes where the account of a row is. A row that does not say where
// takes nothing from what another row of the account said.
func (g *gathering) place(j *judged) {
	p := placed{j.held(), j.state, g.rows}
	if i := g.find(p.account); i >= 0 {
		if p.state != notifier.UnknownState {
			g.held[i] = p
		}
	} else {
		g.held = append(g.held, p)
		if g.index != nil {
			g.index[p.account] = int32(len(g.held) - 1)
		}
	}
	for i := range g.last {
		if g.last[i].state == j.state {
			g.last[i] = *j
			return
		}
	}
	g.last = append(g.last, *j)
}

// find returns the place of an account in held, or -1.
func (g *gathering) find(account notifier.Held) int {
	if len(g.held) < fewHeld {
		return slices.IndexFunc(g.held, func(p placed) bool { return p.account == account })
	}
	if g.index == nil {
		g.index = make(map[notifier.Held]int32)
		for i := range g.held {
			g.index[g.held[i].account] = int32(i)
		}
	}
	if i, ok := g.index[account]; ok {
		return int(i)
	}
	return -1
}

// accounts returns what is held, each account once, in the order of a notice.
func (g *gathering) accounts() []notifier.Held {
	if g.rows == 1 {
		return []notifier.Held{g.first.held()}
	}
	accounts := make([]notifier.Held, len(g.held))
	for i := range g.held {
		accounts[i] = g.held[i].account
	}
	if len(accounts) > 1 {
		notifier.SortHeld(accounts)
	}
	return accounts
}

// votes are the accounts of one state, and the row read last among theirs.
type votes struct {
	state         string
	accounts, row int
}

func (v votes) over(w votes) bool {
	return v.accounts > w.accounts || v.accounts == w.accounts && v.row > w.row
}

// votes counts the accounts of each known state.
func (g *gathering) votes() []votes {
	var all []votes
	for i := range g.held {
		p := &g.held[i]
		if p.state == notifier.UnknownState {
			continue
		}
		at := slices.IndexFunc(all, func(v votes) bool { return v.state == p.state })
		if at < 0 {
			at = len(all)
			all = append(all, votes{state: p.state})
		}
		all[at].accounts++
		all[at].row = max(all[at].row, p.row)
	}
	return all
}

// decide returns the row that state, ZIP and phone are taken from: the one read
// last of the state that most accounts are in. In a tie it is the state of the
// row read last. Accounts without a state count only when there are no others.
// states are all known ones that a row gives, sorted, where there are several:
// also those that an account was in before.
func (g *gathering) decide() (from *judged, states []string) {
	if g.rows == 1 {
		return &g.first, nil
	}
	best := votes{state: notifier.UnknownState}
	for _, v := range g.votes() {
		if v.over(best) {
			best = v
		}
	}
	at := slices.IndexFunc(g.last, func(j judged) bool { return j.state == best.state })
	return &g.last[at], g.states()
}

// states returns the known states of all rows, sorted, where there are several.
func (g *gathering) states() (states []string) {
	if len(g.last) == 1 {
		return nil
	}
	for i := range g.last {
		if g.last[i].state != notifier.UnknownState {
			states = append(states, g.last[i].state)
		}
	}
	if len(states) == 1 {
		return nil
	}
	slices.Sort(states)
	return states
}
