package campaign

import (
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// traced returns how many people have that trace, going by the traces alone.
func traced(t *testing.T, r ledger.Reader, of notifier.TraceOf, value string) int {
	t.Helper()
	k := notifier.NewKeyer(make([]byte, 32))
	rows, err := r.Find(bg, of, k.Trace(of, value), func(*notifier.Recipient) ledger.Traces {
		t.Error("somebody was looked at without a trace")
		return ledger.Traces{}
	})
	if err != nil {
		t.Fatal(err)
	}
	return len(rows)
}

// TestTraces plans people, and has the ledger find them by the canonical forms of
// what their rows have, also after a later export has changed their rows.
func TestTraces(t *testing.T) {
	c := newCampaign(t, "")
	east, west := c.path("east.csv"), c.path("west.csv")
	const header = "Name,ZIP,Phone,Email,Account Number,Account Type\n"
	write(t, east, header+"Maria Lopez,98101,(206) 555-0101,Maria.Lopez@EXAMPLE.com,00-9001 21A,prepaid\nSam Ode,98101,555-0199,,900127777,prepaid\n")
	write(t, west, header+"Maria Lopez,98101,206-555-0109,maria.lopez@example.com,77.88,postpaid\n")
	plan(t, c, east)
	check := func(want map[string]int) {
		t.Helper()
		r, err := c.reader(bg)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Close() }()
		for value, n := range want {
			for _, of := range []notifier.TraceOf{notifier.TraceAddress, notifier.TracePhone, notifier.TraceAccount} {
				if string(of)[:1] != value[:1] {
					continue
				}
				if got := traced(t, r, of, value[2:]); got != n {
					t.Errorf("%s: %d people, not %d", value, got, n)
				}
			}
		}
	}
	// e is an address, p a phone, a an account number.
	check(map[string]int{
		"e maria.lopez@example.com": 1, "e Maria.Lopez@EXAMPLE.com": 0, "p 12065550101": 1, "p +12065550101": 0, "p 5550199": 1,
		"a 00900121a": 1, "a 900121a": 0, "a 900127777": 1, "a 7788": 0, "e ": 0, "p ": 0,
	})
	plan(t, c, west)
	check(map[string]int{"e maria.lopez@example.com": 1, "p 12065550101": 1, "p 12065550109": 0, "a 00900121a": 1, "a 7788": 1, "a 900127777": 1})
}

// TestTracerOf gives one kind, and that as a tracer of all gives it.
func TestTracerOf(t *testing.T) {
	secret := make([]byte, 32)
	r := &notifier.Recipient{
		Address: notifier.NewAddress("maria@example.com"), Phone: notifier.NewPhone("+12065550101"),
		Accounts: []notifier.Held{{Number: notifier.NewAccountNumber("9001")}},
	}
	all := tracer(secret)(r)
	for of, want := range map[notifier.TraceOf]ledger.Traces{
		notifier.TraceAddress: {Address: all.Address},
		notifier.TracePhone:   {Phone: all.Phone},
		notifier.TraceAccount: {Accounts: all.Accounts},
	} {
		got := tracerOf(secret, of)(r)
		if got.Address != want.Address || got.Phone != want.Phone || len(got.Accounts) != len(want.Accounts) {
			t.Errorf("%s: %+v, not %+v", of, got, want)
		}
	}
	if all.Address == 0 || all.Phone == 0 || all.Accounts[0] == 0 {
		t.Errorf("there is none: %+v", all)
	}
}
