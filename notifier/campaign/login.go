package campaign

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"breachmail/notifier/relay"
)

// login makes ready what a relay wants to know us by. Passwords come from the
// environment or a file, tokens from a file or a program.
func (c *Campaign) login(a *AuthConfig) (*relay.Auth, error) {
	auth := &relay.Auth{Mechanism: relay.Mechanism(a.Mechanism), Username: a.Username}
	if a.Mechanism == AuthXOAUTH2 {
		t := &token{fetch: c.tokenFrom(a)}
		auth.Token = t.get
		return auth, nil
	}
	password, err := c.password(a)
	auth.Password = relay.NewSecret(password)
	return auth, err
}

func (c *Campaign) password(a *AuthConfig) (string, error) {
	if name := a.PasswordEnv; name != "" {
		password, ok := os.LookupEnv(name)
		if !ok {
			return "", hint(fmt.Errorf("the environment has no %s", name), "set it to the relay's password")
		}
		return password, nil
	}
	return c.secretFile(a.PasswordFile)
}

// secretFile returns what stands in a file of the campaign that nobody else may
// read.
func (c *Campaign) secretFile(name string) (string, error) {
	b, err := readPrivate(c.inDir(name))
	return strings.TrimRight(string(b), "\r\n"), err
}

// token is an access token, kept until a relay refuses it. Several connections
// ask for it; whoever finds it refused fetches another one for all.
type token struct {
	fetch func(context.Context) (string, error)

	mu      sync.Mutex
	current string
	fetched time.Time
}

// fetchedLately is for how long a token is not fetched again: another
// connection has just done that.
const fetchedLately = 5 * time.Second

// get returns the token; fresh means that the one from before was refused.
func (t *token) get(ctx context.Context, fresh bool) (relay.Secret, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current == "" || fresh && time.Since(t.fetched) > fetchedLately {
		current, err := t.fetch(ctx)
		if err == nil && current == "" {
			err = errors.New("the access token is empty")
		}
		if err != nil {
			return relay.Secret{}, err
		}
		t.current, t.fetched = current, time.Now()
	}
	return relay.NewSecret(t.current), nil
}

// tokenFrom is where the token comes from.
func (c *Campaign) tokenFrom(a *AuthConfig) func(context.Context) (string, error) {
	if a.TokenFile != "" {
		return func(context.Context) (string, error) { return c.secretFile(a.TokenFile) }
	}
	return func(ctx context.Context) (string, error) { return c.runForToken(ctx, a.TokenCommand) }
}

// tokenTime is how long a program may take to give a token.
const tokenTime = 30 * time.Second

// runForToken runs a program in the campaign's directory, without a shell, and
// returns the first line it prints. What it says on stderr is not repeated: it
// may hold a secret.
func (c *Campaign) runForToken(ctx context.Context, words []string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, tokenTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, words[0], words[1:]...) //nolint:gosec // the operator's own program
	cmd.Dir = c.Dir
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("auth.token_command %s: %w", words[0], err)
	}
	line, _, _ := bytes.Cut(out, []byte("\n"))
	return string(bytes.TrimSpace(line)), nil
}
