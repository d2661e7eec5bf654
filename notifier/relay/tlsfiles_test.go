package relay

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/internal/smtptest"
)

// pemFiles writes the authority, our certificate and its key into a directory.
func pemFiles(t *testing.T) TLSFiles {
	t.Helper()
	dir := t.TempDir()
	f := TLSFiles{CA: filepath.Join(dir, "ca.pem"), Cert: filepath.Join(dir, "cert.pem"), Key: filepath.Join(dir, "key.pem")}
	ca, cert, key := smtptest.PEM()
	for name, text := range map[string][]byte{f.CA: ca, f.Cert: cert, f.Key: key} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// TestTLSFiles: a relay that asks for our certificate gets it, and one of an
// authority of our own is trusted.
func TestTLSFiles(t *testing.T) {
	files := pemFiles(t)
	start := greeting("STARTTLS") + "> STARTTLS\n< 220 go\n! starttls\n"
	for mode, before := range map[TLSMode]string{TLSImplicit: greeting("PIPELINING"), TLSStart: start + afterTLS("PIPELINING")} {
		t.Run(string(mode), func(t *testing.T) {
			c := config(smtptest.ServeClientTLS(t, mode == TLSImplicit, before+takes.transaction(true, false)+farewell))
			c.TLS = mode
			var err error
			if c.TLSConfig, err = files.Config(); err != nil {
				t.Fatal(err)
			}
			out, _ := deliver(t, dial(t, c))
			wantVerdict(t, out, accepted)
		})
	}
}

// TestNoCertificate: a relay that asks for one in vain is a matter of
// configuration.
func TestNoCertificate(t *testing.T) {
	files := pemFiles(t)
	files.Cert, files.Key = "", ""
	for mode, script := range map[TLSMode]string{TLSImplicit: "! stall\n", TLSStart: greeting("STARTTLS") + "> STARTTLS\n< 220 go\n! starttls\n"} {
		t.Run(string(mode), func(t *testing.T) {
			c := config(smtptest.ServeClientTLS(t, mode == TLSImplicit, script))
			c.TLS = mode
			c.TLSConfig, _ = files.Config()
			if e := dialFails(t, c); e.Mood() != notifier.MoodSetup {
				t.Error(e, e.Mood())
			}
		})
	}
}

// TestTLSFilesErrors names the file, and never what is in it.
func TestTLSFilesErrors(t *testing.T) {
	good := pemFiles(t)
	if c, err := (TLSFiles{}).Config(); c != nil || err != nil {
		t.Error(c, err)
	}
	rubbish := filepath.Join(t.TempDir(), "rubbish.pem")
	if err := os.WriteFile(rubbish, []byte("hunter2"), 0o600); err != nil {
		t.Fatal(err)
	}
	absent := filepath.Join(t.TempDir(), "absent.pem")
	for name, test := range map[string]struct {
		files TLSFiles
		says  string
	}{
		"CA absent":    {TLSFiles{CA: absent}, absent},
		"CA rubbish":   {TLSFiles{CA: rubbish}, rubbish},
		"cert alone":   {TLSFiles{Cert: good.Cert}, "key_file"},
		"key alone":    {TLSFiles{Key: good.Key}, "cert_file"},
		"cert absent":  {TLSFiles{Cert: absent, Key: good.Key}, absent},
		"key absent":   {TLSFiles{Cert: good.Cert, Key: absent}, absent},
		"key rubbish":  {TLSFiles{Cert: good.Cert, Key: rubbish}, rubbish},
		"not its cert": {TLSFiles{Cert: good.CA, Key: good.Key}, good.CA},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := test.files.Config()
			if err == nil || c != nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "hunter2") {
				t.Error(c, err)
			}
		})
	}
}

// TestKeyForOthers: a key that others may read is not used.
func TestKeyForOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the mode says nothing there")
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o620, 0o601} {
		f := pemFiles(t)
		if err := os.Chmod(f.Key, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Config(); err == nil || !strings.Contains(err.Error(), f.Key) {
			t.Errorf("%o: %v", mode, err)
		}
	}
}
