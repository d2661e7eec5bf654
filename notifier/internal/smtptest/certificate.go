package smtptest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"sync"
	"time"
)

// pair is both ends' TLS configuration, and the client's certificate, which is
// its own authority.
type pair struct {
	server, client *tls.Config
	authority      []byte // of the server, PEM
	cert, key      []byte // of the client, PEM
}

// certificate makes a certificate for localhost and 127.0.0.1, and one for a
// client, once.
var certificate = sync.OnceValue(func() pair {
	server, leaf := generate(x509.ExtKeyUsageServerAuth)
	client, clientLeaf := generate(x509.ExtKeyUsageClientAuth)
	roots, clients := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(leaf)
	clients.AddCert(clientLeaf)
	key, err := x509.MarshalPKCS8PrivateKey(client.PrivateKey)
	if err != nil {
		panic(err)
	}
	return pair{
		server: &tls.Config{
			Certificates: []tls.Certificate{server},
			ClientCAs:    clients,
			MinVersion:   tls.VersionTLS12,
		},
		client:    &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		authority: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Raw}),
		cert:      pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: clientLeaf.Raw}),
		key:       pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
	}
})

// generate makes a self-signed certificate for localhost.
func generate(usage x509.ExtKeyUsage) (tls.Certificate, *x509.Certificate) {
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
		ExtKeyUsage:  []x509.ExtKeyUsage{usage},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, leaf
}

// ServerTLS returns the configuration the scripted server uses in TLS, for
// tests that bring another server.
func ServerTLS() *tls.Config { return certificate().server.Clone() }

// ClientTLS returns a configuration that trusts the server's certificate,
// which is for localhost and 127.0.0.1.
func ClientTLS() *tls.Config { return certificate().client.Clone() }

// PEM returns the authority of the server's certificate, and a certificate and
// key that a server of ServeClientTLS takes.
func PEM() (authority, cert, key []byte) {
	p := certificate()
	return p.authority, p.cert, p.key
}
