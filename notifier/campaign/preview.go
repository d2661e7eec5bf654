package campaign

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"breachmail/notifier/ledger"
	"breachmail/notifier/review"
	"breachmail/notifier/review/bundle"
)

// Finding is something that has to be settled before an approval.
type Finding = review.Finding

// PreviewOptions tell what a preview is made of, and for whom.
type PreviewOptions struct {
	Real bool     // of real recipients: the bundle holds personal data
	Zip  string   // also write one archive of it to this file
	Keys []string // whom the archive is encrypted to: age or SSH public keys, or files of them
}

// Previewed is what a preview made.
type Previewed struct {
	Page    string    // path of the page
	Samples int       // wordings shown
	Words   int       // how many there are to read
	Code    string    // hex of the approval code
	Open    []Finding // what has to be filled in before it can be approved
	Lint    []Finding // what else is to be known or settled; not looked for while something is open
	Status  Status
}

// Preview writes the bundle that counsel reads into out/preview, or, of real
// recipients, into out/preview-real.
func (c *Campaign) Preview(ctx context.Context, o PreviewOptions) (*Previewed, error) {
	keys, err := o.check()
	if err != nil {
		return nil, err
	}
	r, err := c.reader(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	batches, err := c.planned(ctx, r)
	if err != nil {
		return nil, err
	}
	held, err := c.held()
	if err != nil {
		return nil, err
	}
	p := &Previewed{}
	if p.Status, err = c.status(ctx, r, held); err != nil {
		return nil, err
	}
	t, err := c.draft(p, batches)
	if err != nil {
		return nil, err
	}
	m, err := c.material(ctx, r, t)
	if err != nil {
		return nil, err
	}
	if len(p.Open) == 0 {
		if p.Lint, err = c.findings(ctx, r, m); err != nil {
			return nil, err
		}
	}
	data, err := c.pageData(ctx, r, &looked{t, m, p, batches, o.Real})
	if err != nil {
		return nil, err
	}
	p.Samples, p.Words, p.Code = len(data.Samples), data.Reading.Words, hexOf(data.Code)
	return p, c.writePreview(p, data, o, keys)
}

// check judges the options by themselves, and reads the keys.
func (o *PreviewOptions) check() (bundle.Keys, error) {
	switch {
	case len(o.Keys) > 0 && o.Zip == "":
		return nil, hint(fmt.Errorf("%w: --age without --zip", ErrUsage), "only an archive is encrypted: add --zip FILE")
	case o.Real && o.Zip != "" && len(o.Keys) == 0:
		return nil, hint(fmt.Errorf("%w: --real with --zip, and not encrypted", ErrUsage), "an archive of personal data is only written encrypted: add --age KEY of whom it is for")
	}
	keys, err := bundle.ParseKeys(o.Keys)
	if err != nil {
		return nil, fmt.Errorf("%w: --age: %w", ErrUsage, err)
	}
	return keys, nil
}

// draft makes the text, incomplete where campaign.yaml is, and lists what is
// open.
func (c *Campaign) draft(p *Previewed, batches []ledger.Batch) (*text, error) {
	p.Open = c.todos()
	t, err := c.text(sampleDay(batches), false)
	if err == nil {
		return t, nil
	}
	if len(p.Open) == 0 {
		p.Open = append(p.Open, review.Finding{File: ConfigFile, Text: err.Error()})
	}
	return c.text(sampleDay(batches), true)
}

// todos lists every place that still says TODO: values in campaign.yaml, lines
// of templates and of the law data.
func (c *Campaign) todos() []review.Finding {
	var list []review.Finding
	for _, todo := range TODOs(c.path(ConfigFile), c.config) {
		list = append(list, review.Finding{File: ConfigFile, Line: todo.Line, Text: todo.Key + " is still TODO"})
	}
	files := map[string][]byte{lawFile: c.law}
	for name, file := range c.templates {
		files[templatesDir+"/"+name] = file.Data
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for i, line := range strings.Split(string(files[name]), "\n") {
			if todoPattern.MatchString(line) {
				list = append(list, review.Finding{File: name, Line: i + 1, Text: "this line still says TODO"})
			}
		}
	}
	return list
}

// looked is what a page shows: what is said, judged, of which plan.
type looked struct {
	*text
	review.Material
	*Previewed
	batches []ledger.Batch
	real    bool
}

func (c *Campaign) pageData(ctx context.Context, r ledger.Reader, l *looked) (bundle.PageData, error) {
	cfg, p := c.Config, l.Previewed
	d := bundle.PageData{
		Company: cfg.Incident.Company, Campaign: cfg.Campaign, Subject: cfg.Sender.Subject, From: cfg.Sender.From.String(),
		IncidentDates: dates(cfg.Incident.Occurred), Generated: time.Now(),
		Recipients: int(p.Status.Recipients.Total), Email: int(p.Status.Recipients.Email), Postal: int(p.Status.Recipients.Postal),
		TODOs: p.Open, Findings: p.Lint, TextDigest: l.digest(), Code: review.Code(l.digest(), lists(l.batches)),
		Needed: cfg.Approvals.Required, Real: l.real,
	}
	d.Command = c.ApproveCommand(hexOf(d.Code), p.Lint)
	d.Statement = c.agreement(&d)
	for _, b := range l.batches {
		d.Batches = append(d.Batches, bundle.Batch{Number: b.Number, Recipients: int(b.Size()), Digest: b.Digest})
	}
	groups, err := r.Groups(ctx)
	if err != nil {
		return d, err
	}
	c.pageLaw(&d, groups, p)
	for _, step := range []func() error{
		func() error { return c.addSamples(ctx, r, &d, l) },
		func() error { return c.addReading(&d, l) },
		func() error { return c.addApprovals(ctx, r, &d, l, groups) },
	} {
		if err := step(); err != nil {
			return d, err
		}
	}
	return d, nil
}

// agreement is what counsel can send back to approve.
func (c *Campaign) agreement(d *bundle.PageData) string {
	return fmt.Sprintf("I have read the notices about the incident of %s at %s that are to be sent with the subject %q, to %s by email and %s by post, "+
		"and agree that they are sent as shown under the approval code %x.",
		d.IncidentDates, d.Company, d.Subject, Many(int64(d.Email), "person", "people"), Number(int64(d.Postal)), d.Code)
}

func dates(r DateRange) string {
	const layout = "January 2, 2006"
	switch {
	case r.From.IsZero():
		return "TODO"
	case r.To.IsZero() || r.To == r.From:
		return r.From.Time().Format(layout)
	}
	return r.From.Time().Format(layout) + " to " + r.To.Time().Format(layout)
}

// ApproveCommand is the line that records the approval of what has that code,
// with the waivers that these findings have already.
func (c *Campaign) ApproveCommand(code string, findings []Finding) string {
	line := `approve --by "NAME, ROLE"`
	said := map[string]bool{}
	for i := range findings {
		f := &findings[i]
		waiver := " --waive " + f.Name() + " --reason " + quote(f.Waived)
		if f.Waived != "" && f.Level == LevelError && !said[waiver] {
			said[waiver] = true
			line += waiver
		}
	}
	return c.Command(line + " --digest " + code[:review.ShortCode])
}

func (c *Campaign) writePreview(p *Previewed, d bundle.PageData, o PreviewOptions, keys bundle.Keys) error {
	name := "preview"
	if d.Real {
		name = "preview-real"
	}
	out, err := makeOut(c.Dir, name)
	if err != nil {
		return err
	}
	p.Page = filepath.Join(out, "index.html")
	if err := bundle.Write(out, d); err != nil || o.Zip == "" {
		return err
	}
	return bundle.Zip(o.Zip, out, keys)
}
