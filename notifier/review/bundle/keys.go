package bundle

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"
)

// Keys are the public keys that an archive is encrypted for.
type Keys []age.Recipient

// ParseKeys reads the public keys that an archive is encrypted for. Each entry
// is an age key (age1…), an SSH key as it stands in a .pub file (ssh-ed25519 or
// ssh-rsa), or the name of a file that holds such keys, one a line, with
// comments behind #. Errors never show a key, which might be a secret one.
func ParseKeys(list []string) (Keys, error) {
	var keys Keys
	for i, s := range list {
		s = strings.TrimSpace(s)
		if mayBeSecret(s) {
			return nil, fmt.Errorf("key %d: this is a secret key or several lines (give the public one: age1…, or the name of the .pub file)", i+1)
		}
		if looksLikeKey(s) {
			k, err := parseKey(s)
			if err != nil {
				return nil, fmt.Errorf("key %d: %w", i+1, err)
			}
			keys = append(keys, k)
			continue
		}
		more, err := keysIn(s)
		if err != nil {
			return nil, err
		}
		keys = append(keys, more...)
	}
	return keys, nil
}

// mayBeSecret reports whether s should not be shown, whatever it is: no name of a
// file is like it.
func mayBeSecret(s string) bool {
	upper := strings.ToUpper(s)
	return len(s) > 4096 || strings.ContainsAny(s, "\r\n") || slices.ContainsFunc([]string{"SECRET-KEY", "AGE-PLUGIN-", "PRIVATE KEY"}, func(sign string) bool {
		return strings.Contains(upper, sign)
	})
}

// mostKeys is how many bytes a file of keys may have.
const mostKeys = 1 << 20

func keysIn(path string) ([]age.Recipient, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("no key and no file of keys: %w (give age1…, ssh-ed25519 …, or the name of a file with such lines)", err)
	case !info.Mode().IsRegular() || info.Size() > mostKeys:
		return nil, fmt.Errorf("%s is not a file of keys (it holds one public key a line)", path)
	}
	b, err := os.ReadFile(path) //nolint:gosec // the operator names it
	if err != nil {
		return nil, err
	}
	var keys []age.Recipient
	for i, line := range strings.Split(string(b), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		k, err := parseKey(line)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, i+1, err)
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%s holds no key (put one public key on each line: age1…, ssh-ed25519 … or ssh-rsa …)", path)
	}
	return keys, nil
}

// secretKeys is how files and lines begin that nobody should hand out.
var secretKeys = []string{"AGE-SECRET-KEY-", "-----BEGIN "}

// looksLikeKey tells a key from the name of a file.
func looksLikeKey(s string) bool {
	for _, start := range append(secretKeys, "age1", "ssh-", "ecdsa-", "sk-") {
		if strings.HasPrefix(s, start) {
			if _, err := os.Stat(s); err != nil {
				return true
			}
		}
	}
	return s == ""
}

func parseKey(s string) (age.Recipient, error) {
	for _, start := range secretKeys {
		if strings.HasPrefix(strings.ToUpper(s), start) {
			return nil, errors.New("this is a secret key, which stays with its owner (give the public one: age1…, or the .pub file)")
		}
	}
	switch kind, _, _ := strings.Cut(s, " "); {
	case strings.HasPrefix(s, "age1"):
		return ageKey(s)
	case kind == "ssh-ed25519" || kind == "ssh-rsa":
		k, err := agessh.ParseRecipient(s)
		if err != nil {
			return nil, errors.New("this SSH key is damaged, or too short to be safe (copy the whole line of the .pub file; RSA needs 2048 bits)")
		}
		return k, nil
	case strings.HasPrefix(kind, "ecdsa-"), strings.HasPrefix(kind, "sk-"), kind == "ssh-dss":
		return nil, fmt.Errorf("nothing can be encrypted for an SSH key of the kind %s (use an age, ssh-ed25519 or ssh-rsa key)", kind)
	}
	return nil, errors.New("this is no public key (age1…, ssh-ed25519 … or ssh-rsa …)")
}

// ageKey reads a key of age, of the usual or of the newer kind.
func ageKey(s string) (age.Recipient, error) {
	keys, err := age.ParseRecipients(strings.NewReader(s))
	if err != nil || len(keys) != 1 {
		return nil, errors.New("this age key is damaged, or of a kind not known here (copy it whole: age1… and nothing behind it)")
	}
	return keys[0], nil
}
