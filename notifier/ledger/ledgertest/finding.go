package ledgertest

import (
	"errors"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// tracesOf is what these tests find people by.
func tracesOf(r *notifier.Recipient) ledger.Traces {
	k := notifier.NewKeyer([]byte("secret"))
	t := ledger.Traces{
		Address: k.Trace(notifier.TraceAddress, r.Address.Reveal()),
		Phone:   k.Trace(notifier.TracePhone, r.Phone.Reveal()),
	}
	for _, a := range r.Accounts {
		t.Accounts = append(t.Accounts, k.Trace(notifier.TraceAccount, a.Number.Reveal()))
	}
	return t
}

// traced plans a batch with traces.
func (f *fixture) traced(list []notifier.Recipient) {
	f.t.Helper()
	_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
		b.Trace(tracesOf)
		for _, r := range list {
			if err := b.Add(r); err != nil {
				return err
			}
		}
		return b.AddExport(ledger.Export{Digest: digestOf(list[0].Key.String()), Name: "traced", Rows: int64(len(list)), Recipients: int64(len(list))})
	})
	f.must(err)
}

// found returns the keys of those with what r has.
func (f *fixture) found(of notifier.TraceOf, r *notifier.Recipient) []notifier.Key {
	f.t.Helper()
	t := tracesOf(r)
	trace := map[notifier.TraceOf]notifier.Trace{notifier.TraceAddress: t.Address, notifier.TracePhone: t.Phone}[of]
	if of == notifier.TraceAccount {
		trace = t.Accounts[0]
	}
	rows, err := f.Find(ctx, of, trace, tracesOf)
	f.must(err)
	keys := []notifier.Key{}
	for _, row := range rows {
		keys = append(keys, row.Recipient.Key)
	}
	return keys
}

// withPhones gives each of the people a phone, every second one that of the one
// before.
func withPhones(list []notifier.Recipient) []notifier.Recipient {
	for i := range list {
		list[i].Phone = notifier.NewPhone("+1206555" + string(rune('0'+i/2%10)) + string(rune('0'+i/20%10)) + "00")
	}
	return list
}

func tracesFind(_ *testing.T, f *fixture) {
	first, second := withPhones(people("a", 9000)), withPhones(people("b", 50))
	f.traced(first)
	f.traced(second)
	f.reopen()
	for _, r := range []notifier.Recipient{first[0], first[4095], first[4096], first[8999], second[0], second[49]} {
		f.want(f.found(notifier.TraceAccount, &r), []notifier.Key{r.Key})
		if r.Channel == notifier.Email {
			f.want(f.found(notifier.TraceAddress, &r), []notifier.Key{r.Key})
		}
		if keys := f.found(notifier.TracePhone, &r); len(keys) < 2 {
			f.t.Errorf("%d people have a phone that two have", len(keys))
		}
	}
	rows, err := f.Find(ctx, notifier.TraceAddress, 0, tracesOf)
	f.must(err)
	f.want(len(rows), 0) // who has no address is not found by none
	nobody := notifier.Recipient{Accounts: []notifier.Held{{Number: notifier.NewAccountNumber("0")}}}
	f.want(f.found(notifier.TraceAccount, &nobody), []notifier.Key{})
}

// untracedFind: whoever was planned without traces is found all the same.
func untracedFind(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	list := people("b", 50)
	f.traced(list)
	old := people("a", 50)
	for _, r := range []notifier.Recipient{old[3], list[3]} {
		f.want(f.found(notifier.TraceAccount, &r), []notifier.Key{r.Key})
	}
}

// tracesFollow: somebody who was replaced is found by what holds now.
func tracesFollow(_ *testing.T, f *fixture) {
	f.traced(people("a", 50))
	was := f.pending()[3].Recipient
	now := was
	now.Accounts = []notifier.Held{{Number: notifier.NewAccountNumber("another"), Type: notifier.Prepaid}}
	for _, traced := range []bool{true, false} {
		_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
			if traced {
				b.Trace(tracesOf)
			}
			return b.Replace(now)
		})
		f.must(err)
		f.want(f.found(notifier.TraceAccount, &now), []notifier.Key{was.Key})
		f.want(f.found(notifier.TraceAccount, &was), []notifier.Key{})
		now, was = was, now
		now.ID, was.ID = f.pending()[3].Recipient.ID, f.pending()[3].Recipient.ID
	}
}

