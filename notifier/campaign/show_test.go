package campaign

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// show asks for people, or ends the test.
func show(t *testing.T, c *Campaign, asked ...string) *Shown {
	t.Helper()
	s, err := c.Show(bg, ShowOptions{Who: cells(asked)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func cells(asked []string) []notifier.Cell {
	list := make([]notifier.Cell, len(asked))
	for i := range asked {
		list[i] = notifier.NewCell(asked[i])
	}
	return list
}

func TestShowIsLimited(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, accounts(t, upTo(1, 30)...)) // all have one phone number
	s := show(t, c, "206-555-0100", "person00007@example.com")
	if len(s.People) != mostShown+1 && len(s.People) != mostShown || len(s.More) != 1 || s.More[0] != (MorePeople{1, 10}) || len(s.NotFound) != 0 {
		t.Errorf("shown %d, more %+v, not found %v", len(s.People), s.More, s.NotFound)
	}
	twice := show(t, c, s.People[0].Key, s.People[0].Reference)
	if len(twice.People) != 1 || len(twice.People[0].Asked) != 2 || len(twice.People[0].FoundBy) != 2 {
		t.Errorf("one person asked for twice: %+v", twice.People)
	}
}

// TestShowDropsChance finds somebody by a trace that is theirs by chance.
func TestShowDropsChance(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, accounts(t, 1, 2))
	r, err := c.reader(bg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	rows := rowsOf(t, c)
	for _, by := range []string{ByAddress, ByPhone, ByAccount} {
		f := finder{c: c, r: r}
		list := newHits()
		if err := f.confirm(bg, list, rows, by, "900100001"); err != nil {
			t.Fatal(err)
		}
		if want := map[string]int{ByAccount: 1}[by]; len(list.list) != want {
			t.Errorf("%s: %d people, not %d", by, len(list.list), want)
		}
		f.purged, list = &ledger.Purged{}, newHits()
		if err := f.confirm(bg, list, rows, by, "900100001"); err != nil || len(list.list) != 2 {
			t.Errorf("%s, with nothing to compare: %d people, %v", by, len(list.list), err)
		}
	}
}

// TestShowWithoutTraces finds people of a ledger that has none.
func TestShowWithoutTraces(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, accounts(t, 1, 2, 3))
	byHand(t, c, "DELETE FROM traces")
	for _, who := range []string{"Person00002@example.com", "9001-00002"} {
		if s := show(t, c, who); len(s.People) != 1 {
			t.Errorf("%s: %d people", who, len(s.People))
		}
	}
	if s := show(t, c, "2065550100"); len(s.People) != 3 {
		t.Errorf("by phone: %d people", len(s.People))
	}
}

// TestShowOfOlder reads ledgers of older versions, and changes nothing in them.
func TestShowOfOlder(t *testing.T) {
	for _, version := range []string{"v1", "v2", "v3", "v4"} {
		text, err := os.ReadFile(filepath.Join("..", "ledger", "sqlite", "testdata", version+".sql"))
		if err != nil {
			t.Fatal(err)
		}
		c := newCampaign(t, "")
		db, err := sql.Open("sqlite", c.path(ledgerFile))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(string(text)); err != nil {
			t.Fatal(err)
		}
		var key []byte
		var address string
		err = db.QueryRow("SELECT r.key, r.address FROM recipients r JOIN attempts a ON a.key = r.key WHERE r.address <> '' LIMIT 1").Scan(&key, &address)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		for _, who := range []string{address, notifier.Key(key).String()} {
			s := show(t, c, who)
			if len(s.People) != 1 || s.People[0].Key != notifier.Key(key).String() || len(s.People[0].Attempts) == 0 {
				t.Errorf("%s: %+v", version, s.People)
			}
		}
		if copies, _ := filepath.Glob(c.path(ledgerFile + ".*.bak")); len(copies) > 0 {
			t.Errorf("%s: show changed the ledger", version)
		}
	}
}

// sent plans and approves a person, and has their notice accepted as a run would.
func sent(t *testing.T, c *Campaign) notifier.Key {
	t.Helper()
	plan(t, c, accounts(t, 1, 2))
	approve(t, c)
	store, err := c.open(bg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	row := rowsOf(t, c)[0]
	notices, err := newComposer(c)
	if err != nil {
		t.Fatal(err)
	}
	claim := notifier.Claim{
		ID: row.Recipient.ID, Key: row.Recipient.Key, Was: notifier.Pending, Attempt: 1, Wave: row.Wave, Relay: "primary",
		At: time.Now().UTC().Truncate(time.Second), Approval: 1,
	}
	_, digest, err := notices.Compose(&row.Recipient, claim.At)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 2)
	store.Claim(claim, func(err error) { done <- err })
	store.Record(notifier.Outcome{Claim: claim, Status: notifier.Accepted, Code: 250, Variant: row.Recipient.Variant.String(), Digest: digest, At: claim.At},
		func(err error) { done <- err })
	for range 2 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	return claim.Key
}

// TestShowAfterPurge finds people by their keyed hashes, and, once those are gone,
// by key only.
func TestShowAfterPurge(t *testing.T) {
	c := newCampaign(t, "")
	key := sent(t, c)
	before := show(t, c, key.String()).People[0]
	purge(t, c, false)
	for _, who := range []string{"person00001@example.com", "900100001", "person00002@example.com"} {
		s := show(t, c, who)
		if len(s.People) != 1 || !s.People[0].ByHash || s.People[0].Name+s.People[0].Address+s.People[0].Phone != "" || s.Purged == nil {
			t.Errorf("%s: %+v", who, s)
		}
	}
	s := show(t, c, before.Reference, "nobody@example.com")
	after := s.People[0]
	if after.ByHash || len(s.NotFound) != 1 || len(after.Attempts) != 1 || after.Attempts[0] != copyKnown(after.Attempts[0], before.Attempts[0]) {
		t.Errorf("by reference: %+v", s)
	}
	_, err := c.Show(bg, ShowOptions{Who: cells([]string{key.String()}), Remake: true, Reveal: true})
	if !errors.Is(err, ledger.ErrPurged) || errors.Is(err, ErrDamaged) {
		t.Errorf("the message is made again: %v", err)
	}
	purge(t, c, true)
	s = show(t, c, "person00001@example.com", key.String())
	if len(s.People) != 1 || len(s.NotFound) != 1 || !s.Purged.ForgotKey {
		t.Errorf("with the traces gone: %+v", s)
	}
}

// copyKnown is b with the pointer of a, where both say the same time.
func copyKnown(a, b Attempt) Attempt {
	if a.Known != nil && b.Known != nil && a.Known.Equal(*b.Known) {
		b.Known = a.Known
	}
	return b
}

func purge(t *testing.T, c *Campaign, forget bool) {
	t.Helper()
	store, err := c.open(bg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	if _, err := store.Purge(bg, ledger.Purge{At: time.Now(), Trace: tracer(make([]byte, 32)), ForgetKey: forget}); err != nil {
		t.Fatal(err)
	}
}

// TestShowMessage makes a message again, and says when it is another one.
func TestShowMessage(t *testing.T) {
	c := newCampaign(t, "")
	key := sent(t, c)
	o := ShowOptions{Who: cells([]string{key.String()}), Remake: true}
	s, err := c.Show(bg, o)
	if err != nil || s.People[0].Message == nil || s.People[0].Message.EML != nil || s.People[0].Message.Digest != s.People[0].Attempts[0].Digest {
		t.Fatalf("%v, %+v", err, s)
	}
	o.Reveal = true
	if s, err = c.Show(bg, o); err != nil || !strings.Contains(*s.People[0].Message.EML, "person00001@example.com") && !strings.Contains(*s.People[0].Message.EML, "person00002@example.com") {
		t.Fatalf("%v, %+v", err, s)
	}
	byHand(t, c, "UPDATE attempts SET digest = zeroblob(31) || x'01' WHERE digest IS NOT NULL AND kind = 0")
	if _, err := c.Show(bg, o); !errors.Is(err, ErrDamaged) {
		t.Errorf("another digest is %v", err)
	}
}

// TestShowWithoutSecret finds people by key and reference without it.
func TestShowWithoutSecret(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, accounts(t, 1))
	p := show(t, c, "person00001@example.com").People[0]
	if err := os.Remove(c.path(secretFile)); err != nil {
		t.Fatal(err)
	}
	if s := show(t, c, p.Key, p.Reference); len(s.People) != 1 {
		t.Errorf("%+v", s)
	}
	var hinted *Hinted
	if _, err := c.Show(bg, ShowOptions{Who: cells([]string{"person00001@example.com"})}); !errors.As(err, &hinted) {
		t.Errorf("by address it is %v", err)
	}
	ctx, cancel := context.WithCancel(bg)
	cancel()
	if _, err := c.Show(ctx, ShowOptions{Who: cells([]string{p.Key})}); !errors.Is(err, context.Canceled) {
		t.Errorf("broken off it is %v", err)
	}
}

// TestShowTriesPhones finds by a phone number that is whole beside an account of
// that number, and by a part of one only where there is no such account.
func TestShowTriesPhones(t *testing.T) {
	c := newCampaign(t, "")
	export := c.path("export.csv")
	write(t, export, `Name,ZIP,Phone,Email,Account Number,Account Type
Ann Able,98101,206-555-0101,ann@example.com,5550188,prepaid
Bo Best,98101,555-0188,bo@example.com,2065550101,prepaid
Cy Cole,98101,555-0199,cy@example.com,900103,prepaid
`)
	plan(t, c, export)
	for who, want := range map[string]string{"(206) 555 0101": "ann bo", "555.0188": "ann", "555.0199": "cy", "+1 206 555 0101": "ann"} {
		s, err := c.Show(bg, ShowOptions{Who: cells([]string{who}), Reveal: true})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i := range s.People {
			name, _, _ := strings.Cut(s.People[i].Address, "@")
			got = append(got, name)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s finds %v, not %s", who, got, want)
		}
	}
}
