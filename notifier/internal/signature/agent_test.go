package signature

import (
	"bufio"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"breachmail/notifier/internal/service"
)

// token is a key of hardware, without the hardware (PROTOCOL.u2f of OpenSSH).
type token struct {
	key    ed25519.PrivateKey
	public ssh.PublicKey
}

const tokenApplication = "ssh:"

func newToken(t testing.TB) *token {
	t.Helper()
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := ssh.ParsePublicKey(ssh.Marshal(struct {
		Type        string
		Key         []byte
		Application string
	}{ssh.KeyAlgoSKED25519, public, tokenApplication}))
	if err != nil {
		t.Fatal(err)
	}
	return &token{key, parsed}
}

func (k *token) PublicKey() ssh.PublicKey { return k.public }

func (k *token) Sign(_ io.Reader, data []byte) (*ssh.Signature, error) {
	app, sum := sha256.Sum256([]byte(tokenApplication)), sha256.Sum256(data)
	touched := []byte{1, 0, 0, 0, 7} // flags and counter
	signed := append(append(app[:], touched...), sum[:]...)
	return &ssh.Signature{Format: ssh.KeyAlgoSKED25519, Blob: ed25519.Sign(k.key, signed), Rest: touched}, nil
}

// hardwareFile is what ssh-keygen writes for a key of hardware: no more of it
// than the token needs to find it again.
func hardwareFile(t *testing.T) string {
	t.Helper()
	k := newToken(t)
	private := ssh.Marshal(struct {
		Check1, Check2   uint32
		Type             string
		Key              []byte
		Application      string
		Flags            byte
		Handle, Reserved []byte
		Comment          string
		Pad              []byte `ssh:"rest"`
	}{Type: ssh.KeyAlgoSKED25519, Key: k.key.Public().(ed25519.PublicKey), Application: tokenApplication, Flags: 1, Handle: []byte("handle")})
	file := append([]byte("openssh-key-v1\x00"), ssh.Marshal(struct {
		Cipher, KDF, Options string
		Keys                 uint32
		Public, Private      []byte
	}{"none", "none", "", 1, k.public.Marshal(), private})...)
	return string(pem.EncodeToMemory(&pem.Block{Type: "OPENSSH PRIVATE KEY", Bytes: file}))
}

// withToken is an agent that holds a token beside its other keys.
type withToken struct {
	agent.ExtendedAgent
	*token
}

func (a withToken) List() ([]*agent.Key, error) {
	keys, err := a.ExtendedAgent.List()
	return append(keys, &agent.Key{Format: a.public.Type(), Blob: a.public.Marshal()}), err
}

func (a withToken) SignWithFlags(key ssh.PublicKey, data []byte, flags agent.SignatureFlags) (*ssh.Signature, error) {
	if Fingerprint(key) == Fingerprint(a.public) {
		return a.token.Sign(nil, data)
	}
	return a.ExtendedAgent.SignWithFlags(key, data, flags)
}

func (a withToken) Sign(key ssh.PublicKey, data []byte) (*ssh.Signature, error) {
	return a.SignWithFlags(key, data, 0)
}

// deaf is an agent that does not heed which hash is asked for.
type deaf struct{ agent.ExtendedAgent }

func (a deaf) SignWithFlags(key ssh.PublicKey, data []byte, _ agent.SignatureFlags) (*ssh.Signature, error) {
	return a.Sign(key, data)
}

// hushed is an agent that tells no keys and does not sign.
type hushed struct{ agent.ExtendedAgent }

func (hushed) List() ([]*agent.Key, error) { return nil, errors.New("no") }

// serve makes a the agent of the test.
func serve(t *testing.T, a agent.Agent) {
	t.Helper()
	socket := filepath.Join(socketDir(t), "agent")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Skipf("no sockets of this kind here: %v", err)
	}
	var wg sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); wg.Wait() })
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				_ = agent.ServeAgent(a, conn)
				_ = conn.Close()
			})
		}
	})
	t.Setenv(agentVariable, socket)
}

