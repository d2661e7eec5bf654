package bundle

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"breachmail/notifier/internal/atomicfile"
)

// personal is the mode of a bundle's files: they can hold personal data.
const (
	personal    fs.FileMode = 0o600
	personalDir fs.FileMode = 0o700
)

// file is one file of a bundle; its name is a path with slashes.
type file struct {
	name    string
	content []byte
}

// Write makes dir the bundle for counsel: index.html, and beside it the message
// file of each sample, the texts for website and call center, what was approved
// before, and the statement to send back. Files of an earlier bundle that are
// not in this one are removed; whatever else is in dir stays. The page is
// written last.
func Write(dir string, p PageData) error {
	files, err := p.files()
	if err != nil {
		return err
	}
	if err := makeDirs(dir, files); err != nil {
		return err
	}
	for _, f := range files {
		if err := atomicfile.Write(filepath.Join(dir, filepath.FromSlash(f.name)), personal, func(w io.Writer) error {
			_, err := w.Write(f.content)
			return err
		}); err != nil {
			return err
		}
	}
	return removeOthers(dir, files)
}

// files returns all that a bundle consists of, the page last.
func (p PageData) files() ([]file, error) {
	v := newView(p)
	var page bytes.Buffer
	if err := v.write(&page); err != nil {
		return nil, err
	}
	list := []file{{readmeFile, readme(p)}}
	if p.Statement != "" && !v.Draft() {
		list = append(list, file{statementFile, []byte(p.Statement + "\n")})
	}
	for _, s := range p.Samples {
		list = append(list, file{SampleFile(s.Variant.String()), s.Message})
	}
	for i, a := range p.Awkward {
		list = append(list, file{awkwardFile(i+1, a), a.Message})
	}
	for _, e := range p.Elsewhere {
		list = append(list, file{e.Base() + ".txt", e.Text})
		if len(e.HTML) > 0 {
			list = append(list, file{e.Base() + ".html", e.document("")})
		}
	}
	for _, a := range p.Approvals {
		names := a.FileNames()
		if len(a.Statement) > 0 {
			list = append(list, file{names[0], a.Statement})
		}
		if len(a.Signature) > 0 {
			list = append(list, file{names[1], a.Signature})
		}
	}
	list = append(list, file{Index, page.Bytes()})
	return list, checkNames(list)
}

// checkNames refuses a file that a later bundle would not know as its own, and
// two files of one name.
func checkNames(list []file) error {
	seen := map[string]bool{}
	for _, f := range list {
		switch {
		case !isOurs(f.name):
			return fmt.Errorf("%s cannot be a file of the bundle (names of templates are lower-case letters, digits and hyphens)", f.name)
		case seen[f.name]:
			return fmt.Errorf("the bundle would hold %s twice", f.name)
		}
		seen[f.name] = true
	}
	return nil
}

func readme(p PageData) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: %s, for review by counsel.\n", p.Company, p.Subject)
	if p.Approved != "" {
		fmt.Fprintf(&b, "%s.\n", capital(p.Approved))
	}
	b.WriteString("Open index.html in any browser. It needs no network and says the rest.\n")
	b.WriteString("samples/ and awkward/ hold the emails as message files; a mail program opens them.\n")
	if len(p.Elsewhere) > 0 {
		b.WriteString("website.* and call-center.* are the texts for these places.\n")
	}
	if p.Real {
		b.WriteString("This folder CONTAINS PERSONAL DATA: keep it safe and delete it after the review.\n")
	}
	return b.Bytes()
}

// makeDirs makes the directories that files stand in, which nobody else may
// read. A link in the place of one is refused, so that nothing is written or
// removed elsewhere.
func makeDirs(dir string, files []file) error {
	if err := os.MkdirAll(dir, personalDir); err != nil {
		return err
	}
	dirs := []string{dir}
	for _, f := range files {
		if d := path.Dir(f.name); d != "." {
			dirs = append(dirs, filepath.Join(dir, d))
		}
	}
	slices.Sort(dirs)
	for i, d := range slices.Compact(dirs) {
		if err := os.Mkdir(d, personalDir); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		if i > 0 {
			if err := isDir(d); err != nil {
				return err
			}
		}
		if err := os.Chmod(d, personalDir); err != nil { //nolint:gosec // a directory has to be entered
			return err
		}
	}
	return nil
}

func isDir(path string) error {
	info, err := os.Lstat(path)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is not a directory, and the bundle needs one there (take it away)", path)
	}
	return err
}

// removeOthers removes what earlier bundles wrote and this one did not.
func removeOthers(dir string, files []file) error {
	keep := map[string]bool{}
	for _, f := range files {
		keep[f.name] = true
	}
	names, err := list(dir)
	if err != nil {
		return err
	}
	var all error
	for _, name := range names {
		if !keep[name] && (isOurs(name) || matches(leftovers, name)) {
			all = errors.Join(all, os.Remove(filepath.Join(dir, filepath.FromSlash(name))))
		}
	}
	return all
}

// list returns the names of the plain files in a bundle's directories, ours or
// not, in their order.
func list(dir string) ([]string, error) {
	var names []string
	for _, sub := range []string{".", samplesDir, awkwardDir, approvalsDir} {
		at := filepath.Join(dir, sub)
		if info, err := os.Lstat(at); sub != "." && (err != nil || !info.IsDir()) {
			continue
		}
		entries, err := os.ReadDir(at)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.Type().IsRegular() {
				names = append(names, path.Join(sub, e.Name()))
			}
		}
	}
	slices.SortFunc(names, cmp.Compare[string])
	return names, nil
}