// lateFind: somebody is found by an account that came after the notice.
func lateFind(_ *testing.T, f *fixture) {
	f.traced(people("a", 50))
	row := f.pending()[0]
	f.settle(row, notifier.Accepted)
	late := notifier.Recipient{Accounts: []notifier.Held{{Number: notifier.NewAccountNumber("late"), Type: notifier.Prepaid}}}
	for _, traced := range []bool{true, false} {
		_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
			if traced {
				b.Trace(tracesOf)
			}
			_, err := b.AddLate(ledger.Late{Key: row.Recipient.Key, Accounts: late.Accounts, Export: "more.csv"})
			return err
		})
		f.must(err)
		f.want(f.found(notifier.TraceAccount, &late), []notifier.Key{row.Recipient.Key})
		late.Accounts[0].Number = notifier.NewAccountNumber("later")
	}
	var listed []string
	f.must(f.Late(ctx, func(l ledger.Late) error {
		listed = append(listed, l.Key.String()+" "+l.Accounts[0].Number.Reveal()+" "+l.Export)
		return nil
	}))
	key := row.Recipient.Key.String()
	f.want(listed, []string{key + " late more.csv", key + " later more.csv"})
}

func keysAreFound(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	list := people("a", 50)
	rows, err := f.Between(ctx, list[7].Key, list[7].Key, 5)
	f.must(err)
	f.want(len(rows), 1)
	f.want(rows[0].Batch, 1)
	f.want(rows[0].Recipient.Name.Reveal(), list[7].Name.Reveal())
	low, high, err := notifier.ParseReference(list[7].Key.Reference())
	f.must(err)
	rows, err = f.Between(ctx, low, high, 5)
	f.must(err)
	f.want(len(rows), 1)
	f.want(rows[0].Recipient.Key, list[7].Key)
	rows, err = f.Between(ctx, list[3].Key, list[9].Key, 5)
	f.must(err)
	f.want(len(rows), 5)
	f.want(rows[4].Recipient.Key, list[7].Key)

	found := map[notifier.Key]int{}
	f.must(f.Of(ctx, []notifier.Key{list[7].Key, {1}, list[3].Key, list[7].Key}, func(r ledger.Row) error {
		found[r.Recipient.Key]++
		return nil
	}))
	f.want(found, map[notifier.Key]int{list[7].Key: 1, list[3].Key: 1})
	f.must(f.Of(ctx, nil, func(ledger.Row) error { return errors.New("somebody") }))
}

// historyIsWhole follows somebody through all that can happen, while others are
// between.
func historyIsWhole(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	rows := f.pending()
	one, other := rows[0], rows[1]
	f.settle(one, notifier.Deferred)
	f.settle(other, notifier.Accepted)
	one = f.row(one.Recipient.Key)
	f.must(f.claim(claimOf(one)))
	f.reopen()
	_, err := f.Recover(ctx, at)
	f.must(err)
	_, err = f.Resend(ctx, "", at)
	f.must(err)
	f.settle(f.row(one.Recipient.Key), notifier.Unknown)
	n, err := f.Reconcile(ctx, []ledger.Verdict{{
		Key: one.Recipient.Key, Status: notifier.Accepted, Note: "mail.log:7",
		Code: 250, Enhanced: "2.0.0", Reply: "queued", RelayID: "4ABC", At: at,
	}}, at)
	f.must(err)
	f.want(n, 1)
	history, err := f.History(ctx, one.Recipient.Key)
	f.must(err)
	var told []string
	for i, e := range history {
		told = append(told, string(e.Kind)+" "+string(e.Outcome.Status))
		if i > 0 {
			f.want(e.Prev, history[i-1].Seq)
		}
	}
	f.want(told, []string{"attempt deferred", "attempt unknown", "resend pending", "attempt unknown", "reconcile accepted"})
	last := history[4].Outcome
	f.want([]any{last.Code, last.Enhanced, last.Reply, last.RelayID}, []any{250, "2.0.0", "queued", "4ABC"})
	history, err = f.History(ctx, rows[2].Recipient.Key)
	f.must(err)
	f.want(len(history), 0)
}

// row reads one recipient.
func (f *fixture) row(k notifier.Key) ledger.Row {
	f.t.Helper()
	rows, err := f.Between(ctx, k, k, 1)
	f.must(err)
	f.want(len(rows), 1)
	return rows[0]
}
