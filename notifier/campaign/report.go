package campaign

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
	"breachmail/notifier/ledger/sqlite"
	"breachmail/notifier/report"
)

// reportDir is the folder in out that report writes.
const reportDir = "report"

// ReportOptions tell what a report is made of.
type ReportOptions struct {
	Support bool             // also list everybody, by reference and masked name
	Version string           // of breachmail
	Phases  map[Phase]string // what each phase means, in words
}

// Reported is what a report has come to: its JSON object.
type Reported struct {
	Campaign   string            `json:"campaign"`
	Phase      Phase             `json:"phase"`
	At         time.Time         `json:"at"` // of the reading
	Dir        string            `json:"dir"`
	Files      []string          `json:"files"` // by their names in dir
	Recipients ledger.Recipients `json:"recipients"`
	Notices    ledger.Notices    `json:"notices"`
	Letters    LettersStatus     `json:"letters"`
	Untold     int64             `json:"untold"` // people who are still to be told
	Owed       []string          `json:"owed"`   // what is still owed, in words
	Regulators []string          `json:"regulators"`
	Evidence   EvidenceStatus    `json:"evidence"`
	Balanced   bool              `json:"balanced"`
	Wrong      []string          `json:"wrong"` // what does not agree; then the verb ends with an error
	Purged     *time.Time        `json:"purged"`
	NoNames    bool              `json:"-"` // a support list was made without names
	Sending    bool              `json:"-"` // a sender ran meanwhile
	Doubt      error             `json:"-"`
}

