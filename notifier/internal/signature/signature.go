// Package signature signs approvals with SSH keys and checks such signatures.
//
// The format is SSHSIG (PROTOCOL.sshsig of OpenSSH), armored, with SHA-512, in
// a namespace of its own, so that no signature made for another purpose is
// taken for an approval. Whoever has the statement, the signature and the file
// of signers can check them without breachmail:
//
//	ssh-keygen -Y verify -f SIGNERS -I PRINCIPAL -n breachmail-approval -s SIGNATURE < STATEMENT
//
// A key is usable when that command accepts it: Ed25519, ECDSA and RSA of at
// least 2048 bits, in a file or in an agent, and FIDO keys (sk-…), which are
// always used through the agent. Certificates and DSA are refused.
package signature

import (
	"bytes"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"
)

// Namespace is what signed approvals are kept apart by from everything else
// that is signed with the same key.
const Namespace = "breachmail-approval"

// Sign returns the armored signature of statement by s, which Load gives. It
// was checked as Verify does. A key of hardware may wait for a touch meanwhile.
func Sign(s ssh.Signer, statement []byte) (armored string, err error) {
	if err := usable(s.PublicKey()); err != nil {
		return "", err
	}
	sig, err := sshsig.Sign(bytes.NewReader(statement), s, sshsig.HashSHA512, Namespace)
	if err != nil {
		return "", fmt.Errorf("the key %s did not sign: %w", Fingerprint(s.PublicKey()), err)
	}
	armored = string(sshsig.Armor(sig))
	if _, err := Verify(statement, armored); err != nil {
		return "", fmt.Errorf("the key %s made a signature that does not hold: %w", Fingerprint(s.PublicKey()), err)
	}
	return armored, nil
}

// Verify returns the key that signed statement in our namespace, and an error
// for any other signature. Who has the key is for Signers to say.
func Verify(statement []byte, armored string) (ssh.PublicKey, error) {
	sig, err := sshsig.Unarmor([]byte(armored))
	if err != nil {
		return nil, fmt.Errorf("it is not an SSH signature: %w", err)
	}
	if err := usable(sig.PublicKey); err != nil {
		return nil, err
	}
	err = sshsig.Verify(bytes.NewReader(statement), sig, sig.PublicKey, sig.HashAlgorithm, Namespace)
	switch {
	case errors.Is(err, sshsig.ErrNamespaceMismatch):
		return nil, fmt.Errorf("it is a signature for %q, not for %q (sign with -n %s)", sig.Namespace, Namespace, Namespace)
	case err != nil:
		return nil, fmt.Errorf("it is not the signature of this statement by the key %s", Fingerprint(sig.PublicKey))
	}
	return sig.PublicKey, nil
}

// Fingerprint names a key as ssh-keygen -l does: "SHA256:" and 43 characters.
func Fingerprint(key ssh.PublicKey) string { return ssh.FingerprintSHA256(key) }

// usableTypes are the types of key that ssh-keygen checks signatures of.
var usableTypes = []string{
	ssh.KeyAlgoED25519, ssh.KeyAlgoSKED25519, ssh.KeyAlgoSKECDSA256,
	ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521, ssh.KeyAlgoRSA,
}

// minRSA is the shortest RSA key that is used, in bits.
const minRSA = 2048

// usable says why a key may sign no approval, or nothing.
func usable(key ssh.PublicKey) error {
	const instead = "make another one: ssh-keygen -t ed25519"
	if _, ok := key.(*ssh.Certificate); ok {
		return errors.New("a certificate cannot sign an approval (use the plain key)")
	}
	if !slices.Contains(usableTypes, key.Type()) {
		return fmt.Errorf("a key of type %s cannot sign an approval (%s)", key.Type(), instead)
	}
	if bits := rsaBits(key); bits > 0 && bits < minRSA {
		return fmt.Errorf("an RSA key of %d bits is too short to sign an approval (%s)", bits, instead)
	}
	return nil
}

// rsaBits is the length of an RSA key, 0 for a key of another type.
func rsaBits(key ssh.PublicKey) int {
	if k, ok := key.(ssh.CryptoPublicKey); ok {
		if r, ok := k.CryptoPublicKey().(*rsa.PublicKey); ok {
			return r.N.BitLen()
		}
	}
	return 0
}
