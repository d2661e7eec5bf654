package campaign

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
)

// bound says of each part of campaign.yaml whether an approval binds it. A part
// that is not listed fails the test: decide, and add it here and to text.
var bound = map[string]bool{
	"Campaign": true, "Sender": true, "Incident": true, "Email": true, "Law": true, "Holds": true, "Approvals": true,
	"Test": false, "Exports": false, "Relays": false, "Limits": false, "Retry": false, "Halt": false, "Waves": false, "Evidence": false, "Retention": false,
}

// textOf is the digest of what would be said now, or of why nothing can be.
func textOf(t *testing.T, c *Campaign) notifier.Digest {
	t.Helper()
	c.press.made = nil // the test changes what a campaign never does
	d, err := c.text(time.Date(2018, 8, 24, 0, 0, 0, 0, time.UTC), true)
	if err != nil {
		return sha256.Sum256([]byte(err.Error()))
	}
	return d.digest()
}

// full is a campaign with something in every list of its configuration.
func full(t *testing.T) *Campaign {
	t.Helper()
	c := newCampaign(t, "")
	cfg := c.Config
	day := NewDate(time.Date(2018, 8, 30, 0, 0, 0, 0, time.UTC))
	cfg.Law.Status = map[string]string{"CA": LawRequired}
	cfg.Holds = []HoldConfig{{Name: "police", Match: Match{State: []string{"MD"}}, NotBefore: day}}
	cfg.Exports.Columns = map[string]string{"name": "Subscriber"}
	cfg.Relays[0].Auth = &AuthConfig{Mechanism: AuthPlain, Username: "notices", PasswordEnv: "P"}
	cfg.Limits.Domains = map[string]Rate{"example.com": 5}
	cfg.Limits.Ramp, cfg.Limits.Hours = &RampConfig{From: 1, Over: 2}, &HoursConfig{From: 480, To: 1200, Zone: "recipient"}
	cfg.Waves = []WaveConfig{{Name: "pilot", Recipients: 5, Match: Match{State: []string{"NJ"}}, NotBefore: day}, {Name: "rest"}}
	return c
}

// TestTextDigestBindsEveryField changes every single value of the
// configuration, one at a time, and looks whether the digest of the text
// follows. The fields are found by reflection, so that none can be forgotten.
func TestTextDigestBindsEveryField(t *testing.T) {
	c := full(t)
	whole := textOf(t, c)
	if again := textOf(t, c); again != whole {
		t.Fatal("the same text has two digests")
	}
	parts := reflect.ValueOf(c.Config).Elem()
	seen := map[string]int{}
	for i := range parts.NumField() {
		name := parts.Type().Field(i).Name
		binds, known := bound[name]
		if !known {
			t.Errorf("nobody has decided whether an approval binds %s", name)
			continue
		}
		eachChange(t, name, parts.Field(i), func(field string) {
			seen[name]++
			binds := binds || strings.HasPrefix(field, "Exports.Extra ") // which of the columns templates may use
			if changed := textOf(t, c) != whole; changed != binds {
				t.Errorf("%s was changed, and the digest with it: %v", field, changed)
			}
		})
		if seen[name] == 0 {
			t.Errorf("nothing of %s was changed", name)
		}
	}
	if textOf(t, c) != whole {
		t.Error("the test did not put everything back")
	}
	if n := seen["Sender"] + seen["Incident"]; n < 25 {
		t.Errorf("only %d values of sender and incident were changed", n)
	}
}

