package campaign

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
	"time"

	"breachmail/notifier/internal/atomicfile"
)

// Backup is a copy of the ledger as it is noted down. Head is empty and Seq 0
// where nobody knows whether it was completed.
type Backup struct {
	Path string    `json:"path"` // absolute
	At   time.Time `json:"at"`
	Seq  int64     `json:"seq"` // the last row of evidence in it
	Head string    `json:"head"`
}

// halfBackup is what a copy is called until it is complete.
func halfBackup(path string) string { return path + ".tmp" }

// noteBackup adds a line, durably.
func (c *Campaign) noteBackup(b Backup) error {
	line, err := json.Marshal(b)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(c.path(backupsFile), os.O_WRONLY|os.O_APPEND|os.O_CREATE, personal)
	if err != nil {
		return err
	}
	// A line begins with a break: what a crash has left of another is no part of it.
	_, err = f.Write(slices.Concat([]byte("\n"), line, []byte("\n")))
	return errors.Join(err, f.Sync(), f.Close(), atomicfile.SyncDir(c.Dir))
}

// backups returns the copies that are noted, each with its last note, in the
// order of their first. Half a line is what a crash has left: that copy was not
// begun.
func (c *Campaign) backups() ([]Backup, error) {
	text, err := os.ReadFile(c.path(backupsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []Backup
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		var b Backup
		if json.Unmarshal(lines.Bytes(), &b) != nil || b.Path == "" {
			continue
		}
		if i := slices.IndexFunc(list, func(o Backup) bool { return o.Path == b.Path }); i >= 0 {
			list[i] = b
		} else {
			list = append(list, b)
		}
	}
	return list, nil
}
