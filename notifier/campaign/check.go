package campaign

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"breachmail/notifier"
	"breachmail/notifier/export"
	"breachmail/notifier/intake"
	"breachmail/notifier/ledger"
)

// Checked is what exports hold.
type Checked struct {
	Reading
	Status   Status // rows and recipients
	States   map[string]int64
	Variants map[string]int64
	Postal   map[string]int64 // by reason
}

// Check reads exports and says what is in them. It works in any directory; a
// campaign.yaml there helps with column names. It writes dir/out/check and
// changes nothing else.
func Check(ctx context.Context, dir string, paths []string, progress func(file string, rows int64)) (*Checked, error) {
	opts, cfg, err := checkOptions(dir)
	if err != nil {
		return nil, err
	}
	out, err := makeOut(dir, "check")
	if err != nil {
		return nil, err
	}
	secret := make([]byte, 32) // keys are only compared here, and not kept
	if _, err := rand.Read(secret); err != nil {
		return nil, err
	}
	in, err := intake.New(intake.Options{Secret: secret, TempDir: out, UnknownState: cfg.Email.UnknownState})
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	r, err := newReading(out, in, opts, progress)
	if err != nil {
		return nil, err
	}
	defer r.abort()
	if err := r.all(ctx, paths, nil); err != nil {
		return nil, err
	}
	return r.check(ctx)
}

// checkOptions takes column names from a campaign, where there is one.
func checkOptions(dir string) (export.Options, *Config, error) {
	cfg, err := LoadConfig(filepath.Join(dir, ConfigFile))
	var wrong ConfigErrors
	switch {
	case errors.Is(err, fs.ErrNotExist):
		cfg = defaultConfig()
	case errors.As(err, &wrong):
		// An unfinished campaign.yaml is no reason not to look at an export.
		cfg = defaultConfig()
	case err != nil:
		return export.Options{}, nil, err
	}
	return export.Options{Columns: cfg.Exports.Columns}, cfg, nil
}

// all reads every export that was not planned before; known is nil where none
// was.
func (r *reading) all(ctx context.Context, paths []string, known ledger.Reader) error {
	seen := map[notifier.Digest]string{}
	for _, path := range paths {
		digest, err := sum(path)
		if err != nil {
			return err
		}
		if twin, twice := seen[digest]; twice {
			return hint(fmt.Errorf("%s and %s are the same file", twin, path), "name it once")
		}
		seen[digest] = path
		if known != nil {
			_, planned, err := known.Export(ctx, digest)
			if err != nil {
				return err
			}
			if planned {
				r.Exports = append(r.Exports, ReadExport{Path: path, Digest: digest, Skipped: true})
				continue
			}
		}
		if err := r.export(ctx, path, digest); err != nil {
			return err
		}
	}
	return nil
}

func sum(path string) (notifier.Digest, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return notifier.Digest{}, hint(fmt.Errorf("%s is a directory", path), "name the files in it")
	}
	return export.Sum(path)
}

func (r *reading) check(ctx context.Context) (*Checked, error) {
	c := &Checked{States: map[string]int64{}, Variants: map[string]int64{}, Postal: map[string]int64{}}
	people := &c.Status.Recipients
	for g, err := range r.intake.Recipients(ctx) {
		if err != nil {
			return nil, err
		}
		people.Total++
		c.States[g.Recipient.State]++
		if g.Recipient.Channel == notifier.Postal {
			people.Postal++
			c.Postal[g.Recipient.Reason]++
			continue
		}
		people.Email++
		c.Variants[g.Recipient.Variant.String()]++
	}
	if err := r.finish(); err != nil {
		return nil, err
	}
	for _, e := range r.Exports {
		c.Status.Rows.Read += e.Rows
		c.Status.Rows.Rejected += e.Rejected
	}
	c.Status.Rows.Merged = c.Status.Rows.Read - c.Status.Rows.Rejected - people.Total
	c.Status.Notices.Pending = people.Email
	c.Status.Phase = PhaseEmpty
	c.Status.Waves = []WaveStatus{}
	c.Status.Balanced = true
	c.Reading = r.Reading
	return c, nil
}
