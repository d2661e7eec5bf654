package signature

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

func parse(t testing.TB, text string) *Signers {
	t.Helper()
	s, err := ParseSigners("signers", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSigners(t *testing.T) {
	ana, spare, bo, cy, stranger := fresh(t).PublicKey(), newToken(t).public, fresh(t).PublicKey(), fresh(t).PublicKey(), fresh(t).PublicKey()
	s := parse(t, "# who may sign\r\n\n  \t# and more\n"+
		"ana@example.com,ruiz@example.com "+line(ana)+" the laptop of Ana Ruiz\r\n"+
		"\t\"Bo Lind,bo@example.com\"\tnamespaces=\"file,breachmail-*\"\t "+line(bo)+"\n"+
		"cy@example.com NameSpaces=\"git,file\" "+line(cy)+"\n"+
		"ana@example.com "+line(spare))
	for _, c := range []struct {
		key        ssh.PublicKey
		want, says string
	}{
		{ana, "ana@example.com", ""},
		{spare, "ana@example.com", ""},
		{bo, "Bo Lind", ""},
		{cy, "", `signers:6: the key of "cy@example.com" is listed for other purposes only (add breachmail-approval to its namespaces)`},
		{stranger, "", "signers: the key " + Fingerprint(stranger) + " is not listed"},
	} {
		got, err := s.Principal(c.key, time.Now())
		if got != c.want || (err == nil) != (c.says == "") || err != nil && !strings.HasPrefix(err.Error(), c.says) {
			t.Errorf("got %q, %v; want %q, %q", got, err, c.want, c.says)
		}
	}
	if got := strings.Join(s.Principals(), "; "); got != "ana@example.com; Bo Lind; cy@example.com" {
		t.Errorf("the people are %s", got)
	}
}

func TestSignersAreRefused(t *testing.T) {
	a, b := line(fresh(t).PublicKey()), line(fresh(t).PublicKey())
	kind, text, _ := strings.Cut(a, " ")
	short := "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDLV5lUTt7FrADseB/CGhEZzpoojjEW5y8+ePvLppmK3MmMI18ud6vxzpK3bwZLYkVSyfJYI0HmIuGhdu7yMrW6wb84gbq8C31Xoe9EORcIUuGSvDKdNSM1SjlhDquRblDFB8kToqXyx1lqrXecXylxIUOL0jE+u0rU1967pDJx+w=="
	for _, c := range []struct{ file, says string }{
		{"", "signers: nobody is listed"},
		{"# nobody yet\n\n", "signers: nobody is listed"},
		{"ana@example.com", "signers:1: there is no key"},
		{"\n\nana@example.com " + kind + "\n", "signers:3: there is no key"},
		{"ana@example.com namespaces=\"file\"", "signers:1: there is no key"},
		{a, "signers:1:"},
		{"*@example.com " + a, `signers:1: "*@example.com" is a pattern`},
		{"ana@example.com,b?@example.com " + a, `signers:1: "b?@example.com" is a pattern`},
		{"!ana@example.com " + a, "is a pattern"},
		{"ana@example.com, " + a, "a name is empty"},
		{"\"\" " + a, "a name is empty"},
		{"\"ana, bo\" " + a, "a name is empty, or begins or ends with a blank"},
		{"\"ana " + a, "the quotation mark is not closed"},
		{"an\"a " + a, "characters that no name has"},
		{"\ufeffana@example.com " + a, "characters that no name has"},
		{"Ana Ruiz " + a, `what follows the name is neither an option nor a type of key: "ruiz"`},
		{"ana@example.com cert-authority " + a, "the key of an authority is no person's"},
		{"ana@example.com no-touch-required=\"x\" " + a, `the option "no-touch-required" is not known`},
		{"ana@example.com namespaces=file " + a, `the value of namespaces is missing or not in quotation marks`},
		{"ana@example.com namespaces " + a, `the value of namespaces is missing`},
		{"ana@example.com namespaces=\"\" " + a, `the value of namespaces is missing`},
		{"ana@example.com namespaces=\" " + a, "the quotation mark of an option is not closed"},
		{"ana@example.com namespaces=\"a\",namespaces=\"b\" " + a, "the option namespaces stands twice"},
		{"ana@example.com namespaces=\"a\", " + a, "end with a comma"},
		{"ana@example.com valid-after=\"2026\" " + a, `valid-after "2026" is not a time`},
		{"ana@example.com valid-after=\"20261301\" " + a, "is not a time"},
		{"ana@example.com valid-before=\"202601011Z\" " + a, "is not a time"},
		{"ana@example.com valid-before=\"Z\" " + a, "is not a time"},
		{"ana@example.com valid-after=\"20260102\",valid-before=\"20260102\" " + a, "the key is never valid"},
		{"ana@example.com " + kind + " " + text[:len(text)-5], "the key is cut off or damaged"},
		{"ana@example.com " + kind + " " + text[:40], "cannot be read"},
		{"ana@example.com ecdsa-sha2-nistp256 " + text, "the key is of type ssh-ed25519"},
		{"ana@example.com " + short, "1024 bits is too short"},
		{"ana@example.com " + line(certified(t, fresh(t)).PublicKey()), "certificate"},
		{"ana@example.com " + a + "\nbo@example.com " + a + "\n", `signers:2: the key ` + fingerprintOf(t, a) + ` is that of "ana@example.com" in line 1`},
		{"ana@example.com,ruiz@example.com " + a + "\n#\nruiz@example.com " + b, `signers:3: "ruiz@example.com" is one of the names in line 1, where "ana@example.com" comes first`},
		{"ana@example.com " + a + "\nANA@example.com " + b, `signers:2: "ANA@example.com" is one of the names in line 1`},
	} {
		if s, err := ParseSigners("signers", []byte(c.file)); err == nil || s != nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q:\ngot  %v\nwant %s", c.file, err, c.says)
		}
	}
}

func fingerprintOf(t *testing.T, line string) string {
	t.Helper()
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(line))
	if err != nil {
		t.Fatal(err)
	}
	return Fingerprint(key)
}

