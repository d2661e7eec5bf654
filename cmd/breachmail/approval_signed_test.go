package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// signedCampaign is a campaign that one person has approved with a key.
type signedCampaign struct {
	t         *testing.T
	keygen    string
	statement string // files
	signers   string
}

// TestSSHKeygenAcceptsApprovals checks an approval as somebody would years
// later, with OpenSSH alone.
func TestSSHKeygenAcceptsApprovals(t *testing.T) {
	keygen := need(t, "ssh-keygen")
	for _, kind := range [][]string{{"-t", "ed25519"}, {"-t", "rsa", "-b", "3072"}, {"-t", "ecdsa"}} {
		t.Run(kind[1], func(t *testing.T) {
			c := newSignedCampaign(t, keygen, kind...)
			said, err := os.ReadFile(c.statement)
			if err != nil {
				t.Fatal(err)
			}
			if out, err := c.verify(said, "ana.ruiz@example.com"); err != nil {
				t.Errorf("ssh-keygen refuses it: %v\n%s", err, out)
			}
			for name, change := range map[string]func() ([]byte, string){
				"a changed statement": func() ([]byte, string) {
					return bytes.Replace(said, []byte("Ana Ruiz"), []byte("Eve Moss"), 1), "ana.ruiz@example.com"
				},
				"a letter less":   func() ([]byte, string) { return said[:len(said)-1], "ana.ruiz@example.com" },
				"somebody else's": func() ([]byte, string) { return said, "tom.okafor@example.com" },
			} {
				if out, err := c.verify(change()); err == nil {
					t.Errorf("ssh-keygen accepts %s: %s", name, out)
				}
			}
		})
	}
}

func newSignedCampaign(t *testing.T, keygen string, kind ...string) *signedCampaign {
	t.Helper()
	t.Chdir(t.TempDir())
	c := &signedCampaign{t: t, keygen: keygen, signers: "signers", statement: filepath.Join("aug", "out", "approvals", "approval-1.txt")}
	for _, name := range []string{"ana", "tom"} {
		if out, err := exec.Command(keygen, append(kind, "-q", "-N", "", "-C", "", "-f", name)...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	c.runs("init", "aug")
	common, err := os.ReadFile(commonConfig)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join("aug", "campaign.yaml"), strings.ReplaceAll(string(common), "$RELAY", "127.0.0.1:1")+"approvals: {signers: ../signers}\n")
	write("signers", "ana.ruiz@example.com "+c.read("ana.pub")+"tom.okafor@example.com "+c.read("tom.pub"))
	write("east.csv", "Name,ZIP,Phone,Email,Account Number,Account Type\nIda Berg,98101,206-555-0105,ida.berg@example.com,900125555,prepaid\n")
	c.runs("-C", "aug", "plan", "east.csv")
	said := strings.Fields(c.runs("-C", "aug", "preview"))
	c.runs("-C", "aug", "approve", "--by", "Ana Ruiz, General Counsel", "--digest", said[len(said)-1], "--key", "ana")
	return c
}

// runs runs a verb that has to succeed, and returns what it says on stderr.
func (c *signedCampaign) runs(args ...string) string {
	c.t.Helper()
	_, errs, code := inProcess(args...)
	if code != 0 {
		c.t.Fatalf("breachmail %s ends with %d: %s", strings.Join(args, " "), code, errs)
	}
	return errs
}

func (c *signedCampaign) read(name string) string {
	c.t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		c.t.Fatal(err)
	}
	return string(b)
}

// verify runs the command that the README shows.
func (c *signedCampaign) verify(said []byte, who string) (string, error) {
	cmd := exec.Command(c.keygen, "-Y", "verify", "-f", c.signers, "-I", who, "-n", "breachmail-approval", "-s", c.statement+".sig")
	cmd.Stdin = bytes.NewReader(said)
	out, err := cmd.CombinedOutput()
	return string(out), err
}
