package campaign

import (
	"encoding/csv"
	"path/filepath"

	"breachmail/notifier"
	"breachmail/notifier/internal/atomicfile"
	"breachmail/notifier/ledger"
)

// lateFile lists accounts that came after their people's notice was approved
// or claimed: "added after notice". The notice does not name them.
type lateFile struct {
	path string
	file *atomicfile.File // nil until there is one
	csv  *csv.Writer
}

func newLateFile(out string) *lateFile {
	return &lateFile{path: filepath.Join(out, "added-after-notice.csv")}
}

// add lists one person's late accounts.
func (l *lateFile) add(late ledger.Late) error {
	if l.file == nil {
		f, err := atomicfile.Create(l.path, personal)
		if err != nil {
			return err
		}
		l.file, l.csv = f, csv.NewWriter(f)
		if err := l.csv.Write([]string{"reference", "key", "account_number", "account_type", "export"}); err != nil {
			return err
		}
	}
	for _, a := range late.Accounts {
		if err := l.csv.Write(lateRow(late, a)); err != nil {
			return err
		}
	}
	return nil
}

func lateRow(late ledger.Late, a notifier.Held) []string {
	return []string{late.Key.Reference(), late.Key.String(), a.Number.Reveal(), string(a.Type), late.Export}
}

// finish puts the file in place, where there is something in it.
func (l *lateFile) finish() error {
	if l.file == nil {
		return nil
	}
	l.csv.Flush()
	if err := l.csv.Error(); err != nil {
		return err
	}
	return l.file.Commit()
}

// abort leaves no file behind unless finish was reached.
func (l *lateFile) abort() {
	if l.file != nil {
		l.file.Abort()
	}
}
