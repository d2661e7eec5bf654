package campaign

import (
	"context"
	"fmt"

	"breachmail/notifier/relay"
	"breachmail/notifier/send"
)

// relays makes the configured relays ready to be dialled.
func (c *Campaign) relays() ([]send.Relay, error) {
	if len(c.Config.Relays) == 0 {
		return nil, hint(fmt.Errorf("%s: there is no relay", c.path(ConfigFile)), "add one under relays:")
	}
	var list []send.Relay
	for i := range c.Config.Relays {
		r := &c.Config.Relays[i]
		cfg, err := c.relayConfig(r)
		if err != nil {
			return nil, fmt.Errorf("relay %s: %w", r.Name, err)
		}
		list = append(list, send.Relay{
			Name: r.Name,
			Dial: func(ctx context.Context) (send.Session, error) { return relay.Dial(ctx, cfg) },
		})
	}
	return list, nil
}

func (c *Campaign) relayConfig(r *RelayConfig) (relay.Config, error) {
	cfg := relay.Config{
		Name: r.Name, Address: r.Address, TLS: relay.TLSMode(r.TLS), Insecure: r.Insecure,
		Hello: c.Config.Sender.Hostname, NoPipelining: !r.Pipelining,
	}
	var err error
	if cfg.TLSConfig, err = c.tlsFiles(r).Config(); err != nil {
		return cfg, err
	}
	if r.Auth != nil {
		if cfg.Auth, err = c.login(r.Auth); err != nil {
			return cfg, err
		}
	}
	return cfg, cfg.Check()
}

// tlsFiles names the files of a relay's certificates.
func (c *Campaign) tlsFiles(r *RelayConfig) relay.TLSFiles {
	in := func(name string) string {
		if name == "" {
			return ""
		}
		return c.inDir(name)
	}
	return relay.TLSFiles{CA: in(r.CAFile), Cert: in(r.CertFile), Key: in(r.KeyFile)}
}
