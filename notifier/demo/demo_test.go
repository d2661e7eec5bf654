package demo

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"breachmail/notifier/campaign"
)

// TestDirectoryInUse tells the story where it was told before: that is an
// error, and the relay, which has hardly begun to listen, ends with it.
func TestDirectoryInUse(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "campaign"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "campaign", campaign.ConfigFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if err := Run(t.Context(), Options{Dir: dir, Out: io.Discard}); err == nil {
			t.Fatal("the story was told over another one")
		}
	}
}
