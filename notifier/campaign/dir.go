package campaign

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"breachmail/notifier/internal/atomicfile"
	"breachmail/notifier/jurisdiction"
)

// What a campaign directory holds beside campaign.yaml.
const (
	templatesDir = "templates"
	lawFile      = "law.csv"
	secretFile   = "secret"
	lockFile     = "lock"
	ledgerFile   = "ledger.db"
	controlDir   = "control"
	outDir       = "out"
	backupsFile  = "backups"   // the copies of the ledger that were made, one JSON object a line
	purgingFile  = "purging"   // there from before a purge changes anything until it has ended
	approvalsDir = "approvals" // in out: what was approved, to be read
	bouncesDir   = "bounces"   // in out: what came back from nobody of the campaign
)

// personal is the mode of files that hold personal data or secrets.
const personal fs.FileMode = 0o600

// notInName is what a campaign's name cannot hold.
var notInName = regexp.MustCompile(`[^a-z0-9]+`)

// Init makes dir a new campaign directory with the given templates. It is an
// error when there is a campaign in it already; an interrupted Init can be run
// again.
func Init(dir string, templates fs.FS) error {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	config := filepath.Join(dir, ConfigFile)
	if _, err := os.Stat(config); err == nil {
		return hint(fmt.Errorf("%s is there already", config), "choose another directory, or go on with this one")
	}
	if err := os.MkdirAll(filepath.Join(dir, templatesDir), 0o700); err != nil {
		return err
	}
	if err := copyTemplates(filepath.Join(dir, templatesDir), templates); err != nil {
		return err
	}
	if err := writeBytes(filepath.Join(dir, lawFile), 0o644, jurisdiction.BuiltIn()); err != nil {
		return err
	}
	if err := newSecret(filepath.Join(dir, secretFile)); err != nil {
		return err
	}
	name := strings.Trim(notInName.ReplaceAllString(strings.ToLower(filepath.Base(abs)), "-"), "-")
	if name == "" {
		name = "campaign"
	}
	return writeBytes(config, 0o644, Skeleton(name)) // last: it is what makes the directory a campaign
}

func copyTemplates(dir string, templates fs.FS) error {
	return eachTemplate(templates, func(name string, b []byte) error {
		return writeBytes(filepath.Join(dir, name), 0o644, b)
	})
}

// eachTemplate calls f for each of the built-in templates.
func eachTemplate(templates fs.FS, f func(name string, b []byte) error) error {
	files, err := fs.Glob(templates, "*")
	if err != nil {
		return err
	}
	for _, name := range files {
		if strings.HasSuffix(name, ".go") {
			continue
		}
		b, err := fs.ReadFile(templates, name)
		if err != nil {
			return err
		}
		if err := f(name, b); err != nil {
			return err
		}
	}
	return nil
}

func writeBytes(path string, mode fs.FileMode, b []byte) error {
	return atomicfile.Write(path, mode, func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	})
}

// newSecret writes the campaign's secret unless there is one: keys made under
// another would no longer match.
func newSecret(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	b := make([]byte, 32)
	if _, err := rand.Read(b); err != nil {
		return err
	}
	return writeBytes(path, personal, []byte(hex.EncodeToString(b)+"\n"))
}

func readSecret(path string) ([]byte, error) {
	b, err := readPrivate(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, hint(fmt.Errorf("%s is missing", path), "restore it from your backup: without it nobody is recognised again")
	}
	if err != nil {
		return nil, err
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(secret) != 32 {
		return nil, hint(fmt.Errorf("%s is not a campaign's secret", path), "restore it from your backup")
	}
	return secret, nil
}

// readPrivate reads a file that holds a secret. One that others may read is
// refused: it is no secret any more.
func readPrivate(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, hint(fmt.Errorf("%s holds a secret and may be read by others (mode %04o)", path, info.Mode().Perm()), "run: chmod 600 %s", path)
	}
	return os.ReadFile(path)
}

// makeOut makes out/NAME and returns its path.
func makeOut(dir, name string) (string, error) {
	path := filepath.Join(dir, outDir, name)
	return path, os.MkdirAll(path, 0o700)
}
