package campaign

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
)

// ConfigFile is the name of the configuration in a campaign directory.
const ConfigFile = "campaign.yaml"

// maxConfigSize is ten times what a long campaign.yaml needs. It keeps a file
// named by mistake (an export, say) away from the YAML parser, whose time can
// grow with the square of the size.
const maxConfigSize = 64 << 10

const tooLarge = "is larger than 64 KiB (is it really a " + ConfigFile + "?)"

// Config is campaign.yaml: what one campaign sends, to whom, how fast, and
// what it does when something goes wrong. Durations, rates and shares that the
// file leaves out hold their defaults after ParseConfig.
type Config struct {
	Campaign  string          `yaml:"campaign"`
	Sender    SenderConfig    `yaml:"sender"`
	Incident  IncidentConfig  `yaml:"incident"`
	Email     EmailConfig     `yaml:"email"`
	Law       LawConfig       `yaml:"law"`
	Holds     []HoldConfig    `yaml:"holds"`
	Approvals ApprovalsConfig `yaml:"approvals"`
	Test      TestConfig      `yaml:"test"`
	Exports   ExportsConfig   `yaml:"exports"`
	Relays    []RelayConfig   `yaml:"relays"`
	Limits    LimitsConfig    `yaml:"limits"`
	Retry     RetryConfig     `yaml:"retry"`
	Halt      HaltConfig      `yaml:"halt"`
	Waves     []WaveConfig    `yaml:"waves"`
	Evidence  EvidenceConfig  `yaml:"evidence"`
	Retention Duration        `yaml:"retention"`
}

// SenderConfig says from whom a notice comes. The addresses are bare and
// ASCII, except From, which has a name.
type SenderConfig struct {
	From       Mailbox `yaml:"from"`
	ReplyTo    string  `yaml:"reply_to"`
	ReturnPath string  `yaml:"return_path"`
	Hostname   string  `yaml:"hostname"`
	Subject    string  `yaml:"subject"`
}

// The values of email.basis.
const (
	BasisVoluntary = "voluntary"
	BasisStatute   = "statute"
)

// EmailConfig says who is told by email. PrimaryChannel is whether the company
// mostly deals with its customers by email, which some statutes ask for.
type EmailConfig struct {
	Basis          string `yaml:"basis"`
	PrimaryChannel bool   `yaml:"primary_channel"`
	AlsoPostal     bool   `yaml:"also_postal"`
	UnknownState   string `yaml:"unknown_state"`
}

// The values of law.status.
const (
	LawRequired  = "required"
	LawVoluntary = "voluntary"
)

// LawConfig is what counsel has found about the law. Status says by state
// whether its notice is required or given voluntarily; a state that is not
// named is undecided.
type LawConfig struct {
	Status map[string]string `yaml:"status"`
}

// HoldConfig is a condition under which some recipients may not be told yet. It
// lasts until somebody releases it, or until the day NotBefore has begun.
type HoldConfig struct {
	Name      string `yaml:"name"`
	Match     Match  `yaml:"match"`
	NotBefore Date   `yaml:"not_before"`
}

// ApprovalsConfig says whose approval is needed: how many different people's, and
// where Signers is set, people whom that file names, each with a signature. A
// relative Signers is relative to the campaign directory.
type ApprovalsConfig struct {
	Required int    `yaml:"required"`
	Signers  string `yaml:"signers"`
}

// TestConfig says to which domains test mails may go; none stands for that of
// sender.from.
type TestConfig struct {
	Domains []string `yaml:"domains"`
}

// ExportsConfig helps to read exports. Columns maps our field names to the
// headers of the export, Extra the names under which templates find further
// columns. Placeholders are what stands where there is no address, beside what
// is known to.
type ExportsConfig struct {
	Columns      map[string]string `yaml:"columns"`
	Extra        map[string]string `yaml:"extra"`
	Placeholders []string          `yaml:"placeholders"`
	MaxRejected  Percent           `yaml:"max_rejected"`
}

// The values of relays[].tls.
const (
	TLSImplicit = "implicit"
	TLSStartTLS = "starttls"
	TLSNone     = "none"
)

// RelayConfig is one SMTP server that notices are handed to. CAFile, CertFile
// and KeyFile name PEM files, relative ones relative to the campaign directory.
// Weight is its share of the work beside that of other relays. Rate, PerHour and
// PerDay are 0 where the relay has no such limit of its own.
type RelayConfig struct {
	Name                  string      `yaml:"name"`
	Address               string      `yaml:"address"`
	TLS                   string      `yaml:"tls"`
	Insecure              bool        `yaml:"insecure"`
	CAFile                string      `yaml:"ca_file"`
	CertFile              string      `yaml:"cert_file"`
	KeyFile               string      `yaml:"key_file"`
	Auth                  *AuthConfig `yaml:"auth"`
	Connections           int         `yaml:"connections"`
	Pipelining            bool        `yaml:"pipelining"`
	MessagesPerConnection int         `yaml:"messages_per_connection"`
	Weight                float64     `yaml:"weight"`
	Rate                  Rate        `yaml:"rate"`
	PerHour               int         `yaml:"per_hour"`
	PerDay                int         `yaml:"per_day"`
}

// The values of relays[].auth.mechanism.
const (
	AuthPlain   = "plain"
	AuthLogin   = "login"
	AuthXOAUTH2 = "xoauth2"
)