// Report writes what was done, for those who have to show it or to examine it,
// into out/report: of the ledger as it is at one moment, also while another
// process sends. Where something does not agree the files are written
// nevertheless, say so, and the error is ErrDamaged.
func (c *Campaign) Report(ctx context.Context, o ReportOptions) (*Reported, error) {
	held, err := c.held()
	if err != nil {
		return nil, err
	}
	r, err := sqlite.OpenSnapshot(ctx, c.path(ledgerFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, c.nothingPlanned()
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	f := &reporter{c: c, r: r, o: o, at: time.Now().UTC(), sending: held.sends()}
	if f.status, err = c.status(ctx, r, held); err != nil {
		return nil, err
	}
	if f.status.Recipients.Total == 0 {
		return nil, c.nothingPlanned()
	}
	dir, err := makeOut(c.Dir, reportDir)
	if err != nil {
		return nil, err
	}
	unlock, err := alone(dir)
	if err != nil {
		return nil, err
	}
	defer unlock()
	f.out = newOutbox(dir)
	defer f.out.abort()
	return f.run(ctx)
}

// reporter is a report that is being made.
type reporter struct {
	c       *Campaign
	r       *sqlite.Reader
	o       ReportOptions
	at      time.Time
	sending bool
	status  Status
	out     *outbox

	groups   []ledger.Group
	mailings []ledger.Mailing
	open     map[notifier.Key]bool // claims without outcome
	names    map[int64]string      // of the days on which letters were sent, by evidence row
	told     evidenceTold
	tally    *report.Tally
	said     map[string][]said // by wording
	wrong    []string

	approvedHolds []HoldConfig
}

// run reads everything, and then puts all files in place.
func (f *reporter) run(ctx context.Context) (*Reported, error) {
	if err := f.prepare(ctx); err != nil {
		return nil, err
	}
	if err := f.read(ctx); err != nil {
		return nil, err
	}
	page, err := f.page(ctx)
	if err != nil {
		return nil, err
	}
	if err := f.writeRegulators(ctx, page); err != nil {
		return nil, err
	}
	if err := f.out.add("by-state.csv", func(w writer) error { return report.WriteStates(w, page) }); err != nil {
		return nil, err
	}
	if err := f.out.add("index.html", func(w writer) error { return report.WriteCase(w, page) }); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, ErrInterrupted
	}
	if err := f.out.commit(); err != nil {
		return nil, err
	}
	return f.reported(page)
}

// prepare reads what is short.
func (f *reporter) prepare(ctx context.Context) (err error) {
	if f.groups, err = f.r.Groups(ctx); err != nil {
		return err
	}
	if f.mailings, err = f.r.Mailings(ctx); err != nil {
		return err
	}
	f.names = map[int64]string{}
	for _, m := range f.mailings {
		f.names[m.Seq] = m.On
	}
	if old, err := approvedConfig(ctx, f.r); err != nil {
		return err
	} else if old != nil {
		f.approvedHolds = old.Holds
	}
	f.open = map[notifier.Key]bool{}
	err = f.r.Open(ctx, func(cl notifier.Claim) error {
		f.open[cl.Key] = true
		return nil
	})
	if err != nil {
		return err
	}
	deadlines := map[string]string{}
	for state := range f.people() {
		if d, ok := f.c.Law.Deadline(state, f.c.clocks()); ok {
			deadlines[state] = d.On.Format(time.DateOnly)
		}
	}
	var waves []string
	for _, w := range f.status.Waves {
		waves = append(waves, w.Name)
	}
	f.tally = report.NewTally(report.TallyOptions{
		AlsoPostal: f.status.AlsoPostal, Waves: waves, Zone: zoneOf,
		Deadline: func(state string) string { return deadlines[state] },
	})
	return nil
}

// people counts recipients by state.
func (f *reporter) people() map[string]int64 {
	people := map[string]int64{}
	for _, g := range f.groups {
		people[g.State] += g.Count
	}
	return people
}

// read goes through the evidence and through everybody, at the same time.
func (f *reporter) read(ctx context.Context) error {
	chain, err := f.out.create(evidenceFile, readable)
	if err != nil {
		return err
	}
	var support writer
	if f.o.Support {
		if support, err = f.out.create(supportFile, personal); err != nil {
			return err
		}
	}
	var evidence error
	var work sync.WaitGroup
	work.Go(func() { evidence = f.readEvidence(ctx, chain) })
	people := f.readPeople(ctx, support)
	work.Wait()
	if err := errors.Join(people, evidence); err != nil {
		if ctx.Err() != nil {
			return ErrInterrupted
		}
		return err
	}
	for day, n := range f.told.refused {
		f.tally.Refused(time.Unix(day*86400, 0).UTC().Format(time.DateOnly), n)
	}
	f.wrong = append(f.wrong, f.told.wrong...)
	f.compare()
	return nil
}

// compare holds what was counted one by one against the account.
func (f *reporter) compare() {
	s := &f.status
	if s.Unbalanced != nil {
		f.wrong = append(f.wrong, "the account does not close: "+s.Unbalanced.Error())
	}
	all := &f.tally.All
	if counted := (ledger.Recipients{Total: all.People, Email: all.Email, Postal: all.Postal}); counted != s.Recipients {
		f.wrong = append(f.wrong, fmt.Sprintf("counted one by one there are %s (%s by email, %s by post), and the account says %s (%s and %s)",
			Many(counted.Total, "person", "people"), Number(counted.Email), Number(counted.Postal),
			Many(s.Recipients.Total, "person", "people"), Number(s.Recipients.Email), Number(s.Recipients.Postal)))
	}
	if due := f.lettersDue(); all.Letters != s.Letters.Told || due != s.Letters.Untold {
		f.wrong = append(f.wrong, fmt.Sprintf("counted one by one %s sent and %s still to be sent, and the ledger says %s and %s",
			Many(all.Letters, "letter was", "letters were"), Number(due), Number(s.Letters.Told), Number(s.Letters.Untold)))
	}
	n, m := f.tally.Notices, s.Notices
	if counted := (ledger.Notices{
		Pending: n.Pending, InFlight: n.InFlight, Deferred: n.Deferred, Accepted: n.Accepted, Refused: n.Refused, Unknown: n.Unknown, Bounced: n.Bounced,
	}); counted != m {
		f.wrong = append(f.wrong, fmt.Sprintf("counted one by one the notices are %s, and the account says %s", noticesWords(counted), noticesWords(m)))
	}
}

func noticesWords(n ledger.Notices) string {
	return fmt.Sprintf("%s pending, %s in flight, %s deferred, %s accepted, %s refused, %s unknown, %s bounced",
		Number(n.Pending), Number(n.InFlight), Number(n.Deferred), Number(n.Accepted), Number(n.Refused), Number(n.Unknown), Number(n.Bounced))
}

// reported says what was written.
func (f *reporter) reported(page *report.Case) (*Reported, error) {
	s, all := &f.status, &f.tally.All
	var d *Doubt
	if errors.As(s.Doubt, &d) && d.Kind == DoubtNoAnchor {
		s.Doubt = nil // whoever reports need not be who sends
	}
	out := &Reported{
		Campaign: s.Campaign, Phase: s.Phase, At: f.at, Dir: f.out.dir, Files: f.out.names(), Recipients: s.Recipients, Notices: s.Notices,
		Letters: s.Letters, Untold: all.Untold, Owed: append([]string{}, page.Owed...),
		Regulators: append([]string{}, f.out.states...), Evidence: s.Evidence, Balanced: s.Balanced && len(f.wrong) == 0,
		Wrong: append([]string{}, f.wrong...), Purged: s.Purged, NoNames: f.o.Support && s.Purged != nil, Sending: f.sending, Doubt: s.Doubt,
	}
	if len(f.wrong) == 0 {
		return out, nil
	}
	return out, hint(fmt.Errorf("%w: %s", ErrDamaged, f.wrong[0]), "the report says so at its top (%s); look through all of it with: %s",
		filepath.Join(f.out.dir, "index.html"), f.c.Command("verify"))
}
