package intake

import (
	"context"
	"os"
	"testing"

	"pgregory.net/rapid"

	"breachmail/notifier"
)

// The rows of one person are together, whatever came between them; nobody is
// left out, nobody is there twice.
func TestAccountCloses(t *testing.T) {
	cell := func(values ...string) *rapid.Generator[string] {
		return rapid.OneOf(rapid.SampledFrom(values), rapid.StringN(0, 8, 20))
	}
	account := rapid.Custom(func(t *rapid.T) notifier.Account {
		return row(
			cell("Ann Lee", "ANN LEE", "Bob", "").Draw(t, "name"), cell("97201", "2134", "", "10001-0001").Draw(t, "zip"),
			cell("503-555-0101").Draw(t, "phone"), cell("a@example.com", "A@Example.com", "b@example.com", "", "n/a").Draw(t, "email"),
			cell("1", "2", "3", "9.0E+08", "").Draw(t, "number"), rapid.SampledFrom([]string{"pre", "post", "gold"}).Draw(t, "type"),
			cell("", "es").Draw(t, "language"))
	})
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(account, 0, 60).Draw(t, "rows")
		in, err := New(Options{Secret: []byte("s"), TempDir: os.TempDir(), Languages: []string{"en", "es"}})
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		rejects := 0
		var taken []notifier.Account
		for _, a := range rows {
			rej, err := in.Add(a)
			if err != nil {
				t.Fatal(err)
			}
			if rej != nil {
				rejects++
			} else {
				taken = append(taken, a)
			}
		}
		recipients, merged := 0, 0
		seen := map[notifier.Key]bool{}
		for g, err := range in.Recipients(context.Background()) {
			if err != nil {
				t.Fatal(err)
			}
			recipients++
			merged += g.Rows - 1
			if seen[g.Recipient.Key] {
				t.Fatal("a recipient twice")
			}
			seen[g.Recipient.Key] = true
			for i, a := range taken {
				if j, _, _ := judge([]byte("s"), &a); j.key == g.Recipient.Key {
					if g.First != int64(i) {
						t.Fatalf("the first row is %d, and the group says %d", i, g.First)
					}
					break
				}
			}
			checkRecipient(t, g.Recipient)
		}
		if len(rows) != recipients+merged+rejects {
			t.Fatalf("%d rows are %d recipients, %d merged and %d set aside", len(rows), recipients, merged, rejects)
		}
	})
}

// checkRecipient holds what is true of every recipient.
func checkRecipient(t *rapid.T, r notifier.Recipient) {
	if (r.Channel == notifier.Email) == r.Address.IsZero() || (r.Channel == notifier.Postal) != (r.Reason != "") {
		t.Errorf("channel %s for the reason %q", r.Channel, r.Reason)
	}
	for _, s := range []string{r.Name.Reveal(), r.Address.Reveal(), r.Phone.Reveal(), r.ZIP, r.State, r.Language} {
		if !notifier.CleanLine(s) {
			t.Errorf("a control character in %q", s)
		}
	}
	if len(r.Accounts) == 0 || r.Variant.Types != notifier.TypesOf(r.Accounts) || r.Variant.Language != r.Language ||
		r.Variant.Template != "notice" || r.State == "" || r.ID != 0 {
		t.Errorf("%s, %s, %d accounts", r.Variant, r.State, len(r.Accounts))
	}
}

func TestRecordRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := judged{kind: rapid.SampledFrom([]notifier.AccountType{notifier.Prepaid, notifier.Postpaid}).Draw(t, "kind")}
		copy(j.key[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "key"))
		for _, f := range j.fields() {
			*f = rapid.String().Draw(t, "field")
		}
		j.ordinal = rapid.Int64Min(0).Draw(t, "ordinal")
		record := string(j.encode(nil))
		if got, err := decode(record); err != nil || got != j {
			t.Errorf("%v, %v", got, err)
		}
		cut := record[:rapid.IntRange(0, len(record)-1).Draw(t, "cut")]
		if _, err := decode(cut); err != errRecord {
			t.Errorf("a record cut short gives %v", err)
		}
	})
}
