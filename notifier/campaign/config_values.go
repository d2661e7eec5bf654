package campaign

import (
	"errors"
	"fmt"
	"math"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"

	"breachmail/notifier"
)

// Each value type reads itself from the text of a YAML scalar. The error of
// UnmarshalText says what would be right; the reader puts the value and its
// place before it.

// Rate is a number of notices per second. In YAML: 200/s, 600/m, 5000/h.
type Rate float64

var ratePattern = regexp.MustCompile(`^(\d+(?:\.\d+)?)/([smh])$`)

// UnmarshalText implements encoding.TextUnmarshaler.
func (r *Rate) UnmarshalText(b []byte) error {
	m := ratePattern.FindSubmatch(b)
	if m == nil {
		return errors.New("is not a rate (write it as 200/s, 600/m or 5000/h)")
	}
	n, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil || n <= 0 || n > 1e6 {
		return errors.New("is not a rate that can be kept (write more than 0 and at most 1000000)")
	}
	*r = Rate(n / map[string]float64{"s": 1, "m": 60, "h": 3600}[string(m[2])])
	return nil
}

// String writes the rate as campaign.yaml has it.
func (r Rate) String() string {
	for _, unit := range []struct {
		name string
		per  float64
	}{{"s", 1}, {"m", 60}, {"h", 3600}} {
		n := float64(r) * unit.per
		if math.Abs(n-math.Round(n)) < 1e-9*n && n >= 1 {
			return strconv.FormatFloat(math.Round(n), 'f', -1, 64) + "/" + unit.name
		}
	}
	return strconv.FormatFloat(float64(r), 'g', 4, 64) + "/s"
}

// Duration is a time span. In YAML: 30s, 1m, 72h, 1h30m, and also 90d and 6y,
// where a day has 24 hours and a year 365.25 days.
type Duration time.Duration

const (
	day  = 24 * time.Hour
	year = 8766 * time.Hour
)

var longPattern = regexp.MustCompile(`^(\d{1,5})([dy])$`)

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(b []byte) error {
	wrong := errors.New("is not a duration (write it as 30s, 1m, 72h, 90d or 6y)")
	if m := longPattern.FindSubmatch(b); m != nil {
		unit := day
		if string(m[2]) == "y" {
			unit = year
		}
		n, err := strconv.Atoi(string(m[1]))
		if err != nil || n == 0 || time.Duration(n) > 200*year/unit {
			return wrong
		}
		*d = Duration(time.Duration(n) * unit)
		return nil
	}
	v, err := time.ParseDuration(string(b))
	if err != nil || v <= 0 {
		return wrong
	}
	*d = Duration(v)
	return nil
}

