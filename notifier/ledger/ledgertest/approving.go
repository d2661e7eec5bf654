package ledgertest

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

func approval(code string) ledger.Approval {
	return ledger.Approval{
		By: "A. Counsel, General Counsel", Text: "t", Lists: map[int]string{1: "l"}, Code: code,
		Items: map[string]string{"notice.txt": "d"}, At: at,
	}
}

// approve records an approval.
func (f *fixture) approve(a ledger.Approval, contents ...[]byte) (seq int64) {
	f.t.Helper()
	seq, err := f.Approve(ctx, a, contents)
	f.must(err)
	return seq
}

// wantContent checks that a piece is kept.
func (f *fixture) wantContent(content []byte) {
	f.t.Helper()
	got, ok, err := f.Content(ctx, sha256.Sum256(content))
	f.must(err)
	f.want(ok, true)
	if !bytes.Equal(got, content) {
		f.t.Fatalf("got %d other bytes than the %d that were approved", len(got), len(content))
	}
}

// noise is what cannot be made shorter.
func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

func approvalLasts(_ *testing.T, f *fixture) {
	a := approval("c")
	a.Note, a.Proof, a.Program, a.Campaign = "by phone, 3 pm", "5f", "1.2.3", "aug-2018"
	a.Signature, a.Principal = "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n", "counsel@example.com"
	a.Altered = true // whoever says so before it is written is not believed
	a.Seq = f.approve(a)
	a.Altered = false
	f.reopen()
	list, err := f.Approvals(ctx)
	f.must(err)
	f.want(len(list), 1)
	f.want(list[0].At.Equal(at), true)
	list[0].At = at
	f.want(list[0], a)
}

func contentsLast(_ *testing.T, f *fixture) {
	pieces := [][]byte{
		[]byte("Dear {{.Name}},\r\n"), {}, {0}, noise(20_000), bytes.Repeat([]byte("a sample of 9 KB "), 500),
		[]byte("<p>\xff\xfe\x00</p>"),
	}
	f.approve(approval("one"), pieces[:4]...)
	f.approve(approval("two"), pieces[3:]...)
	f.approve(approval("three"))
	f.reopen()
	for _, p := range pieces {
		f.wantContent(p)
	}
	got, ok, err := f.Content(ctx, sha256.Sum256([]byte("what nobody approved")))
	f.must(err)
	f.want(ok, false)
	f.want(len(got), 0)
	seq, _, err := f.Head(ctx)
	f.must(err)
	f.want(seq, 3) // contents are no evidence of their own
}

// contentsOnce sees by the store's size what it keeps.
func contentsOnce(_ *testing.T, f *fixture) {
	const size = 100_000
	piece := noise(size)
	f.approve(approval("0"), piece, piece)
	f.reopen()
	first := f.size()
	for n := range 5 {
		f.approve(approval(fmt.Sprint(n+1)), piece, fmt.Appendf(nil, "sample %d", n))
		f.wantContent(piece)
	}
	f.reopen()
	if more := f.size() - first; more > size {
		f.t.Fatalf("approving the same %d bytes 5 times more took %d", size, more)
	}
	f.wantContent(piece)
}

// size is what the store takes on the disk while it is closed, in bytes.
func (f *fixture) size() (n int64) {
	f.t.Helper()
	f.must(f.Store.Close())
	f.must(filepath.WalkDir(f.dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	}))
	f.Store = f.open(f.t, f.dir)
	return n
}

// alteredIsSeen changes a word of one approval, and puts it back.
func alteredIsSeen(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	var seqs []int64
	for _, code := range []string{"first", "second", "third"} {
		seqs = append(seqs, f.approve(approval(code)))
		f.settle(f.pending()[0], notifier.Accepted)
	}
	check := func(codes ...string) {
		f.t.Helper()
		list, err := f.Approvals(ctx)
		f.must(err)
		var got []string
		for i, a := range list {
			f.want(a.Seq, seqs[i])
			got = append(got, fmt.Sprint(a.Code, " ", a.Altered))
		}
		f.want(got, codes)
	}
	check("first false", "second false", "third false")
	f.alter(f.t, f.dir, seqs[1], "second", "changed")
	check("first false", "changed true", "third false")
	f.reopen()
	check("first false", "changed true", "third false")
	if ledger.Audit(ctx, f.Store) == nil {
		f.t.Fatal("the audit has not seen it")
	}
	f.alter(f.t, f.dir, seqs[1], "changed", "second")
	check("first false", "second false", "third false")
}

// testOf is the outcome of a test message, with things in it that are nobody
// else's to keep.
func testOf(r ledger.Row, s notifier.Status, relay, variant string) notifier.Outcome {
	o := outcomeOf(claimOf(r), s)
	o.Claim.Relay, o.Variant = relay, variant
	return o
}

func testsAreEvidence(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	row := f.pending()[0]
	before, err := f.Totals(ctx)
	f.must(err)
	note := ledger.TestNote{Domain: "example.com", MessageID: "test.1@mail.example.com"}
	planned := row.Recipient.Variant.String()
	for i, c := range []struct {
		status         notifier.Status
		relay, variant string
	}{
		{notifier.Accepted, "spare", planned}, // a relay that has sent nothing yet
		{notifier.Refused, "primary", planned},
		{notifier.Unknown, "spare", "notice-en-nowhere"},
		{notifier.Deferred, "", ""},
	} {
		seq, err := f.RecordTest(ctx, testOf(row, c.status, c.relay, c.variant), note)
		f.must(err)
		f.want(seq, i+1)
	}
	f.reopen()
	after, err := f.Totals(ctx)
	f.must(err)
	f.want(after, before) // also that nothing has begun
	var notes []string
	f.must(f.Evidence(ctx, func(e ledger.Evidence) error {
		o := e.Outcome
		f.want(e.Kind, ledger.KindTest)
		f.want(o.Claim.At.Equal(at), true)
		f.want(o.At.Equal(outcomeOf(claimOf(row), o.Status).At), true)
		o.Claim.At, o.At = at, at
		want := outcomeOf(notifier.Claim{At: at, Relay: o.Claim.Relay}, o.Status)
		want.Variant, want.At, want.Tries, want.Due = o.Variant, at, 0, o.Due
		f.want(o, want)
		notes = append(notes, fmt.Sprint(o.Status, " ", o.Claim.Relay, " ", o.Variant, " ", e.Note))
		return nil
	}))
	const plain = `{"domain":"example.com","message_id":"test.1@mail.example.com"}`
	f.want(notes, []string{
		"accepted spare " + planned + " " + plain,
		"refused primary " + planned + " " + plain,
		"unknown spare  " + strings.TrimSuffix(plain, "}") + `,"variant":"notice-en-nowhere"}`,
		"deferred   " + plain,
	})
	f.settle(row, notifier.Accepted) // the recipient is as pending as before
}

func testsAreRefused(t *testing.T, f *fixture) {
	f.plan("a", 50)
	row := f.pending()[0]
	for _, c := range []struct {
		status notifier.Status
		domain string
	}{{notifier.Pending, "example.com"}, {notifier.InFlight, "example.com"}, {"", "example.com"}, {notifier.Accepted, "ana@example.com"}} {
		if _, err := f.RecordTest(ctx, testOf(row, c.status, "primary", ""), ledger.TestNote{Domain: c.domain}); err == nil {
			t.Errorf("a test that is %q, to %s, was recorded", c.status, c.domain)
		}
	}
	seq, _, err := f.Head(ctx)
	f.must(err)
	f.want(seq, 0)
	f.approve(approval("c")) // the store is well
}
