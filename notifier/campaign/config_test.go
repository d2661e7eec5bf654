package campaign

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
)

// goodConfig uses every key that this version supports.
const goodConfig = `campaign: aug-2018
sender:
  from: "Northwind Mobile <notices@example.com>"
  reply_to: privacy@example.com
  return_path: bounces@example.com
  hostname: mail.example.com
  subject: Notice of Data Breach
incident:
  company: Northwind Mobile
  signed_by: {name: Avery Quist, title: Chief Executive}
  occurred: {from: 2018-08-20, to: 2018-08-21}
  discovered: 2018-08-20
  determined: 2018-08-22
  scope_ended: 2018-08-23
  notice_date: 2018-08-24
  what_happened: |
    Someone read account data.

    We stopped it.
  data_involved: [name, phone number]
  data_not_involved: [passwords]
  what_we_are_doing: We fixed it.
  what_you_can_do: Be wary.
  contact: {phone: 1-800-555-0100, hours: 9 to 5, web: "https://www.example.com/notice", post: 1 Main St}
  parent_company: Northwind Holdings
  affected: 2000000
  law_enforcement_delay: no
  services: A year of credit monitoring.
  translations:
    es:
      subject: Aviso de filtración de datos
      signer_title: Directora general
      hours: de 9 a 5
      data_involved: [nombre, teléfono]
      data_not_involved: [contraseñas]
      what_happened: Alguien leyó datos.
      what_we_are_doing: Lo arreglamos.
      what_you_can_do: Tenga cuidado.
      services: Un año de vigilancia de crédito.
email:
  basis: voluntary
  also_postal: true
  unknown_state: CA
  primary_channel: true
exports: {extra: {store: Home Store}, placeholders: ["declined@"],
  columns: {account_number: acct_no},
  max_rejected: 0.5%}
relays:
  - name: primary
    address: smtp.example.com:465
    tls: implicit
    auth: {mechanism: plain, username: notices, password_env: BREACHMAIL_PRIMARY_PASSWORD}
    connections: 50
    rate: 600/m
  - name: spare
    address: "[::1]:2525"
    tls: none
  - name: token
    address: smtp.example.net:587
    tls: starttls
    ca_file: tls/ca.pem
    cert_file: tls/client.pem
    key_file: tls/client-key.pem
    auth: {mechanism: xoauth2, username: notices, token_command: [get-token, --account, notices]}
    pipelining: false
    messages_per_connection: 100
    weight: 2.5
    per_hour: 1000
    per_day: 5000
limits:
  rate: 100/s
  per_hour: 200000
  per_day: 1000000
  domains: {gmail.com: 50/s, example.co.uk: 600/m}
  ramp: {from: 20/s, over: 30m}
  hours: {from: "08:00", to: "20:00", zone: recipient}
retry: {first: 2m, factor: 1.5, most: 2h, give_up_after: 3d}
halt: {refused: 100%, deferred: 40%, unknown: 3%, over: 200}
waves:
  - {name: pilot, recipients: 100, then: hold}
  - {name: canary, percent: 2.5, then: go}
  - {name: rest}
retention: 2y
law:
  status: {CA: required, TX: voluntary}
holds:
  - {name: regulators-first, match: {state: [MD, NJ]}}
  - {name: police, match: all, not_before: 2018-08-24}
approvals: {required: 2, signers: signers}
test: {domains: [example.com, lawfirm.example]}
evidence: {anchor: out/heads.jsonl}
`

