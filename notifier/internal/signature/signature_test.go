package signature

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"

	"breachmail/notifier/internal/service"
)

func TestSignAndVerify(t *testing.T) {
	for name, key := range made() {
		t.Run(name, func(t *testing.T) {
			s := signerOf(t, key)
			armored := sign(t, s)
			got, err := Verify(statement, armored)
			if err != nil || Fingerprint(got) != Fingerprint(s.PublicKey()) {
				t.Fatal(got, err)
			}
			if _, err := Verify(append(statement, '.'), armored); err == nil || !strings.Contains(err.Error(), "not the signature of this statement") {
				t.Errorf("another statement: %v", err)
			}
			sig, err := sshsig.Unarmor([]byte(armored))
			if err != nil || sig.HashAlgorithm != sshsig.HashSHA512 || sig.Namespace != Namespace {
				t.Errorf("%+v, %v", sig, err)
			}
			if name == "rsa-3072" && sig.Signature.Format != ssh.KeyAlgoRSASHA512 {
				t.Errorf("RSA signs with %s", sig.Signature.Format)
			}
		})
	}
}

func TestVerifyRefuses(t *testing.T) {
	s, other := fresh(t), fresh(t)
	with := func(s ssh.Signer, h sshsig.HashAlgorithm, namespace string, change func(*sshsig.Signature)) string {
		sig, err := sshsig.Sign(bytes.NewReader(statement), s, h, namespace)
		if err != nil {
			t.Fatal(err)
		}
		change(sig)
		return string(sshsig.Armor(sig))
	}
	as := func(*sshsig.Signature) {}
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	good := with(s, sshsig.HashSHA512, Namespace, as)
	for _, c := range []struct{ name, armored, says string }{
		{"nothing", "", "not an SSH signature"},
		{"a key", line(s.PublicKey()), "not an SSH signature"},
		{"half", good[:len(good)/2], "not an SSH signature"},
		{"another namespace", with(s, sshsig.HashSHA512, "file", as), `for "file"`},
		{"another namespace that says ours", with(s, sshsig.HashSHA512, "file", func(sig *sshsig.Signature) { sig.Namespace = Namespace }), "not the signature of this statement"},
		{"another key's name", with(s, sshsig.HashSHA512, Namespace, func(sig *sshsig.Signature) { sig.PublicKey = other.PublicKey() }), "not the signature of this statement"},
		{"another hash's name", with(s, sshsig.HashSHA512, Namespace, func(sig *sshsig.Signature) { sig.HashAlgorithm = sshsig.HashSHA256 }), "not the signature of this statement"},
		{"an unknown hash", with(s, sshsig.HashSHA512, Namespace, func(sig *sshsig.Signature) { sig.HashAlgorithm = "md5" }), "not an SSH signature"},
		{"a changed signature", with(s, sshsig.HashSHA512, Namespace, func(sig *sshsig.Signature) { sig.Signature.Blob[7] ^= 1 }), "not the signature of this statement"},
		{"a short key", with(signerOf(t, short), sshsig.HashSHA512, Namespace, as), "1024 bits is too short"},
		{"a certificate", with(certified(t, s), sshsig.HashSHA512, Namespace, as), "certificate"},
	} {
		if key, err := Verify(statement, c.armored); err == nil || key != nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, %v", c.name, key, err)
		}
	}
	if _, err := Verify(statement, good); err != nil {
		t.Error(err)
	}
	if _, err := Verify(statement, with(s, sshsig.HashSHA256, Namespace, as)); err != nil {
		t.Errorf("the format's other hash: %v", err)
	}
}

// certified is s with a certificate that it gave itself.
func certified(t *testing.T, s ssh.Signer) ssh.Signer {
	t.Helper()
	c := &ssh.Certificate{Key: s.PublicKey(), CertType: ssh.UserCert, ValidBefore: ssh.CertTimeInfinity}
	if err := c.SignCert(rand.Reader, s); err != nil {
		t.Fatal(err)
	}
	cs, err := ssh.NewCertSigner(c, s)
	if err != nil {
		t.Fatal(err)
	}
	return cs
}

