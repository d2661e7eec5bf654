package signature

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// agentVariable names the agent's socket in the environment.
const agentVariable = "SSH_AUTH_SOCK"

// agentPatience is how long the agent may take to answer: a person may have to
// find a key of hardware and touch it.
const agentPatience = 2 * time.Minute

// agentSigner signs with a key that an agent holds. Each call has its own
// connection, so that there is nothing to close.
type agentSigner struct {
	key    ssh.PublicKey
	file   string // of the public key
	socket string
}

// PublicKey implements ssh.Signer.
func (s *agentSigner) PublicKey() ssh.PublicKey { return s.key }

// Sign implements ssh.Signer.
func (s *agentSigner) Sign(rand io.Reader, data []byte) (*ssh.Signature, error) {
	return s.SignWithAlgorithm(rand, data, "")
}

// SignWithAlgorithm implements ssh.AlgorithmSigner, which RSA keys need.
func (s *agentSigner) SignWithAlgorithm(_ io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
	var flags agent.SignatureFlags
	switch algorithm {
	case "":
	case ssh.KeyAlgoRSASHA512:
		flags = agent.SignatureFlagRsaSha512
	default:
		return nil, fmt.Errorf("an agent is not asked for %s here", algorithm)
	}
	var sig *ssh.Signature
	err := s.talk(func(a agent.ExtendedAgent) (err error) {
		sig, err = a.SignWithFlags(s.key, data, flags)
		if err != nil {
			err = errors.New("the agent refused to sign (confirm or touch the key when asked, then try again)")
		}
		return err
	})
	return sig, err
}

// check looks whether the agent holds the key.
func (s *agentSigner) check() error {
	return s.talk(func(a agent.ExtendedAgent) error {
		keys, err := a.List()
		if err != nil {
			return errors.New("the agent does not tell its keys (check " + agentVariable + ")")
		}
		want := s.key.Marshal()
		for _, k := range keys {
			if bytes.Equal(k.Blob, want) {
				return nil
			}
		}
		return fmt.Errorf("the agent does not hold the key %s (ssh-add %s)", Fingerprint(s.key), strings.TrimSuffix(s.file, ".pub"))
	})
}

func (s *agentSigner) talk(f func(agent.ExtendedAgent) error) error {
	if s.socket == "" {
		return fmt.Errorf("%s: a public key is used through an SSH agent, and %s is not set (start one: eval \"$(ssh-agent)\", or name the private key)", s.file, agentVariable)
	}
	conn, err := net.Dial("unix", s.socket)
	if err != nil {
		return fmt.Errorf("%s: nothing answers at %s (start an agent: eval \"$(ssh-agent)\"): %w", s.file, agentVariable, err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(agentPatience)); err != nil {
		return err
	}
	if err := f(agent.NewClient(conn)); err != nil {
		return fmt.Errorf("%s: %w", s.file, err)
	}
	return nil
}
