package campaign

import (
	"context"
	"fmt"
	"os"
	"strings"

	"breachmail/notifier/relay"
	"breachmail/notifier/send"
)

// relays makes the configured relays ready to be dialled. Passwords come from
// the environment or a file.
func (c *Campaign) relays() ([]send.Relay, error) {
	if len(c.Config.Relays) == 0 {
		return nil, hint(fmt.Errorf("%s: there is no relay", c.path(ConfigFile)), "add one under relays:")
	}
	var list []send.Relay
	for i := range c.Config.Relays {
		r := &c.Config.Relays[i]
		cfg, err := c.relayConfig(r)
		if err != nil {
			return nil, err
		}
		list = append(list, send.Relay{
			Name: r.Name, Connections: r.Connections, Rate: float64(r.Rate),
			Dial: func(ctx context.Context) (send.Session, error) { return relay.Dial(ctx, cfg) },
		})
	}
	return list, nil
}

func (c *Campaign) relayConfig(r *RelayConfig) (relay.Config, error) {
	cfg := relay.Config{
		Name: r.Name, Address: r.Address, TLS: relay.TLSMode(r.TLS), Insecure: r.Insecure, Hello: c.Config.Sender.Hostname,
	}
	if r.Auth != nil {
		password, err := c.password(r)
		if err != nil {
			return cfg, err
		}
		cfg.Auth = &relay.Auth{Mechanism: relay.Mechanism(r.Auth.Mechanism), Username: r.Auth.Username, Password: relay.NewSecret(password)}
	}
	if err := cfg.Check(); err != nil {
		return cfg, fmt.Errorf("relay %s: %w", r.Name, err)
	}
	return cfg, nil
}

func (c *Campaign) password(r *RelayConfig) (string, error) {
	if name := r.Auth.PasswordEnv; name != "" {
		password, ok := os.LookupEnv(name)
		if !ok {
			return "", hint(fmt.Errorf("relay %s: the environment has no %s", r.Name, name), "set it to the relay's password")
		}
		return password, nil
	}
	b, err := readPrivate(c.inDir(r.Auth.PasswordFile))
	if err != nil {
		return "", fmt.Errorf("relay %s: %w", r.Name, err)
	}
	return strings.TrimRight(string(b), "\r\n"), nil
}