// String writes the duration as campaign.yaml has it.
func (d Duration) String() string {
	v := time.Duration(d)
	switch {
	case v >= year && v%year == 0:
		return strconv.FormatInt(int64(v/year), 10) + "y"
	case v >= 7*day && v%day == 0:
		return strconv.FormatInt(int64(v/day), 10) + "d"
	}
	s := v.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// Date is a day. In YAML: 2018-08-20, or TODO while nobody has filled it in.
type Date struct {
	day  time.Time
	todo bool
}

// NewDate returns the day on which t falls in t's zone.
func NewDate(t time.Time) Date {
	y, m, d := t.Date()
	return Date{day: time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Date) UnmarshalText(b []byte) error {
	if string(b) == "TODO" {
		*d = Date{todo: true}
		return nil
	}
	t, err := time.Parse(time.DateOnly, string(b))
	if err != nil {
		return errors.New("is not a date (write it as 2018-08-20)")
	}
	if t.Year() < 1970 || t.Year() > 2200 {
		return errors.New("is not a likely date (the year comes first: 2018-08-20)")
	}
	*d = Date{day: t}
	return nil
}

// Time returns the start of the day in UTC; the zero time where there is none.
func (d Date) Time() time.Time { return d.day }

// IsZero reports whether no day is known: none was given, or TODO.
func (d Date) IsZero() bool { return d.day.IsZero() }

// IsTODO reports whether the day is still to be filled in.
func (d Date) IsTODO() bool { return d.todo }

// String returns the day as 2018-08-20, "TODO", or nothing.
func (d Date) String() string {
	switch {
	case d.todo:
		return "TODO"
	case d.IsZero():
		return ""
	}
	return d.day.Format(time.DateOnly)
}

// MarshalText writes the date as campaign.yaml has it.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Percent is a share of a hundred: 5 for 5%. In YAML the sign is required, so
// that nobody has to guess whether 0.05 is a share or a percentage.
type Percent float64

var percentPattern = regexp.MustCompile(`^(\d{1,3}(?:\.\d+)?) ?%$`)

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *Percent) UnmarshalText(b []byte) error {
	m := percentPattern.FindSubmatch(b)
	if m == nil {
		return errors.New("is not a percentage (write it as 5% or 0.5%)")
	}
	n, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil || n > 100 {
		return errors.New("is not a percentage from 0% to 100%")
	}
	*p = Percent(n)
	return nil
}

// Fraction returns 0.05 for 5%.
func (p Percent) Fraction() float64 { return float64(p) / 100 }

// Never reports whether no share can go over p.
func (p Percent) Never() bool { return p >= 100 }

// String writes the percentage as campaign.yaml has it.
func (p Percent) String() string { return strconv.FormatFloat(float64(p), 'f', -1, 64) + "%" }

// Then is what happens after a wave: go on (the zero value), hold until a
// person opens the gate, or wait.
type Then struct {
	Hold  bool
	After Duration // 0 unless the gate opens by itself
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (t *Then) UnmarshalText(b []byte) error {
	switch string(b) {
	case "go":
		*t = Then{}
		return nil
	case "hold":
		*t = Then{Hold: true}
		return nil
	}
	var d Duration
	if err := d.UnmarshalText(b); err != nil {
		return errors.New("is not what can follow a wave (write hold, go, or a duration such as 30m)")
	}
	*t = Then{After: d}
	return nil
}

// String writes the gate as campaign.yaml has it.
func (t Then) String() string {
	switch {
	case t.Hold:
		return "hold"
	case t.After > 0:
		return t.After.String()
	}
	return "go"
}

// Match picks recipients: all of them, or those of certain states. In YAML:
// all, or {state: [MD, NJ]}. The zero value stands for a key left out.
type Match struct {
	All   bool     `yaml:"-"`
	State []string `yaml:"state"`
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *Match) UnmarshalText(b []byte) error {
	if string(b) != "all" {
		return errors.New("does not pick recipients (write all, or {state: [MD, NJ]})")
	}
	*m = Match{All: true}
	return nil
}

// Clock is a time of day in minutes after midnight. In YAML: "08:00".
type Clock int

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Clock) UnmarshalText(b []byte) error {
	t, err := time.Parse("15:04", string(b))
	if err != nil || len(b) != 5 {
		return errors.New(`is not a time of day (write it as "08:00")`)
	}
	*c = Clock(t.Hour()*60 + t.Minute())
	return nil
}

// String writes the time of day as campaign.yaml has it.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// Mailbox is a name with an address. In YAML:
// "Northwind Mobile <notices@example.com>".
type Mailbox struct {
	Name    string
	Address string
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *Mailbox) UnmarshalText(b []byte) error {
	wrong := errors.New(`is not a name with an address (write "Northwind Mobile <notices@example.com>")`)
	a, err := mail.ParseAddress(string(b))
	if err != nil || strings.TrimSpace(a.Name) == "" || !notifier.CleanLine(a.Name) || !isBareAddress(a.Address) {
		return wrong
	}
	*m = Mailbox{Name: a.Name, Address: a.Address}
	return nil
}

// String returns the mailbox as it stands in a header, encoded where needed.
func (m Mailbox) String() string {
	return (&mail.Address{Name: m.Name, Address: m.Address}).String()
}
