package sqlite

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

func TestBackupIsMarked(t *testing.T) {
	ctx := context.Background()
	path := sample(t)
	to := filepath.Join(t.TempDir(), "copy.db")
	c, err := Backup(ctx, path, to, time.Now())
	if err != nil || c.Seq != 4 {
		t.Fatal(c, err)
	}
	s, err := Open(ctx, to)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got, err := s.Copied(ctx)
	if err != nil || got == nil || got.Seq != 4 || got.Head != c.Head {
		t.Fatal(got, err)
	}
	if _, err := s.Start(ctx, ledger.Start{}); !errors.Is(err, ledger.ErrCopy) {
		t.Fatal(err)
	}
	if err := s.Adopt(ctx, ledger.Adoption{Epoch: 7}); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Start(ctx, ledger.Start{}); n != 8 || err != nil {
		t.Fatal(n, err)
	}
	if err := ledger.Audit(ctx, s); err != nil {
		t.Fatal(err)
	}
}

func TestPurgeLeavesNothing(t *testing.T) {
	ctx := context.Background()
	path := sample(t)
	s, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	f := func(r *notifier.Recipient) ledger.Traces {
		k := notifier.NewKeyer([]byte("secret"))
		t := ledger.Traces{Address: k.Trace(notifier.TraceAddress, r.Address.Reveal())}
		for _, a := range r.Accounts {
			t.Accounts = append(t.Accounts, k.Trace(notifier.TraceAccount, a.Number.Reveal()))
		}
		return t
	}
	p, err := s.Purge(ctx, ledger.Purge{At: time.Now(), Trace: f})
	if err != nil || p.People != 10 {
		t.Fatal(p, err)
	}
	files, _ := filepath.Glob(path + "*")
	for _, name := range files {
		b, _ := os.ReadFile(name)
		for _, v := range []string{"someone", "Some One", "123456789", "Premium"} {
			if bytes.Contains(b, []byte(v)) {
				t.Errorf("%s holds %s", filepath.Base(name), v)
			}
		}
	}
	rows, err := s.Find(ctx, notifier.TraceAccount, notifier.NewKeyer([]byte("secret")).Trace(notifier.TraceAccount, "123456789"), f)
	if len(rows) != 10 || err != nil {
		t.Error(len(rows), err)
	}
	h, err := s.History(ctx, notifier.Key{2})
	if len(h) != 1 || err != nil {
		t.Error(h, err)
	}
	if err := ledger.Audit(ctx, s); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
