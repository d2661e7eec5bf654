package campaign

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"breachmail/notifier/export"
	"breachmail/notifier/internal/unpack"
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

// open finds the files, and in folders none below out. What comes from stdin is
// kept in dir until close, readable by its owner only: it has to be read twice,
// and a zip archive from its end.
func (in *Input) open(ctx context.Context, dir, out string, cfg *ExportsConfig) (*opened, error) {
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
	paths, err := o.withStdin(ctx, in, dir)
	if err == nil {
		o.files, err = export.List(paths)
	}
	if err != nil {
		o.close()
		return nil, o.stdinError(err)
	}
	o.nameStdin()
	o.leaveOut(paths, out)
	if len(o.files) == 0 {
		o.close()
		return nil, fmt.Errorf("there is no export in %s (name the files, or another folder)", strings.Join(paths, ", "))
	}
	return o, nil
}

// leaveOut takes out of folders what breachmail itself writes below out: it
// would read its own page as an export.
func (o *opened) leaveOut(paths []string, out string) {
	o.files = slices.DeleteFunc(o.files, func(f export.File) bool {
		named := func(path string) bool { return filepath.Clean(path) == filepath.Clean(f.Path) }
		return isBelow(f.Path, out) && !slices.ContainsFunc(paths, named)
	})
}

// isBelow reports whether path lies in dir or below.
func isBelow(path, dir string) bool {
	path, pathErr := filepath.Abs(path)
	dir, dirErr := filepath.Abs(dir)
	below, err := filepath.Rel(dir, path)
	return pathErr == nil && dirErr == nil && err == nil && filepath.IsLocal(below)
}

// stdinError names what came from stdin in an error about its file.
func (o *opened) stdinError(err error) error {
	var at *unpack.Error
	if o.spool != "" && errors.As(err, &at) {
		at.File = strings.Replace(at.File, o.spool, stdinName, 1)
	}
	return err
}

// spare refuses to read the file at path, which this run will write: somebody
// may have corrected rows in it.
func (o *opened) spare(path string) error {
	ours, err := os.Stat(path)
	if err != nil {
		return nil // there is none
	}
	for _, f := range o.files {
		if info, err := os.Stat(f.Path); err == nil && os.SameFile(info, ours) {
			o.close()
			return hint(fmt.Errorf("%s is the file that this run writes", f.Name), "copy it under another name first, so that your corrections are not written over")
		}
	}
	return nil
}

// withStdin returns the paths with a file in the place of "-".
func (o *opened) withStdin(ctx context.Context, in *Input, dir string) ([]string, error) {
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
	err = copyUntil(ctx, f, in.Stdin)
	paths := slices.Clone(in.Paths)
	paths[at] = o.spool
	return paths, errors.Join(err, f.Close())
}

// copyUntil copies until ctx ends. Nothing can wake a reader of a pipe that
// somebody holds open: then it is left alone, and ends at its next write, since
// the caller closes the file, or with the process.
func copyUntil(ctx context.Context, to io.Writer, from io.Reader) error {
	done := make(chan error, 1)
	go func() {
		_, err := io.Copy(to, from)
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ErrInterrupted
	}
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
