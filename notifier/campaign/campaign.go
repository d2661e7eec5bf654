package campaign

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing/fstest"

	"breachmail/notifier/internal/signature"
	"breachmail/notifier/jurisdiction"
	"breachmail/notifier/ledger"
	"breachmail/notifier/ledger/sqlite"
)

// Campaign is a campaign directory with its configuration read.
type Campaign struct {
	Dir    string
	Config *Config
	Law    *jurisdiction.Law
	Log    *slog.Logger // what happens while sending; never nil, never personal

	// State is the user's directory for what programs remember, in which the
	// anchors lie. Open takes it from the environment; empty where there is none.
	State string

	config  []byte             // campaign.yaml as read
	law     []byte             // law.csv as read
	signers *signature.Signers // of approvals.signers; nil where it names none
	signed  []byte             // that file as read

	// unsigned is why the file of approvals.signers cannot be used. Then no
	// approval counts, but where the campaign stands can still be said.
	unsigned error

	// templates/ as read. What is approved, composed and sent is made from this
	// one reading: a file that is edited while a run goes on changes nothing.
	templates fstest.MapFS

	press press // the notices made from these
}

// Open reads the campaign in dir. Errors name file and line.
func Open(dir string) (*Campaign, error) {
	c := &Campaign{Dir: dir, Log: slog.New(slog.DiscardHandler), State: stateHome()}
	path := c.path(ConfigFile)
	var err error
	c.config, err = ReadConfig(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, hint(fmt.Errorf("there is no %s in %s", ConfigFile, dir), "make a campaign with: breachmail init DIR, and name it with -C DIR")
	}
	if err != nil {
		return nil, err
	}
	if c.Config, err = ParseConfig(path, c.config); err != nil {
		return nil, err
	}
	if c.law, err = os.ReadFile(c.path(lawFile)); errors.Is(err, fs.ErrNotExist) {
		return nil, hint(fmt.Errorf("%s is missing", c.path(lawFile)), "restore it from your backup; breachmail init makes a fresh one in another directory")
	} else if err != nil {
		return nil, err
	}
	if c.Law, err = jurisdiction.Parse(c.path(lawFile), c.law); err != nil {
		return nil, err
	}
	c.unsigned = c.readSigners()
	if c.templates, err = readTemplates(c.path(templatesDir)); errors.Is(err, fs.ErrNotExist) {
		return c, nil // the first template that is looked for is missing then
	}
	return c, err
}

// readSigners reads the file of those who may approve, if there is one.
func (c *Campaign) readSigners() error {
	name := c.Config.Approvals.Signers
	if name == "" {
		return nil
	}
	path := c.inDir(name)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return hint(fmt.Errorf("%s: approvals.signers: there is no file %s", c.path(ConfigFile), path), "write it (one line a person: NAME@DOMAIN ssh-ed25519 KEY), or take the key out")
	}
	if err != nil {
		return err
	}
	if err := mayTrust(path, info.Mode()); err != nil {
		return err
	}
	if c.signed, err = os.ReadFile(path); err != nil {
		return err
	}
	if c.signers, err = signature.ParseSigners(path, c.signed); err != nil {
		return err
	}
	if n, people := c.Config.Approvals.Required, len(c.signers.Principals()); people < n {
		return hint(fmt.Errorf("%s names %s, and approvals.required asks for %d", path, Many(int64(people), "person", "people"), n), "add a line for each who may approve")
	}
	return nil
}

// inDir returns the path of a file that campaign.yaml names.
func (c *Campaign) inDir(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return c.path(name)
}

// readTemplates reads the files in dir and below, those of editors left out.
func readTemplates(dir string) (fstest.MapFS, error) {
	files := fstest.MapFS{}
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		b, err := fs.ReadFile(root, path)
		files[path] = &fstest.MapFile{Data: b, Mode: 0o444}
		return err
	})
	return files, err
}

func (c *Campaign) path(name ...string) string {
	return filepath.Join(append([]string{c.Dir}, name...)...)
}

// open opens the ledger for writing, and makes it where there is none; the
// caller holds the lock.
func (c *Campaign) open(ctx context.Context) (*sqlite.Store, error) {
	return sqlite.Open(ctx, c.path(ledgerFile))
}

// openPlanned is open, but ErrNothingPlanned where there is no ledger.
func (c *Campaign) openPlanned(ctx context.Context) (*sqlite.Store, error) {
	if _, err := os.Stat(c.path(ledgerFile)); errors.Is(err, fs.ErrNotExist) {
		return nil, c.nothingPlanned()
	}
	return c.open(ctx)
}

// reader opens the ledger for reading. It is ErrNothingPlanned when there is
// none.
func (c *Campaign) reader(ctx context.Context) (*sqlite.Reader, error) {
	r, err := sqlite.OpenReader(ctx, c.path(ledgerFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, c.nothingPlanned()
	}
	return r, err
}

func (c *Campaign) nothingPlanned() error {
	return hint(ErrNothingPlanned, "load the affected accounts with: %s", c.Command("plan EXPORT"))
}

// clocks are the incident's dates that laws count from.
func (c *Campaign) clocks() jurisdiction.Clocks {
	i := &c.Config.Incident
	return jurisdiction.Clocks{Discovered: i.Discovered.Time(), Determined: i.Determined.Time(), ScopeEnded: i.ScopeEnded.Time()}
}

// waves are the configured waves as the ledger cuts them.
func (c *Campaign) waves() []ledger.Wave {
	list := make([]ledger.Wave, len(c.Config.Waves))
	for i, w := range c.Config.Waves {
		list[i] = ledger.Wave{Name: w.Name, Recipients: int64(w.Recipients), Percent: w.Percent}
	}
	return list
}
