package campaign

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"breachmail/notifier/intake"
	"breachmail/notifier/internal/atomicfile"
	"breachmail/notifier/ledger"
	"breachmail/notifier/notice"
	"breachmail/notifier/report"
)

// Checked is what exports hold.
type Checked struct {
	Profile *Profile
	Status  Status // what it would be after a first plan of these exports
	Page    string // the same to look at, in a browser
	Law     Outlook
	NoDay   bool  // nobody said when the incident was discovered
	Unread  error // why campaign.yaml was not used, though there is one
	Batches int   // that the campaign has planned already; its people are not told apart here
}

// Check reads exports and says what is in them. It works in any directory; a
// campaign there says how they are read and judged, as it does for plan. It
// writes dir/out/check and changes nothing else.
func Check(ctx context.Context, dir string, input Input, progress func(Step)) (*Checked, error) {
	c, unread, err := checking(dir)
	if err != nil {
		return nil, err
	}
	out, err := makeOut(dir, checkDir)
	if err != nil {
		return nil, err
	}
	unlock, err := alone(out)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := sweep(out); err != nil {
		return nil, err
	}
	secret, err := c.checkSecret()
	if err != nil {
		return nil, err
	}
	r, err := c.begin(ctx, out, secret, c.notices(), &input, progress)
	if err != nil {
		return nil, err
	}
	defer r.close()
	p, batches, err := r.check(ctx, c)
	if err != nil {
		return nil, err
	}
	counts := map[string]int64{}
	for _, state := range p.States {
		counts[state.Name] = state.Count
	}
	holds, _, err := c.holds(ctx, nil)
	if err != nil {
		return nil, err
	}
	checked := &Checked{
		Profile: p, Status: checkedStatus(c.Config.Campaign, p), Law: c.outlook(counts, p.Recipients.Email, holds),
		NoDay: c.Config.Incident.Discovered.IsZero(),
		Page:  filepath.Join(out, "index.html"), Unread: unread, Batches: batches,
	}
	return checked, atomicfile.Write(checked.Page, personal, func(w io.Writer) error {
		return report.WritePage(w, p, report.About{Title: "What is in the exports", When: time.Now()})
	})
}

// checking returns the campaign in dir or, where there is none that can be
// read, one with the defaults, and what is wrong with its campaign.yaml: an
// unfinished one is no reason not to look at an export.
func checking(dir string) (c *Campaign, unread, err error) {
	c, err = Open(dir)
	if err == nil {
		return c, nil, nil
	}
	law, _, lawErr := readLaw(dir)
	if lawErr != nil {
		return nil, nil, lawErr
	}
	cfg, cfgErr := LoadConfig(filepath.Join(dir, ConfigFile))
	var wrong ConfigErrors
	switch {
	case cfgErr == nil:
		return &Campaign{Dir: dir, Config: cfg, Law: law}, nil, nil
	case errors.Is(cfgErr, fs.ErrNotExist):
		return &Campaign{Dir: dir, Config: defaultConfig(), Law: law}, nil, nil
	case errors.As(cfgErr, &wrong):
		return &Campaign{Dir: dir, Config: defaultConfig(), Law: law}, cfgErr, nil
	}
	return nil, nil, err
}

// checkSecret is the campaign's, so that keys are those of the plan, or where
// there is none one that nobody keeps.
func (c *Campaign) checkSecret() ([]byte, error) {
	if _, err := os.Stat(c.path(secretFile)); !errors.Is(err, fs.ErrNotExist) {
		return readSecret(c.path(secretFile))
	}
	secret := make([]byte, 32)
	_, err := rand.Read(secret)
	return secret, err
}

// begin opens the exports and lists of a run that writes into the folder out.
// Notices say who gets which, and are nil where there are none.
func (c *Campaign) begin(ctx context.Context, out string, secret []byte, notices *notice.Notice, input *Input, progress func(Step)) (*reading, error) {
	cfg := &c.Config.Exports
	opened, err := input.open(ctx, out, c.path(outDir), cfg)
	if err == nil {
		err = opened.spare(filepath.Join(out, "rejected.csv"))
	}
	if err != nil {
		_ = os.Remove(out) // fails where something is in it
		return nil, err
	}
	r, err := newReading(out, secret, opened, cfg, progress)
	if err != nil {
		opened.close()
		return nil, err
	}
	opts := intake.Options{
		Secret: secret, TempDir: out, UnknownState: c.Config.Email.UnknownState, Statute: c.statute(),
		Placeholders: cfg.Placeholders, Extra: sortedKeys(cfg.Extra),
	}
	if notices != nil {
		opts.Languages, opts.Variant = notices.Languages(), notices.Variant
	}
	r.toldBefore, err = readList(ctx, input.AlreadyTold, opened.opts.Identity, cfg.Placeholders)
	if err == nil {
		r.noEmail, err = readList(ctx, input.NoEmail, opened.opts.Identity, cfg.Placeholders)
	}
	if err == nil {
		opts.Told, opts.NoEmail = r.toldBefore, r.noEmail
		r.opts = opts
		r.intake, err = intake.New(opts)
	}
	if err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

// notices are what the templates make, and nil where they cannot be read.
func (c *Campaign) notices() *notice.Notice {
	if c.templates == nil {
		return nil
	}
	n, err := c.compile(time.Now(), true)
	if err != nil {
		return nil
	}
	return n
}

// known opens the ledger for reading, where there is one.
func (c *Campaign) known(ctx context.Context) (ledger.Reader, func(), int, error) {
	reader, err := c.reader(ctx)
	if errors.Is(err, ErrNothingPlanned) {
		return nil, func() {}, 0, nil
	}
	if err != nil {
		return nil, nil, 0, err
	}
	end := func() { _ = reader.Close() } // it was only read
	batches, err := reader.Batches(ctx)
	if err != nil {
		end()
	}
	return reader, end, len(batches), err
}

// check reads everything as plan would, and returns how many batches there
// are already.
func (r *reading) check(ctx context.Context, c *Campaign) (*Profile, int, error) {
	known, end, batches, err := c.known(ctx)
	if err != nil {
		return nil, 0, err
	}
	defer end()
	r.again = true
	if err := r.all(ctx, known); err != nil {
		return nil, 0, err
	}
	if err := r.settle(ctx, known); err != nil {
		return nil, 0, err
	}
	p, err := r.profile(ctx)
	return p, batches, err
}

// profile groups what was read, and finishes the lists.
func (r *reading) profile(ctx context.Context) (*Profile, error) {
	f := r.fold()
	defer f.abort()
	for g, err := range r.intake.Recipients(ctx) {
		if err == nil {
			err = f.add(&g)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := f.finish(); err != nil {
		return nil, err
	}
	if err := r.finish(); err != nil {
		return nil, err
	}
	return f.profile()
}

func checkedStatus(campaign string, p *Profile) Status {
	return Status{
		Campaign:   campaign,
		Phase:      PhaseEmpty,
		Rows:       ledger.Rows(p.Rows),
		Recipients: ledger.Recipients(p.Recipients),
		Notices:    ledger.Notices{Pending: p.Recipients.Email},
		Waves:      []WaveStatus{},
		Balanced:   true,
	}
}
