package intake

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"breachmail/notifier"
	"breachmail/notifier/internal/foreign"
)

// cell draws one of some values, or anything.
func cell(values ...string) *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom(values), rapid.SampledFrom(values), rapid.StringN(0, 8, 20))
}

// anyAccount draws rows of which many are about the same people.
var anyAccount = rapid.Custom(func(t *rapid.T) notifier.Account {
	a := row(
		cell("Ann Lee", "ANN LEE", "Bob", "", "Bob 503-555-0101", "Bob a@b.c", "Bob <no value>").Draw(t, "name"), cell("97201", "2134", "", "10001-0001").Draw(t, "zip"),
		cell("503-555-0101").Draw(t, "phone"), cell("a@example.com", "A@Example.com", "b@example.com", "", "n/a").Draw(t, "email"),
		cell("1", "2", "3", "9.0E+08", "").Draw(t, "number"), rapid.SampledFrom([]string{"pre", "post", "gold"}).Draw(t, "type"),
		cell("", "es").Draw(t, "language"))
	a.State = cell("", "NY", "ACTIVE").Draw(t, "state")
	a.Consent = cell("", "yes", "no").Draw(t, "consent")
	a.Extra = []notifier.Cell{notifier.NewCell(cell("", "x").Draw(t, "extra"))}
	return a
})

// anyOptions draws options with lists of those people.
func anyOptions(t *rapid.T) Options {
	list := func(name string) *List {
		if rapid.Bool().Draw(t, name) {
			return nil
		}
		l := NewList()
		for _, a := range rapid.SliceOfN(anyAccount, 0, 3).Draw(t, name) {
			l.Add(Entry{Email: a.Email, Number: a.Number, Name: a.Name, Named: rapid.Bool().Draw(t, "named")})
		}
		return l
	}
	opts := Options{
		Secret: []byte("s"), TempDir: os.TempDir(), Languages: []string{"en", "es"}, Extra: []string{"plan"},
		Told: list("told"), NoEmail: list("no email"), UnknownState: rapid.SampledFrom([]string{UnknownBase, UnknownPostal, "MA"}).Draw(t, "unknown state"),
	}
	if rapid.Bool().Draw(t, "statute") {
		opts.Statute = &Statute{Law: lawOf(t), Primary: rapid.Bool().Draw(t, "primary")}
	}
	if rapid.Bool().Draw(t, "variants") {
		opts.Variant = func(state, language, types string) notifier.Variant {
			return notifier.Variant{Template: "notice", Language: language, Types: types, State: state}
		}
	}
	return opts
}

// takeIn adds rows, and returns how many were set aside and told, and those
// that are grouped.
func takeIn(t *rapid.T, in *Intake, rows []notifier.Account) (aside, told int, taken []notifier.Account) {
	for _, a := range rows {
		v, err := in.Add(a)
		switch {
		case err != nil || v.Told && v.Reject != nil:
			t.Fatal(v, err)
		case v.Reject != nil:
			aside++
		case v.Told:
			told++
		default:
			taken = append(taken, a)
		}
	}
	return aside, told, taken
}

// The rows of one person are together, whatever came between them; nobody is
// left out, nobody is there twice.
func TestAccountCloses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(anyAccount, 0, 60).Draw(t, "rows")
		opts := anyOptions(t)
		in, err := New(opts)
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		aside, told, taken := takeIn(t, in, rows)
		keys := make([]notifier.Key, len(taken))
		for i := range taken {
			var j judged
			in.judge(&j, &taken[i])
			keys[i] = j.key
		}
		grouped := 0
		var last notifier.Key
		for g, err := range in.Recipients(context.Background()) {
			if err != nil {
				t.Fatal(err)
			}
			key := g.Recipient.Key
			if grouped > 0 && string(key[:]) <= string(last[:]) {
				t.Fatal("a recipient twice, or not in order")
			}
			last = key
			grouped += g.Rows
			if first := slices.Index(keys, key); g.First != int64(first) {
				t.Fatalf("the first row is %d, and the group says %d", first, g.First)
			}
			checkRecipient(t, g.Recipient)
			checkOptions(t, &opts, g.Recipient)
		}
		if len(rows) != grouped+aside+told {
			t.Fatalf("%d rows are %d grouped, %d set aside and %d told", len(rows), grouped, aside, told)
		}
	})
}