// eachChange changes every value within v in turn, calls f, and puts it back.
func eachChange(t *testing.T, path string, v reflect.Value, f func(field string)) {
	t.Helper()
	set := func(what string, to reflect.Value) {
		old := reflect.New(v.Type()).Elem()
		old.Set(v)
		v.Set(to)
		f(path + what)
		v.Set(old)
	}
	if date, ok := v.Interface().(Date); ok {
		set("", reflect.ValueOf(NewDate(date.Time().AddDate(0, 0, 1))))
		return
	}
	switch v.Kind() {
	case reflect.String:
		set("", reflect.ValueOf(v.String()+"x").Convert(v.Type()))
	case reflect.Bool:
		set("", reflect.ValueOf(!v.Bool()).Convert(v.Type()))
	case reflect.Int, reflect.Int64:
		set("", reflect.ValueOf(v.Int()+1).Convert(v.Type()))
	case reflect.Float64:
		set("", reflect.ValueOf(v.Float()+1).Convert(v.Type()))
	case reflect.Struct:
		for i := range v.NumField() {
			eachChange(t, path+"."+v.Type().Field(i).Name, v.Field(i), f)
		}
	case reflect.Pointer:
		if v.IsNil() {
			t.Fatalf("%s is nil: put something into it in full", path)
		}
		set(" taken out", reflect.Zero(v.Type()))
		eachChange(t, path, v.Elem(), f)
	case reflect.Slice:
		if v.Len() == 0 && v.Type().Elem().Kind() != reflect.String {
			t.Fatalf("%s is empty: put something into it in full", path)
		}
		set(" one longer", reflect.Append(v, reflect.Zero(v.Type().Elem())))
		for i := range v.Len() {
			eachChange(t, fmt.Sprintf("%s[%d]", path, i), v.Index(i), f)
		}
	case reflect.Map:
		longer := reflect.MakeMap(v.Type())
		longer.SetMapIndex(reflect.ValueOf("another"), reflect.Zero(v.Type().Elem()))
		set(" another", longer)
	default:
		t.Fatalf("%s is a %s: teach this test to change one", path, v.Kind())
	}
}

// TestTextDigestBindsEveryFile edits, removes and adds files of the campaign.
func TestTextDigestBindsEveryFile(t *testing.T) {
	c := newCampaign(t, "")
	whole := textOf(t, c)
	files, err := filepath.Glob(c.path(templatesDir, "*"))
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		old, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		write(t, path, string(old)+"\n")
		if textOf(t, reopen(t, c)) == whole {
			t.Errorf("%s has a line more, and the digest is the same", path)
		}
		write(t, path, string(old))
	}
	more := c.path(templatesDir, "partials", "note.md")
	if err := os.MkdirAll(filepath.Dir(more), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, more, "a note")
	if textOf(t, reopen(t, c)) == whole {
		t.Error("there is a template more, and the digest is the same")
	}
	if err := os.RemoveAll(filepath.Dir(more)); err != nil {
		t.Fatal(err)
	}
	write(t, c.path(lawFile), someLaw()+"# read by counsel\n")
	if textOf(t, reopen(t, c)) == whole {
		t.Error("law.csv has a line more, and the digest is the same")
	}
	write(t, c.path(lawFile), someLaw())
	if textOf(t, reopen(t, c)) != whole {
		t.Error("everything is as it was, and the digest is another")
	}
	// What is no part of the text.
	write(t, c.path(ConfigFile), facts+"# a comment\nretention: 7y\n")
	if textOf(t, reopen(t, c)) != whole {
		t.Error("a comment in campaign.yaml has changed the digest")
	}
}

// TestTextDigestKeepsItsDay holds the samples to the day of the plan: the same
// campaign has the same digest tomorrow and in any zone.
func TestTextDigestKeepsItsDay(t *testing.T) {
	c := newCampaign(t, "")
	c.Config.Incident.NoticeDate = Date{}
	plan(t, c, accounts(t, 1))
	store := openLedger(t, c)
	digest := func() notifier.Digest {
		batches, err := store.Batches(bg)
		if err != nil {
			t.Fatal(err)
		}
		d, err := c.text(sampleDay(batches), false)
		if err != nil {
			t.Fatal(err)
		}
		return d.digest()
	}
	want := digest()
	old := time.Local
	defer func() { time.Local = old }()
	for _, hours := range []int{-11, 13} {
		time.Local = time.FixedZone("", hours*3600)
		if digest() != want {
			t.Errorf("at UTC%+d the digest is another", hours)
		}
	}
}
