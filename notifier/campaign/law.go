package campaign

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"breachmail/notifier/jurisdiction"
)

// LawBook is law data to be looked up.
type LawBook struct {
	Law    *jurisdiction.Law
	File   string            // where it stands; empty for what breachmail brings along
	Status map[string]string // states of which counsel said that the notice is required or voluntary
}

// Fact is one thing that is known about a state's law.
type Fact = jurisdiction.Fact

// BlockPrefix begins the name of a fact about a part of the notice.
const BlockPrefix = jurisdiction.BlockPrefix

// Bureaus is what a StateDuty calls the credit bureaus.
const Bureaus = jurisdiction.CreditBureaus

// OpenLaw reads the law data of the campaign in dir, or the built-in data where
// there is none. An incomplete campaign.yaml is no obstacle.
func OpenLaw(dir string) (*LawBook, error) {
	law, file, err := readLaw(dir)
	if err != nil {
		return nil, err
	}
	if file == "" && filepath.Clean(dir) != "." { // somebody named it
		return nil, hint(fmt.Errorf("there is no %s in %s", lawFile, dir), "leave -C out to see the law data that breachmail brings along")
	}
	b := &LawBook{Law: law, File: file}
	if cfg, err := LoadConfig(filepath.Join(dir, ConfigFile)); err == nil {
		b.Status = cfg.Law.Status
	}
	return b, nil
}

// State returns the two letters of a state that somebody typed: letters or
// name. It is ErrUsage where nothing is known about it.
func (b *LawBook) State(typed string) (string, error) {
	state, ok := jurisdiction.ParseState(typed)
	if strings.EqualFold(strings.TrimSpace(typed), jurisdiction.Federal) {
		state, ok = jurisdiction.Federal, true
	}
	if ok && len(b.Law.Facts(state)) > 0 {
		return state, nil
	}
	return "", hint(fmt.Errorf("%w: nothing is known about %q", ErrUsage, typed), "states: %s", strings.Join(b.Law.States(), " "))
}

// readLaw reads the law.csv of dir, and the built-in one where there is none;
// file is where it was read from.
func readLaw(dir string) (law *jurisdiction.Law, file string, err error) {
	file = filepath.Join(dir, lawFile)
	data, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		data, file = jurisdiction.BuiltIn(), ""
	case err != nil:
		return nil, "", err
	}
	law, err = jurisdiction.Parse(orBuiltIn(file), data)
	return law, file, err
}

func orBuiltIn(file string) string {
	if file == "" {
		return "the built-in " + lawFile
	}
	return file
}
