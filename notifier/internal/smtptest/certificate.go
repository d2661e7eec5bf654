package smtptest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"sync"
	"time"
)

// pair is both ends' TLS configuration.
type pair struct{ server, client *tls.Config }

// certificate makes a certificate for localhost and 127.0.0.1, once.
var certificate = sync.OnceValue(func() pair {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(24 * time.Hour),
		DNSNames:     []string{"localhost"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return pair{
		server: &tls.Config{
			Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
			MinVersion:   tls.VersionTLS12,
		},
		client: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
	}
})

// ServerTLS returns the configuration the scripted server uses in TLS, for
// tests that bring another server.
func ServerTLS() *tls.Config { return certificate().server.Clone() }

// ClientTLS returns a configuration that trusts the server's certificate,
// which is for localhost and 127.0.0.1.
func ClientTLS() *tls.Config { return certificate().client.Clone() }
