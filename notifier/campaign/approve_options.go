package campaign

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"breachmail/notifier"
)

// ApproveOptions tell who approves what, and what shows that they did.
type ApproveOptions struct {
	By      string // "NAME, ROLE"
	Code    string // at least the first 12 digits of the approval code
	Waivers []Waiver
	Note    string // what else is to stand in the record
	Proof   string // counsel's mail or signed document, a file; its SHA-256 is recorded
	Key     string // the SSH key to sign with, a file
	Program string // the version of breachmail that records it

	// Passphrase asks for the one of a key file; nil where nobody can be asked.
	Passphrase func(path string) ([]byte, error)
}

// codePattern is what the code may be: the spaces of the page's groups of four
// are taken out before.
var codePattern = regexp.MustCompile(`^[0-9a-f]{12,64}$`)

// check judges what was given by itself, and returns the code as digits.
func (o *ApproveOptions) check() (code string, err error) {
	o.By, o.Note = strings.TrimSpace(o.By), strings.TrimSpace(o.Note)
	name, role, _ := strings.Cut(o.By, ",")
	if strings.TrimSpace(name) == "" || strings.TrimSpace(role) == "" || !notifier.CleanLine(o.By) {
		return "", hint(fmt.Errorf("%w: --by %q", ErrUsage, o.By), `write it as --by "NAME, ROLE"`)
	}
	if strings.EqualFold(strings.TrimSpace(name), "NAME") || strings.EqualFold(strings.TrimSpace(role), "ROLE") {
		return "", hint(fmt.Errorf("%w: --by %q is what stands there to be filled in", ErrUsage, o.By), "write the name and the role of the person who agreed")
	}
	for what, s := range map[string]string{"--by": o.By, "--note": o.Note} {
		if err := sayable(what, s); err != nil {
			return "", err
		}
	}
	for _, w := range o.Waivers {
		if err := sayable("--reason", w.Reason); err != nil {
			return "", err
		}
	}
	code = strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(o.Code))
	if !codePattern.MatchString(code) {
		return "", hint(fmt.Errorf("%w: --digest has to be at least the first 12 digits of the approval code", ErrUsage), "it stands on the first screen of the preview")
	}
	return code, nil
}

// mostSaid is how long a name, a note or a reason may be, in bytes.
const mostSaid = 2000

// sayable is an error where what somebody wrote would not stand in the record as
// they see it: on one line, with nothing invisible in it.
func sayable(what, s string) error {
	bad := !utf8.ValidString(s) || strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) || strings.ContainsRune("\u115f\u1160\u3164\uffa0", c) })
	if bad || len(s) > mostSaid {
		return hint(fmt.Errorf("%w: what %s says has a line break, an invisible character or more than %d bytes", ErrUsage, what, mostSaid),
			"write it on one line, in plain characters")
	}
	return nil
}

// proofOf returns the SHA-256 of a file in hex, and nothing where none is named.
func proofOf(path string) (string, error) {
	return proofFile(path, "counsel's mail or signed document")
}

// proofFile is proofOf; what says what such a file is.
func proofFile(path, what string) (string, error) {
	if path == "" {
		return "", nil
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return "", hint(fmt.Errorf("%w: --proof %s is not a file", ErrUsage, path), "name the file with %s", what)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("--proof: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	if err != nil {
		return "", fmt.Errorf("--proof: %w", err)
	}
	if n == 0 {
		err = hint(fmt.Errorf("%w: --proof %s is empty", ErrUsage, path), "name the file with %s", what)
	}
	return hex.EncodeToString(sum.Sum(nil)), err
}
