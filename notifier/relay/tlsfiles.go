package relay

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
)

// TLSFiles are paths of PEM files for the connection to a relay. Empty ones are
// left out.
type TLSFiles struct {
	CA   string // the authorities that may have signed the relay's certificate, instead of the system's
	Cert string // our own certificate, and behind it those that lead to its authority
	Key  string // its key, which nobody but the owner may read
}

// Config loads the files. Authorities of our own take the place of the
// system's, and are not added to them: whoever names one wants no other to be
// believed. It is nil where no file is named. Errors name the file, and hold
// nothing of what is in it.
func (f TLSFiles) Config() (*tls.Config, error) {
	if f == (TLSFiles{}) {
		return nil, nil
	}
	if (f.Cert == "") != (f.Key == "") {
		return nil, errors.New("a certificate of our own needs both cert_file and key_file")
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if f.CA != "" {
		text, err := os.ReadFile(f.CA)
		if err != nil {
			return nil, fmt.Errorf("ca_file: %w", err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("ca_file: %s has no certificate in PEM form", f.CA)
		}
	}
	if f.Cert != "" {
		pair, err := f.pair()
		if err != nil {
			return nil, err
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}

// pair loads our certificate and its key.
func (f TLSFiles) pair() (tls.Certificate, error) {
	cert, err := os.ReadFile(f.Cert)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("cert_file: %w", err)
	}
	key, err := readKey(f.Key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("key_file: %w", err)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("cert_file and key_file: %s and %s are no certificate and its key in PEM form", f.Cert, f.Key)
	}
	return pair, nil
}

// readKey reads a file that only its owner may read. Windows says nothing of
// that in the mode.
func readKey(name string) ([]byte, error) {
	file, err := os.Open(name) //nolint:gosec // the campaign names it
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("others may read it: chmod 600")}
	}
	return io.ReadAll(file)
}
