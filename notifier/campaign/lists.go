package campaign

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"breachmail/notifier"
	"breachmail/notifier/export"
	"breachmail/notifier/intake"
	"breachmail/notifier/ledger"
	"breachmail/notifier/ledger/sqlite"
)

// readList reads the lists at paths into one, or returns nil where there are
// none. A directory, or its ledger, that is a campaign stands for everyone
// whose notice its relays have taken. What placeholders names is no address.
func readList(ctx context.Context, paths []string, identity []byte, placeholders []string) (*intake.List, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	list := intake.NewList(placeholders...)
	for _, path := range paths {
		var err error
		if dir := campaignDir(path); dir != "" {
			err = addCampaign(ctx, list, dir)
		} else {
			err = addFiles(ctx, list, path, identity)
		}
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// addCampaign adds the recipients whom another campaign has told.
func addCampaign(ctx context.Context, list *intake.List, dir string) error {
	secret, err := readSecret(filepath.Join(dir, secretFile))
	if err != nil {
		return err
	}
	r, err := sqlite.OpenReader(ctx, filepath.Join(dir, ledgerFile))
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // it was only read
	var keys []notifier.Key
	err = r.Each(ctx, func(row ledger.Row) error {
		if row.Status == notifier.Accepted {
			keys = append(keys, row.Recipient.Key)
		}
		return ctx.Err()
	})
	list.AddKeys(secret, keys)
	return err
}

// addFiles adds what stands in the lists at path.
func addFiles(ctx context.Context, list *intake.List, path string, identity []byte) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return hint(fmt.Errorf("%s is a directory without a campaign's %s and %s", path, ledgerFile, secretFile),
			"name a list of addresses or account numbers, or another campaign's directory")
	}
	files, err := export.List([]string{path})
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := addFile(ctx, list, f, identity); err != nil {
			return err
		}
	}
	return nil
}

func addFile(ctx context.Context, list *intake.List, f export.File, identity []byte) error {
	r, err := export.OpenList(f, export.Options{Identity: identity})
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // it was only read
	before := list.Unusable()
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		list.Add(intake.Entry{Email: e.Email, Number: e.Number, Name: e.Name, Named: e.Named})
		// A list that is half understood is worse than none: who is left out of
		// it is written to again.
		if list.Unusable() > before {
			return fmt.Errorf("%s:%d: neither an email address nor an account number (correct the line, or take it out)", e.Source.File, e.Source.Line)
		}
		if ctx.Err() != nil {
			return ErrInterrupted
		}
	}
}
