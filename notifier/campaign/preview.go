package campaign

import (
	"context"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/internal/atomicfile"
	"breachmail/notifier/ledger"
	"breachmail/notifier/review"
	"breachmail/notifier/review/bundle"
)

// Finding is something that has to be settled before an approval.
type Finding = review.Finding

// Previewed is what a preview made.
type Previewed struct {
	Page    string    // path of the page
	Samples int       // wordings shown
	Code    string    // hex of the approval code
	Open    []Finding // what has to be filled in before it can be approved
	Lint    []Finding // what else is to be known or settled; not looked for while something is open
	Status  Status
}

// Preview writes out/preview: the page that counsel reads, and a message file
// of each sample. Samples are made of stand-in values.
func (c *Campaign) Preview(ctx context.Context) (*Previewed, error) {
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
	if len(p.Open) == 0 {
		if p.Lint, err = c.findings(ctx, r, t); err != nil {
			return nil, err
		}
	}
	data, err := c.pageData(ctx, r, t, p, batches)
	if err != nil {
		return nil, err
	}
	p.Samples, p.Code = len(data.Samples), hexOf(data.Code)
	return p, c.writePreview(p, data)
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

func (c *Campaign) pageData(ctx context.Context, r ledger.Reader, t *text, p *Previewed, batches []ledger.Batch) (bundle.PageData, error) {
	cfg := c.Config
	d := bundle.PageData{
		Company: cfg.Incident.Company, Campaign: cfg.Campaign, Subject: cfg.Sender.Subject, From: cfg.Sender.From.String(),
		IncidentDates: dates(cfg.Incident.Occurred), Generated: time.Now(),
		Recipients: int(p.Status.Recipients.Total), Email: int(p.Status.Recipients.Email), Postal: int(p.Status.Recipients.Postal),
		TODOs: p.Open, Findings: p.Lint, TextDigest: t.digest(), Code: review.Code(t.digest(), lists(batches)),
	}
	d.Command = c.ApproveCommand(hexOf(d.Code), p.Lint)
	for _, b := range batches {
		d.Batches = append(d.Batches, bundle.Batch{Number: b.Number, Recipients: int(b.Size()), Digest: b.Digest})
	}
	groups, err := r.Groups(ctx)
	if err != nil {
		return d, err
	}
	c.pageLaw(&d, groups, p)
	people := map[notifier.Variant]int64{}
	for _, g := range groups {
		if g.Channel == notifier.Email {
			people[g.Variant] += g.Count
		}
	}
	for _, s := range t.samples {
		d.Samples = append(d.Samples, bundle.PageSample{Sample: s, People: int(people[s.Variant])})
	}
	return d, nil
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

func (c *Campaign) writePreview(p *Previewed, d bundle.PageData) error {
	out, err := makeOut(c.Dir, "preview")
	if err != nil {
		return err
	}
	for _, s := range d.Samples {
		if err := writeBytes(filepath.Join(out, s.Variant.String()+".eml"), personal, s.Message); err != nil {
			return err
		}
	}
	p.Page = filepath.Join(out, "index.html")
	return atomicfile.Write(p.Page, personal, func(w io.Writer) error { return bundle.Page(w, d) })
}
