package campaign

import (
	"context"
	"errors"
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

	// Approved names who has approved what the page shows, as many as have to;
	// empty where not as many have. Awaited says who has so far.
	Approved string
	Awaited  Awaited
}

// Preview writes the bundle that counsel reads into out/preview, or, of real
// recipients, into out/preview-real.
func (c *Campaign) Preview(ctx context.Context, o PreviewOptions) (*Previewed, error) {
	keys, err := o.check(c.Dir)
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
	judged, err := review.Judge(m)
	if err != nil {
		return nil, err
	}
	if len(p.Open) == 0 {
		p.Lint = judged.Findings
		if err := c.markWaived(ctx, r, p.Lint); err != nil {
			return nil, err
		}
	}
	data, err := c.pageData(ctx, r, &looked{t, m, judged.Checklist, p, batches, o.Real})
	if err != nil {
		return nil, err
	}
	if err := c.sameBatches(ctx, r, batches); err != nil {
		return nil, err
	}
	p.Samples, p.Words, p.Code = len(data.Samples), data.Reading.Words, data.Code.String()
	return p, c.writePreview(p, data, o, keys)
}

// within reports whether path lies in dir or below it.
func within(dir, path string) bool {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	if path, err = filepath.Abs(path); err != nil {
		return false
	}
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// sameBatches is an error where somebody has planned meanwhile: then what was
// read does not belong together.
func (c *Campaign) sameBatches(ctx context.Context, r ledger.Reader, batches []ledger.Batch) error {
	now, err := c.planned(ctx, r)
	if err == nil && !slices.Equal(lists(now), lists(batches)) {
		err = hint(errors.New("recipients were planned while the preview was made"), "make it again: %s", c.Command("preview"))
	}
	return err
}

// check judges the options by themselves, and reads the keys.
func (o *PreviewOptions) check(dir string) (bundle.Keys, error) {
	switch {
	case len(o.Keys) > 0 && o.Zip == "":
		return nil, hint(fmt.Errorf("%w: --age without --zip", ErrUsage), "only an archive is encrypted: add --zip FILE")
	case o.Real && o.Zip != "" && len(o.Keys) == 0:
		return nil, hint(fmt.Errorf("%w: --real with --zip, and not encrypted", ErrUsage), "an archive of personal data is only written encrypted: add --age KEY of whom it is for")
	}
	if o.Zip != "" && within(dir, o.Zip) && !within(filepath.Join(dir, outDir), o.Zip) {
		return nil, hint(fmt.Errorf("%w: --zip %s is among the campaign's own files", ErrUsage, o.Zip), "name a file elsewhere, or in %s", filepath.Join(dir, outDir))
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
	if c.unsigned != nil {
		p.Open = append(p.Open, review.Finding{File: ConfigFile, Text: c.unsigned.Error()})
	}
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
	checklist []review.StateChecklist
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
	if c.signers != nil {
		d.MaySign = c.signers.Keys()
	}
	d.Command = c.ApproveCommand(d.Code.String(), p.Lint)
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
	said := fmt.Sprintf("I have read the notices about the incident of %s at %s that are to be sent by email to %s, with the subject %q, "+
		"and the texts for the website and the call center, and agree that they are used as shown under the approval code %x.",
		d.IncidentDates, d.Company, Many(int64(d.Email), "person", "people"), d.Subject, d.Code)
	if d.Postal > 0 {
		said += fmt.Sprintf(" Letters to %s are not part of this.", Many(int64(d.Postal), "person", "people"))
	}
	var seen []string
	for i := range d.Findings {
		f := &d.Findings[i]
		if f.Level != LevelError || f.Waived == "" || slices.Contains(seen, f.Name()) {
			continue
		}
		seen = append(seen, f.Name())
		said += fmt.Sprintf(" I approve in spite of %s, because: %s.", f.Name(), f.Waived)
	}
	return said
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
	var waivers []Waiver
	for i := range findings {
		if f := &findings[i]; f.Waived != "" && f.Level == LevelError {
			waivers = append(waivers, Waiver{Rule: f.Rule, State: f.State, Reason: f.Waived})
		}
	}
	return c.approveLine(code, waivers)
}

func (c *Campaign) approveLine(code string, waivers []Waiver) string {
	line := `approve --by "NAME, ROLE"`
	said := map[string]bool{}
	for _, w := range waivers {
		waiver := " --waive " + w.Name() + " --reason " + quote(w.Reason)
		if !said[waiver] {
			said[waiver] = true
			line += waiver
		}
	}
	if c.Config.Approvals.Signers != "" {
		line += " --key FILE"
	}
	return c.Command(line + " --digest " + code)
}

func (c *Campaign) writePreview(p *Previewed, d bundle.PageData, o PreviewOptions, keys bundle.Keys) error {
	name := previewDir
	if d.Real {
		name = previewRealDir
	}
	out, err := makeOut(c.Dir, name)
	if err != nil {
		return err
	}
	unlock, err := alone(out)
	if err != nil {
		return err
	}
	defer unlock()
	p.Page = filepath.Join(out, "index.html")
	if err := bundle.Write(out, d); err != nil || o.Zip == "" {
		return err
	}
	return bundle.Zip(o.Zip, out, keys)
}