func TestSignRefuses(t *testing.T) {
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []ssh.Signer{certified(t, fresh(t)), signerOf(t, short), liar{fresh(t), fresh(t)}} {
		if armored, err := Sign(s, statement); err == nil || armored != "" {
			t.Errorf("%T with %s signed", s, s.PublicKey().Type())
		}
	}
}

// liar shows another key than it signs with.
type liar struct {
	ssh.Signer
	shown ssh.Signer
}

func (l liar) PublicKey() ssh.PublicKey { return l.shown.PublicKey() }

func TestFingerprint(t *testing.T) {
	s := fresh(t)
	said, ok := keygen(t, nil, "-l", "-f", write(t, t.TempDir(), "id.pub", line(s.PublicKey())+"\n", 0o600))
	if got := Fingerprint(s.PublicKey()); !ok || !strings.Contains(said, " "+got+" ") {
		t.Errorf("got %s, ssh-keygen says %s", got, said)
	}
}

// TestKeygenVerifies: what we sign is checked by ssh-keygen alone.
func TestKeygenVerifies(t *testing.T) {
	other := fresh(t)
	keys := map[string]ssh.Signer{"sk-ed25519": newToken(t)}
	for name, key := range made() {
		keys[name] = signerOf(t, key)
	}
	for name, s := range keys {
		t.Run(name, func(t *testing.T) {
			armored := sign(t, s)
			signers := "ana@example.com " + line(s.PublicKey()) + "\nbo@example.com " + line(other.PublicKey()) + "\n"
			if said, ok := accepts(t, signers, "ana@example.com", Namespace, armored, statement); !ok {
				t.Fatalf("ssh-keygen refuses our signature: %s", said)
			}
			for _, c := range []struct {
				what, principal, namespace string
				text                       []byte
			}{
				{"a changed statement", "ana@example.com", Namespace, bytes.Replace(statement, []byte("1f2e"), []byte("1f2f"), 1)},
				{"another namespace", "ana@example.com", "file", statement},
				{"another person", "bo@example.com", Namespace, statement},
			} {
				if said, ok := accepts(t, signers, c.principal, c.namespace, armored, c.text); ok {
					t.Errorf("ssh-keygen accepts %s: %s", c.what, said)
				}
			}
			if _, ok := accepts(t, signers, "ana@example.com", Namespace, sign(t, other), statement); ok {
				t.Error("ssh-keygen accepts the signature of another key")
			}
		})
	}
}

// TestVerifiesKeygen: what ssh-keygen signs is checked by us.
func TestVerifiesKeygen(t *testing.T) {
	for name, key := range made() {
		t.Run(name, func(t *testing.T) {
			file := keyFile(t, t.TempDir(), key)
			by := func(namespace string, more ...string) string {
				t.Helper()
				return signedByKeygen(t, append([]string{"-Y", "sign", "-f", file, "-n", namespace}, more...)...)
			}
			armored := by(Namespace)
			got, err := Verify(statement, armored)
			if err != nil || Fingerprint(got) != Fingerprint(signerOf(t, key).PublicKey()) {
				t.Fatal(got, err)
			}
			if _, err := Verify(statement[1:], armored); err == nil {
				t.Error("a changed statement was accepted")
			}
			if _, err := Verify(statement, by("file")); err == nil {
				t.Error("another namespace was accepted")
			}
			if _, err := Verify(statement, by(Namespace, "-O", "hashalg=sha256")); err != nil {
				t.Errorf("with SHA-256: %v", err)
			}
		})
	}
}

// signedByKeygen signs the statement; what ssh-keygen says to people is not
// part of the signature.
func signedByKeygen(t *testing.T, args ...string) (armored string) {
	t.Helper()
	cmd := exec.Command(service.Need(t, "ssh-keygen"), args...)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(statement), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func FuzzVerify(f *testing.F) {
	for _, key := range []crypto.PrivateKey{made()["ed25519"], made()["ecdsa-256"], made()["rsa-3072"]} {
		sig, err := sshsig.Sign(bytes.NewReader(statement), signerOf(f, key), sshsig.HashSHA512, Namespace)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(sig.Marshal())
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		sig, err := sshsig.ParseSignature(wire)
		if err != nil {
			return
		}
		key, err := Verify(statement, string(sshsig.Armor(sig)))
		if (err == nil) != (key != nil) {
			t.Errorf("a key and an error: %v", err)
		}
	})
}