func TestParseConfig(t *testing.T) {
	got, err := ParseConfig("campaign.yaml", []byte(goodConfig))
	if err != nil {
		t.Fatal(err)
	}
	date := func(d int) Date { return NewDate(time.Date(2018, 8, d, 12, 0, 0, 0, time.UTC)) }
	want := &Config{
		Campaign: "aug-2018",
		Sender: SenderConfig{
			From: Mailbox{"Northwind Mobile", "notices@example.com"}, ReplyTo: "privacy@example.com",
			ReturnPath: "bounces@example.com", Hostname: "mail.example.com", Subject: "Notice of Data Breach",
		},
		Incident: IncidentConfig{
			Company: "Northwind Mobile", SignedBy: SignedBy{"Avery Quist", "Chief Executive"},
			Occurred: DateRange{date(20), date(21)}, Discovered: date(20),
			Determined: date(22), ScopeEnded: date(23), NoticeDate: date(24),
			WhatHappened: "Someone read account data.\n\nWe stopped it.",
			DataInvolved: []string{"name", "phone number"}, DataNotInvolved: []string{"passwords"},
			WhatWeAreDoing: "We fixed it.", WhatYouCanDo: "Be wary.",
			Contact:       ContactConfig{"1-800-555-0100", "9 to 5", "https://www.example.com/notice", "1 Main St"},
			ParentCompany: "Northwind Holdings", Affected: 2_000_000, LawEnforcementDelay: "no",
			Services: "A year of credit monitoring.",
			Translations: map[string]TranslationConfig{"es": {
				Subject: "Aviso de filtración de datos", SignerTitle: "Directora general", Hours: "de 9 a 5",
				DataInvolved: []string{"nombre", "teléfono"}, DataNotInvolved: []string{"contraseñas"},
				WhatHappened: "Alguien leyó datos.", WhatWeAreDoing: "Lo arreglamos.", WhatYouCanDo: "Tenga cuidado.",
				Services: "Un año de vigilancia de crédito.",
			}},
		},
		Email: EmailConfig{Basis: BasisVoluntary, PrimaryChannel: true, AlsoPostal: true, UnknownState: "CA"},
		Law:   LawConfig{Status: map[string]string{"CA": LawRequired, "TX": LawVoluntary}},
		Holds: []HoldConfig{
			{Name: "regulators-first", Match: Match{State: []string{"MD", "NJ"}}},
			{Name: "police", Match: Match{All: true}, NotBefore: date(24)},
		},
		Approvals: ApprovalsConfig{Required: 2, Signers: "signers"},
		Test:      TestConfig{Domains: []string{"example.com", "lawfirm.example"}},
		Evidence:  EvidenceConfig{Anchor: "out/heads.jsonl"},
		Exports:   ExportsConfig{map[string]string{"account_number": "acct_no"}, map[string]string{"store": "Home Store"}, []string{"declined@"}, 0.5},
		Relays: []RelayConfig{
			{Name: "primary", Address: "smtp.example.com:465", TLS: TLSImplicit, Connections: 50, Rate: 10,
				Pipelining: true, MessagesPerConnection: 500, Weight: 1,
				Auth: &AuthConfig{Mechanism: AuthPlain, Username: "notices", PasswordEnv: "BREACHMAIL_PRIMARY_PASSWORD"}},
			{Name: "spare", Address: "[::1]:2525", TLS: TLSNone, Connections: 5, Pipelining: true, MessagesPerConnection: 500, Weight: 1},
			{Name: "token", Address: "smtp.example.net:587", TLS: TLSStartTLS, Connections: 5,
				CAFile: "tls/ca.pem", CertFile: "tls/client.pem", KeyFile: "tls/client-key.pem",
				Auth:                  &AuthConfig{Mechanism: AuthXOAUTH2, Username: "notices", TokenCommand: []string{"get-token", "--account", "notices"}},
				MessagesPerConnection: 100, Weight: 2.5, PerHour: 1000, PerDay: 5000},
		},
		Limits: LimitsConfig{
			Rate: 100, PerHour: 200_000, PerDay: 1_000_000,
			Domains: map[string]Rate{"gmail.com": 50, "example.co.uk": 10},
			Ramp:    &RampConfig{From: 20, Over: Duration(30 * time.Minute)},
			Hours:   &HoursConfig{From: 8 * 60, To: 20 * 60, Zone: ZoneRecipient},
		},
		Retry: RetryConfig{Duration(2 * time.Minute), 1.5, Duration(2 * time.Hour), Duration(72 * time.Hour)},
		Halt:  HaltConfig{100, 40, 3, 200},
		Waves: []WaveConfig{
			{Name: "pilot", Recipients: 100, Then: Then{Hold: true}},
			{Name: "canary", Percent: 2.5},
			{Name: "rest"},
		},
		Retention: Duration(2 * year),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if !got.Halt.Refused.Never() || got.Halt.Deferred.Never() {
		t.Error("only 100% means never")
	}
}

// minimal leaves out whatever has a default.
const minimal = `campaign: m
sender: {from: "N <n@example.com>", reply_to: n@example.com, return_path: n@example.com, hostname: m.example.com, subject: S}
incident:
  company: N
  signed_by: {name: A}
  occurred: {from: 2018-08-20}
  discovered: 2018-08-20
  what_happened: A
  data_involved: [name]
  what_we_are_doing: B
  what_you_can_do: C
  contact: {phone: "1"}
email: {basis: statute}
relays: [{name: r, address: "127.0.0.1:25", tls: none}]
holds: []
`

func TestDefaults(t *testing.T) {
	c, err := ParseConfig("c", []byte(minimal))
	if err != nil {
		t.Fatal(err)
	}
	want := defaultConfig()
	want.Waves = []WaveConfig{{Name: "rest"}}
	if !reflect.DeepEqual(c.Waves, want.Waves) || c.Limits.Rate != 10 || c.Retry != want.Retry ||
		c.Halt != want.Halt || c.Retention != want.Retention || c.Exports.MaxRejected != 1 || c.Approvals != want.Approvals || want.Approvals.Required != 1 ||
		c.Email.UnknownState != "base" || c.Email.AlsoPostal || !reflect.DeepEqual(c.Limits, LimitsConfig{Rate: 10}) ||
		!reflect.DeepEqual(c.Relays[0], RelayConfig{Name: "r", Address: "127.0.0.1:25", TLS: TLSNone, Connections: 5, Pipelining: true, MessagesPerConnection: 500, Weight: 1}) {
		t.Errorf("defaults are not as documented: %+v", c)
	}
	if !c.Waves[0].TakesRest() {
		t.Error("the one wave must take the rest")
	}
}

// TestYesAndNo: YAML once read yes and no as true and false. Here they are
// words, with quotes and without.
func TestYesAndNo(t *testing.T) {
	for _, written := range []string{"yes", "no", `"yes"`, "'no'"} {
		text := strings.Replace(goodConfig, "law_enforcement_delay: no", "law_enforcement_delay: "+written, 1)
		c, err := ParseConfig("c", []byte(text))
		if err != nil || c.Incident.LawEnforcementDelay != strings.Trim(written, `"'`) {
			t.Errorf("%s: %v", written, err)
		}
	}
}

func TestLoadConfig(t *testing.T) {
	path := filepath.Join(t.TempDir(), ConfigFile)
	if err := os.WriteFile(path, []byte(minimal), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadConfig(path); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadConfig(path + ".missing"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if runtime.GOOS == "windows" {
		t.Skip("no permission bits on Windows")
	}
	for _, mode := range []os.FileMode{0o620, 0o602} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, err := LoadConfig(path)
		if err == nil || !strings.Contains(err.Error(), "may be written by others (mode 06") ||
			!strings.Contains(err.Error(), "run chmod go-w "+path) {
			t.Errorf("mode %v: %v", mode, err)
		}
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, maxConfigSize+1); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadConfig(path); err == nil || !strings.Contains(err.Error(), "larger than 64 KiB") {
		t.Errorf("a huge file: %v", err)
	}
}

func TestSkeleton(t *testing.T) {
	data := Skeleton("aug-2018")
	_, err := ParseConfig("campaign.yaml", data)
	var all ConfigErrors
	if !errors.As(err, &all) || len(all) != 1 {
		t.Fatalf("the skeleton must load but for email.basis: %v", err)
	}
	want := " email.basis must be chosen; there is no default (ask counsel, then write one of)\n" +
		"    voluntary   everyone with a usable address is told by email; for the company to decide\n" +
		"    statute     only where the state's law allows email for this person, the others by post"
	if _, got, _ := strings.Cut(err.Error(), ":96:"); got != want {
		t.Errorf("got %q", err)
	}
	c, err := ParseConfig("campaign.yaml", []byte(strings.Replace(string(data), "basis: TODO", "basis: voluntary", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if c.Campaign != "aug-2018" || !c.Incident.Discovered.IsTODO() || c.Incident.Discovered.String() != "TODO" || c.Limits.Rate != 10 {
		t.Errorf("got %+v", c)
	}
	for _, k := range KeyTable() {
		last := k.Name[strings.LastIndexByte(k.Name, '.')+1:]
		if !strings.Contains(string(data), last+":") {
			t.Errorf("the skeleton does not show %s", k.Name)
		}
	}
}

func TestTODOs(t *testing.T) {
	const data = "campaign: x # TODO a comment does not count\n" +
		"incident:\n" +
		"  company: TODO\n" +
		"  what_happened: |\n    We found out.\n    TODO when?\n" +
		"  data_involved:\n    - name\n    - TODO\n" +
		"  signed_by: {name: METODO TODOS, title: the TODO}\n"
	got := TODOs("c.yaml", []byte(data))
	want := []TODO{
		{"c.yaml", 3, "incident.company"},
		{"c.yaml", 4, "incident.what_happened"},
		{"c.yaml", 9, "incident.data_involved[1]"},
		{"c.yaml", 10, "incident.signed_by.title"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if n := len(TODOs("c", Skeleton("x"))); n != 19 {
		t.Errorf("the skeleton has %d values to fill in, want 19", n)
	}
	if got := TODOs("c", []byte("a: [")); got != nil {
		t.Errorf("no YAML, yet %v", got)
	}
}

func FuzzParseConfig(f *testing.F) {
	f.Add([]byte(goodConfig))
	f.Add([]byte(minimal))
	f.Add(Skeleton("x"))
	f.Add([]byte("a: &a [*a]\n? [b]\n: !!int |\n  x\n<<: *a\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<13 {
			return
		}
		TODOs("c", data)
		c, err := ParseConfig("c", data)
		if err != nil {
			var all ConfigErrors
			if !errors.As(err, &all) || len(all) == 0 {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		lines := []string{c.Campaign, c.Sender.From.Name, c.Sender.From.Address, c.Sender.ReplyTo,
			c.Sender.ReturnPath, c.Sender.Hostname, c.Sender.Subject, c.Incident.Company, c.Incident.SignedBy.Name}
		for _, t := range c.Incident.Translations {
			lines = append(lines, t.Subject, t.WhatHappened[:1], t.DataInvolved[0])
		}
		for _, s := range lines {
			if s == "" || !notifier.CleanLine(s) {
				t.Errorf("%q got through", s)
			}
		}
		if len(c.Relays) == 0 || len(c.Waves) == 0 || !c.Waves[len(c.Waves)-1].TakesRest() || c.Limits.Rate <= 0 {
			t.Errorf("%+v got through", c)
		}
	})
}