// zone makes the machine's zone one that is not UTC, in summer either.
func zone(t *testing.T) *time.Location {
	t.Helper()
	old := time.Local
	time.Local = time.FixedZone("MST", -7*60*60)
	t.Cleanup(func() { time.Local = old })
	return time.Local
}

func TestSignersInTime(t *testing.T) {
	here := zone(t)
	key := fresh(t).PublicKey()
	for _, c := range []struct {
		options string
		at      time.Time
		says    string
	}{
		{`valid-after="20260102Z"`, time.Date(2026, 1, 1, 23, 59, 59, 0, time.UTC), "is not valid before 2026-01-02 00:00:00 UTC"},
		{`valid-after="20260102Z"`, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), ""},
		{`valid-after="20260102"`, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), "is not valid before 2026-01-02 00:00:00 MST"},
		{`valid-after="20260102"`, time.Date(2026, 1, 2, 0, 0, 0, 0, here), ""},
		{`valid-before="202601021530Z"`, time.Date(2026, 1, 2, 15, 30, 0, 0, time.UTC), ""},
		{`valid-before="202601021530Z"`, time.Date(2026, 1, 2, 15, 30, 1, 0, time.UTC), "is not valid after 2026-01-02 15:30:00 UTC"},
		{`valid-before="20260102153007"`, time.Date(2026, 1, 2, 15, 30, 8, 0, here), "is not valid after 2026-01-02 15:30:07 MST"},
		{`Valid-After="20260101Z",valid-before="20260103Z",namespaces="breachmail-approval"`, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), ""},
		{`valid-after="20260101Z",valid-before="20260103Z"`, time.Date(2026, 1, 4, 0, 0, 0, 0, time.UTC), "is not valid after"},
	} {
		_, err := parse(t, "ana@example.com "+c.options+" "+line(key)).Principal(key, c.at)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s at %s: got %v, want %q", c.options, c.at, err, c.says)
		}
	}
	// A key whose time was prolonged has two lines.
	s := parse(t, `ana@example.com valid-before="20260102Z" `+line(key)+"\n"+`ana@example.com valid-after="20260301Z" `+line(key))
	for at, want := range map[time.Time]string{
		time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC): "ana@example.com",
		time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC): "",
		time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC): "ana@example.com",
	} {
		if got, err := s.Principal(key, at); got != want || (err == nil) != (want != "") {
			t.Errorf("at %s: %q, %v", at, got, err)
		}
	}
}

