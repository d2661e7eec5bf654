package campaign

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"breachmail/notifier/export"
)

// Input names the exports of one run, and says how they are read.
type Input struct {
	Paths       []string  // files and folders; "-" is Stdin
	Stdin       io.Reader // nil: there is none
	Encoding    string    // of all exports; empty: found out by looking
	Identity    string    // a file with age identities; empty: none
	AlreadyTold []string  // lists, or directories of other campaigns: who was told before
	NoEmail     []string  // lists: who may not be told by email
}

// stdinName is what the export from standard input is called.
const stdinName = "stdin"

// opened is an Input whose files are found.
type opened struct {
	files []export.File
	opts  export.Options
	spool string // what came from stdin, to be removed; empty where nothing did
}

// open finds the files. What comes from stdin is kept in dir until close,
// readable by its owner only: it has to be read twice, and a zip archive from
// its end.
func (in *Input) open(dir string, cfg *ExportsConfig) (*opened, error) {
	o := &opened{opts: export.Options{Columns: cfg.Columns, Extra: cfg.Extra, Encoding: in.Encoding}}
	if err := export.CheckEncoding(in.Encoding); err != nil {
		return nil, fmt.Errorf("%w: --encoding: %w", ErrUsage, err)
	}
	if in.Identity != "" {
		var err error
		if o.opts.Identity, err = readPrivate(in.Identity); err != nil {
			return nil, err
		}
	}
	paths, err := o.withStdin(in, dir)
	if err == nil {
		o.files, err = export.List(paths)
	}
	if err != nil {
		o.close()
		return nil, err
	}
	o.nameStdin()
	return o, nil
}

// withStdin returns the paths with a file in the place of "-".
func (o *opened) withStdin(in *Input, dir string) ([]string, error) {
	at := slices.Index(in.Paths, "-")
	if at < 0 {
		return in.Paths, nil
	}
	if in.Stdin == nil {
		return nil, errors.New("there is no standard input to read (name a file instead of -)")
	}
	if slices.Contains(in.Paths[at+1:], "-") {
		return nil, fmt.Errorf("%w: - stands twice on the command line", ErrUsage)
	}
	f, err := os.CreateTemp(dir, ".stdin.*.tmp")
	if err != nil {
		return nil, err
	}
	o.spool = f.Name()
	_, err = io.Copy(f, in.Stdin)
	paths := slices.Clone(in.Paths)
	paths[at] = o.spool
	return paths, errors.Join(err, f.Close())
}

// nameStdin gives what came from stdin its name.
func (o *opened) nameStdin() {
	for i := range o.files {
		f := &o.files[i]
		if o.spool == "" || f.Path != o.spool {
			continue
		}
		f.Name = stdinName
		if f.Member != "" {
			f.Name = stdinName + "/" + f.Member
		}
	}
}

// close removes what was kept of stdin.
func (o *opened) close() {
	if o.spool != "" {
		_ = os.Remove(o.spool) // a later run in this folder sweeps it up
	}
}

// campaignDir returns the directory of a campaign that path is or lies in as
// its ledger, and "" when it is something else.
func campaignDir(path string) string {
	if filepath.Base(path) == ledgerFile {
		path = filepath.Dir(path)
	}
	for _, name := range []string{ledgerFile, secretFile} {
		if info, err := os.Stat(filepath.Join(path, name)); err != nil || !info.Mode().IsRegular() {
			return ""
		}
	}
	return path
}