// AuthConfig is how we log in to a relay. For AuthPlain and AuthLogin exactly
// one of PasswordEnv and PasswordFile is set, for AuthXOAUTH2 exactly one of
// TokenFile and TokenCommand. Relative files are relative to the campaign
// directory. TokenCommand is a program with its arguments, run without a shell.
type AuthConfig struct {
	Mechanism    string   `yaml:"mechanism"`
	Username     string   `yaml:"username"`
	PasswordEnv  string   `yaml:"password_env"`
	PasswordFile string   `yaml:"password_file"`
	TokenFile    string   `yaml:"token_file"`
	TokenCommand []string `yaml:"token_command"`
}

// LimitsConfig says how fast all relays together may be used. PerHour and PerDay
// count notices in any 60 minutes and any 24 hours; 0 is no limit. Domains are
// registrable domains of recipients, in lower case.
type LimitsConfig struct {
	Rate    Rate            `yaml:"rate"`
	PerHour int             `yaml:"per_hour"`
	PerDay  int             `yaml:"per_day"`
	Domains map[string]Rate `yaml:"domains"`
	Ramp    *RampConfig     `yaml:"ramp"`
	Hours   *HoursConfig    `yaml:"hours"`
}

// RampConfig lets the rate grow from From to the limit in the time Over.
type RampConfig struct {
	From Rate     `yaml:"from"`
	Over Duration `yaml:"over"`
}

// ZoneRecipient stands in limits.hours.zone for that of each recipient's state.
const ZoneRecipient = "recipient"

// HoursConfig says at what time of day notices may leave. Zone is ZoneRecipient
// or a name such as America/New_York.
type HoursConfig struct {
	From Clock  `yaml:"from"`
	To   Clock  `yaml:"to"`
	Zone string `yaml:"zone"`
}

// RetryConfig says when a deferred notice is due again: after First, then
// Factor times longer each time, at most Most, until GiveUpAfter has passed
// since the first claim.
type RetryConfig struct {
	First       Duration `yaml:"first"`
	Factor      float64  `yaml:"factor"`
	Most        Duration `yaml:"most"`
	GiveUpAfter Duration `yaml:"give_up_after"`
}

// HaltConfig says which share of the outcomes stops sending, judged once Over
// outcomes exist. A share of 100% never does.
type HaltConfig struct {
	Refused  Percent `yaml:"refused"`
	Deferred Percent `yaml:"deferred"`
	Unknown  Percent `yaml:"unknown"`
	Over     int     `yaml:"over"`
}

// WaveConfig is a part of the plan that is sent as one step. At most one of
// Recipients and Percent is set; the wave with neither takes the rest.
type WaveConfig struct {
	Name       string  `yaml:"name"`
	Recipients int     `yaml:"recipients"`
	Percent    float64 `yaml:"percent"` // of all email recipients, 0 < Percent < 100
	Then       Then    `yaml:"then"`
	Match      Match   `yaml:"match"`
	NotBefore  Date    `yaml:"not_before"`
}

// EvidenceConfig says where the head of the evidence goes at every gate, halt and
// completion, so that a history rewritten later can be told: a file, relative to
// the campaign directory, or the URL of a webhook; empty: nowhere.
type EvidenceConfig struct {
	Anchor string `yaml:"anchor"`
}

// TakesRest reports whether the wave takes all recipients that the waves
// before it have left.
func (w WaveConfig) TakesRest() bool { return w.Recipients == 0 && w.Percent == 0 }

// LoadConfig reads the campaign.yaml at path. A file that others may write is
// refused.
func LoadConfig(path string) (*Config, error) {
	data, err := ReadConfig(path)
	if err != nil {
		return nil, err
	}
	return ParseConfig(path, data)
}

// ReadConfig returns the bytes of the campaign.yaml at path, under the same
// conditions as LoadConfig, for those who need them beside the Config.
func ReadConfig(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if err := mayTrust(path, info.Mode()); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, maxConfigSize+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxConfigSize {
		return nil, ConfigErrors{{path, 1, tooLarge}}
	}
	return data, nil
}

// mayTrust refuses a file that someone else could have changed. Windows has no
// such bits.
func mayTrust(path string, mode fs.FileMode) error {
	if runtime.GOOS != "windows" && mode.Perm()&0o022 != 0 {
		return fmt.Errorf("%s may be written by others (mode %04o): run chmod go-w %s", path, mode.Perm(), path)
	}
	return nil
}

// ParseConfig reads data as a campaign.yaml; name is what errors call it. The
// error is of type ConfigErrors and holds everything that is wrong.
func ParseConfig(name string, data []byte) (*Config, error) {
	r := &configReader{file: name, lines: map[string]int{}, wrong: map[string]bool{}}
	cfg := defaultConfig()
	if len(data) > maxConfigSize {
		return nil, ConfigErrors{{name, 1, tooLarge}}
	}
	if root := r.parse(data); root != nil {
		r.read(root, cfg)
	}
	if !r.broken {
		if len(cfg.Waves) == 0 {
			cfg.Waves = []WaveConfig{{Name: "rest"}}
		}
		check(cfg, r)
	}
	if err := r.errors.sorted(); err != nil {
		return nil, err
	}
	return cfg, nil
}