func TestMatchList(t *testing.T) {
	for _, c := range []struct {
		list string
		want bool
	}{
		{"breachmail-approval", true}, {"*", true}, {"breachmail-*", true}, {"breachmail?approval", true}, {"a,*l", true},
		{"", false}, {"file", false}, {"breachmail", false}, {"breachmail-approval2", false}, {"*,!breachmail-*", false},
		{"!file,*", true}, {"!file", false}, {"[b]*", false}, {`\*`, false}, {"*[", false},
	} {
		if got := matchList(strings.Split(c.list, ","), Namespace); got != c.want {
			t.Errorf("%q: %v", c.list, got)
		}
	}
}

// TestSignersAsKeygen: what we take from a file, ssh-keygen takes as well.
func TestSignersAsKeygen(t *testing.T) {
	signer := fresh(t)
	key, armored := line(signer.PublicKey()), sign(t, signer)
	for _, file := range []string{
		"ana@example.com " + key,
		"  ana@example.com\t" + key + " comment\r\n# end",
		"ana@example.com,bo@example.com " + key,
		"\"Ana Ruiz\" " + key,
		"\"Ana Ruiz,ana@example.com\"   namespaces=\"file,breachmail-approval\" " + key,
		"ana@example.com namespaces=\"breachmail-*\" " + key,
		"ana@example.com namespaces=\"*,!breachmail-*\" " + key,
		"ana@example.com NAMESPACES=\"file\" " + key,
		"ana@example.com valid-after=\"20200101\",valid-before=\"20991231235959Z\" " + key,
		"ana@example.com valid-after=\"209901010000Z\" " + key,
		"ana@example.com valid-before=\"20200101Z\",namespaces=\"breachmail-approval\" " + key,
	} {
		s := parse(t, file)
		_, err := s.Principal(signer.PublicKey(), time.Now())
		said, ok := accepts(t, file, s.Principals()[0], Namespace, armored, statement)
		if (err == nil) != ok {
			t.Errorf("%q: we say %v, ssh-keygen %s", file, err, said)
		}
	}
}

func FuzzParseSigners(f *testing.F) {
	key := line(fresh(f).PublicKey())
	for _, s := range []string{
		"", "# c\n", "ana@example.com " + key, "\"Ana Ruiz,a\" namespaces=\"a,b\",valid-after=\"20260102Z\" " + key + " c\n",
		"a b=\"\\\"\" " + key, "a cert-authority " + key, "a \"", "\"", "a ssh-rsa AAAA", "a,b " + key + "\nb " + key,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ParseSigners("signers", data)
		if (err == nil) != (s != nil) {
			t.Fatal(s, err)
		}
		if err != nil {
			if !strings.HasPrefix(err.Error(), "signers:") {
				t.Errorf("no file in %q", err)
			}
			return
		}
		people := s.Principals()
		for i, e := range s.entries {
			for _, other := range s.entries[:i] {
				if bytes.Equal(e.key.Marshal(), other.key.Marshal()) && e.names[0] != other.names[0] {
					t.Errorf("one key is that of %q and %q", e.names[0], other.names[0])
				}
			}
			if who, err := s.Principal(e.key, time.Unix(1e9, 0)); err == nil && who != e.names[0] {
				t.Errorf("got %q, want %q", who, e.names[0])
			}
		}
		if len(people) == 0 || len(people) > len(s.entries) {
			t.Errorf("%d people on %d lines", len(people), len(s.entries))
		}
	})
}