// checkRecipient holds what is true of every recipient.
func checkRecipient(t *rapid.T, r notifier.Recipient) {
	if foreign.In(r.Name.Reveal()) != foreign.Nothing {
		t.Errorf("the guard would not let the name %q pass", r.Name.Reveal())
	}
	if r.Channel == notifier.Email && r.Address.IsZero() || (r.Channel == notifier.Postal) != (r.Reason != "") {
		t.Errorf("channel %s for the reason %q", r.Channel, r.Reason)
	}
	for _, s := range []string{r.Name.Reveal(), r.Address.Reveal(), r.Phone.Reveal(), r.ZIP, r.State, r.Language, r.Extra[0].Text.Reveal()} {
		if !notifier.CleanLine(s) {
			t.Errorf("a control character in %q", s)
		}
	}
	if len(r.Accounts) == 0 || r.Variant.Types != notifier.TypesOf(r.Accounts) || r.Variant.Language != r.Language ||
		r.Variant.Template != "notice" || r.State == "" || r.ID != 0 || len(r.Extra) != 1 {
		t.Errorf("%s, %s, %d accounts", r.Variant, r.State, len(r.Accounts))
	}
}

// checkOptions holds what statute and variants make of a recipient.
func checkOptions(t *rapid.T, opts *Options, r notifier.Recipient) {
	allowed := opts.Statute == nil || r.Consent || r.State == "OR" || r.State == "MA" && opts.Statute.Primary
	byLaw := r.Reason == ReasonConsent || r.Reason == ReasonPrimary || r.Reason == ReasonNoLaw
	if r.Channel == notifier.Email && !allowed || byLaw && (allowed || r.Address.IsZero()) {
		t.Errorf("by %s in %s for the reason %q", r.Channel, r.State, r.Reason)
	}
	want := ""
	if opts.Variant != nil && r.State != notifier.UnknownState {
		want = r.State
	}
	if r.Variant.State != want {
		t.Errorf("somebody in %s gets %s", r.State, r.Variant)
	}
}

// Who is told, how, and about which accounts does not depend on the order of
// the rows. Only what is taken from the first or the last row does, such as the
// state, and by that what a law allows.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(anyAccount, 0, 30).Draw(t, "rows")
		opts := anyOptions(t)
		opts.Statute = nil
		var before string
		for n, rows := range [][]notifier.Account{rows, rapid.Permutation(rows).Draw(t, "permuted")} {
			in, err := New(opts)
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			aside, told, _ := takeIn(t, in, rows)
			var said strings.Builder
			fmt.Fprintln(&said, aside, told)
			for g, err := range in.Recipients(context.Background()) {
				if err != nil {
					t.Fatal(err)
				}
				r := g.Recipient
				fmt.Fprintln(&said, r.Key, g.Rows, r.Address.IsZero(), r.Channel, r.Variant.Types, r.Consent)
				for _, h := range r.Accounts {
					fmt.Fprintln(&said, h.Number.Reveal(), h.Type)
				}
			}
			shared, err := in.SharedAccounts()
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&said, shared)
			for _, w := range in.Warnings() {
				fmt.Fprintln(&said, w.Code, w.Rows)
			}
			if n == 1 && said.String() != before {
				t.Fatalf("in another order\n%s\nand before\n%s", said.String(), before)
			}
			before = said.String()
		}
	})
}

func TestRecordRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := judged{
			kind:    rapid.SampledFrom([]notifier.AccountType{notifier.Prepaid, notifier.Postpaid}).Draw(t, "kind"),
			ordinal: rapid.Int64Min(0).Draw(t, "ordinal"), file: rapid.IntMin(0).Draw(t, "file"), line: rapid.IntMin(0).Draw(t, "line"),
			consent: rapid.SampledFrom([]consent{noConsent, agreed, denied}).Draw(t, "consent"),
			noEmail: rapid.Bool().Draw(t, "no email"), reason: rapid.Byte().Draw(t, "reason"),
		}
		copy(j.key[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "key"))
		for _, f := range j.texts() {
			*f = rapid.String().Draw(t, "field")
		}
		for range rapid.IntRange(0, 3).Draw(t, "extra columns") {
			j.extra = append(j.extra, rapid.String().Draw(t, "extra"))
		}
		record, _ := j.encode(nil)
		var body []byte
		err := eachRecord(record, func(at, start, end int) error {
			if at != 0 || end != len(record) || body != nil {
				t.Errorf("a record from %d to %d, of %d bytes", at, end, len(record))
			}
			body = record[start:end]
			return nil
		})
		var got judged
		if err != nil || got.decode(body, len(j.extra)) != nil || !reflect.DeepEqual(got, j) {
			t.Errorf("%v, %v", got, err)
		}
		cut := rapid.IntRange(0, len(body)-1).Draw(t, "cut")
		if err := got.decode(body[:cut], len(j.extra)); err != errRecord {
			t.Errorf("a record cut short gives %v", err)
		}
		if err := eachRecord(record[:len(record)-1], func(_, _, _ int) error { return nil }); err != errRecord {
			t.Errorf("a record cut short gives %v", err)
		}
	})
}
