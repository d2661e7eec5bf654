package campaign

import (
	"context"
	"slices"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// finder finds people in a ledger, by what somebody says of them.
type finder struct {
	c      *Campaign
	r      ledger.Reader
	purged *ledger.Purged
	secret []byte // read when it is needed: a key is found without it
}

// hit is somebody who was found.
type hit struct {
	row ledger.Row
	by  []string
}

// find returns whom w can mean, in the order in which they are sent to. Who is
// found by key or reference is who is meant: then nothing else is tried. Nor is a
// part of a phone number where an account has that number.
func (f *finder) find(ctx context.Context, w *who) ([]hit, error) {
	if w.keyed() {
		rows, err := f.r.Between(ctx, w.low, w.high, mostFound)
		if err != nil || len(rows) > 0 {
			by := ByReference
			if w.isKey {
				by = ByKey
			}
			list := newHits()
			for i := range rows {
				list.add(rows[i], by)
			}
			return list.list, err
		}
	}
	if f.purged != nil && f.purged.ForgotKey {
		return nil, nil
	}
	list := newHits()
	for _, like := range []struct {
		of    notifier.TraceOf
		by    string
		value string
	}{
		{notifier.TraceAddress, ByAddress, w.address},
		{notifier.TraceAccount, ByAccount, w.account},
		{notifier.TracePhone, ByPhone, w.phone},
	} {
		if like.value == "" || like.by == ByPhone && !w.dialled && len(list.list) > 0 {
			continue
		}
		rows, err := f.traced(ctx, like.of, like.value)
		if err != nil {
			return nil, err
		}
		if err := f.confirm(ctx, list, rows, like.by, like.value); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(list.list, func(a, b hit) int { return int(a.row.Recipient.ID - b.row.Recipient.ID) })
	return list.list, nil
}

// mostFound is how many people are looked for who have one reference: two are a
// rarity.
const mostFound = 1000

func (f *finder) traced(ctx context.Context, of notifier.TraceOf, value string) ([]ledger.Row, error) {
	if f.secret == nil {
		var err error
		if f.secret, err = readSecret(f.c.path(secretFile)); err != nil {
			return nil, err
		}
	}
	return f.r.Find(ctx, of, notifier.NewKeyer(f.secret).Trace(of, value), tracerOf(f.secret, of))
}

// confirm adds those who really have what was asked for. Two values can have one
// trace; once personal data was purged there is nothing left to compare.
func (f *finder) confirm(ctx context.Context, list *hits, rows []ledger.Row, by, value string) error {
	for i := range rows {
		has := by
		if f.purged == nil && !hasValue(&rows[i].Recipient, by, value) {
			if by != ByAccount {
				continue
			}
			late, err := f.r.LateOf(ctx, rows[i].Recipient.Key)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(late, func(l ledger.Late) bool { return hasNumber(l.Accounts, value) }) {
				continue
			}
			has = ByLate
		}
		list.add(rows[i], has)
	}
	return nil
}

// hasValue reports whether a recipient has that value, in its canonical form.
func hasValue(r *notifier.Recipient, by, value string) bool {
	switch by {
	case ByAddress:
		return canonicalAddress(r.Address) == value
	case ByPhone:
		return canonicalPhone(r.Phone) == value
	}
	return hasNumber(r.Accounts, value)
}

func hasNumber(accounts []notifier.Held, value string) bool {
	return slices.ContainsFunc(accounts, func(h notifier.Held) bool { return canonicalAccount(h.Number) == value })
}

// hits are those who were found, each once.
type hits struct {
	list []hit
	at   map[int64]int // by id
}

func newHits() *hits { return &hits{at: map[int64]int{}} }

func (h *hits) add(row ledger.Row, by string) {
	i, known := h.at[row.Recipient.ID]
	if !known {
		i = len(h.list)
		h.at[row.Recipient.ID] = i
		h.list = append(h.list, hit{row: row})
	}
	h.list[i].by = append(h.list[i].by, by)
}