// socketDir is a directory with a short path, as sockets need it.
func socketDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "agent")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// held is an agent with all keys that were made.
func held(t *testing.T) agent.ExtendedAgent {
	t.Helper()
	ring := agent.NewKeyring()
	for _, key := range made() {
		if err := ring.Add(agent.AddedKey{PrivateKey: key}); err != nil {
			t.Fatal(err)
		}
	}
	return ring.(agent.ExtendedAgent)
}

func TestAgentSigns(t *testing.T) {
	hardware := newToken(t)
	serve(t, withToken{held(t), hardware})
	keys := []ssh.PublicKey{hardware.public}
	for _, key := range made() {
		keys = append(keys, signerOf(t, key).PublicKey())
	}
	for _, key := range keys {
		t.Run(key.Type(), func(t *testing.T) {
			s, err := Load(write(t, t.TempDir(), "id.pub", line(key)+" ana@example.com\n", 0o644), nil)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Verify(statement, sign(t, s))
			if err != nil || Fingerprint(got) != Fingerprint(key) {
				t.Error(got, err)
			}
		})
	}
}

func TestAgentRefuses(t *testing.T) {
	dir := t.TempDir()
	known := write(t, dir, "known.pub", line(signerOf(t, made()["rsa-3072"]).PublicKey())+"\n", 0o644)
	stranger := write(t, dir, "stranger.pub", line(fresh(t).PublicKey())+"\n", 0o644)
	load := func(path, says string) ssh.Signer {
		t.Helper()
		s, err := Load(path, nil)
		if says == "" && err != nil || says != "" && (err == nil || !strings.Contains(err.Error(), says) || !strings.HasPrefix(err.Error(), path+": ")) {
			t.Errorf("got %v, want %q", err, says)
		}
		return s
	}
	t.Setenv(agentVariable, "")
	load(known, "SSH_AUTH_SOCK is not set")
	t.Setenv(agentVariable, filepath.Join(dir, "none"))
	load(known, "nothing answers at SSH_AUTH_SOCK")
	serve(t, hushed{held(t)})
	load(known, "does not tell its keys")
	serve(t, deaf{held(t)})
	load(stranger, "(ssh-add "+strings.TrimSuffix(stranger, ".pub")+")")
	s := load(known, "")
	if armored, err := Sign(s, statement); err == nil {
		t.Errorf("a signature with SHA-1 was taken: %s", armored)
	}
	ring := held(t)
	serve(t, ring)
	s = load(known, "")
	if err := ring.RemoveAll(); err != nil {
		t.Fatal(err)
	}
	if _, err := Sign(s, statement); err == nil || !strings.Contains(err.Error(), "refused to sign") {
		t.Errorf("an agent without the key: %v", err)
	}
}

// TestRealAgent asks the agent of OpenSSH.
func TestRealAgent(t *testing.T) {
	program, add := service.Need(t, "ssh-agent"), service.Need(t, "ssh-add")
	socket := filepath.Join(socketDir(t), "agent")
	cmd := exec.Command(program, "-D", "-a", socket)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if said, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.Contains(said, socket) {
		t.Fatal(said, err)
	}
	t.Setenv(agentVariable, socket)
	for _, name := range []string{"ed25519", "ecdsa-256", "rsa-3072"} {
		t.Run(name, func(t *testing.T) {
			private := keyFile(t, t.TempDir(), made()[name])
			if _, err := Load(private+".pub", nil); err == nil || !strings.Contains(err.Error(), "does not hold the key") {
				t.Errorf("before ssh-add: %v", err)
			}
			if out, err := exec.Command(add, private).CombinedOutput(); err != nil {
				t.Fatalf("%s: %v", out, err)
			}
			s, err := Load(private+".pub", nil)
			if err != nil {
				t.Fatal(err)
			}
			signers := "ana@example.com " + line(s.PublicKey()) + "\n"
			if said, ok := accepts(t, signers, "ana@example.com", Namespace, sign(t, s), statement); !ok {
				t.Errorf("ssh-keygen refuses it: %s", said)
			}
		})
	}
}
