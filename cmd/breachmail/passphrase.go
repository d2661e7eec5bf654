package main

import (
	"fmt"
	"os"

	"golang.org/x/term"
)

// passphraseEnv is the variable with the passphrase of an SSH key.
const passphraseEnv = "BREACHMAIL_KEY_PASSPHRASE" //nolint:gosec // the name of the variable, not a passphrase

// passphrase returns what asks for the passphrase of a key file: the
// environment, or the person at the terminal; nil where there is neither.
func (a *app) passphrase() func(path string) ([]byte, error) {
	if s := os.Getenv(passphraseEnv); s != "" {
		return func(string) ([]byte, error) { return []byte(s), nil }
	}
	in, ok := a.in.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return nil
	}
	return func(path string) ([]byte, error) {
		fmt.Fprintf(a.err, "passphrase of %s: ", path)
		defer fmt.Fprintln(a.err)
		return term.ReadPassword(int(in.Fd()))
	}
}
