package campaign

import (
	"encoding"
	"fmt"
	"testing"
	"time"
)

func TestValues(t *testing.T) {
	for _, c := range []struct {
		into encoding.TextUnmarshaler
		text string
		want string // as %v prints the value; "" where it must be refused
	}{
		{new(Rate), "200/s", "200/s"},
		{new(Rate), "0.5/s", "30/m"},
		{new(Rate), "600/m", "10/s"},
		{new(Rate), "5000/h", "5000/h"},
		{new(Rate), "10/d", ""},
		{new(Rate), "-1/s", ""},
		{new(Rate), "10 /s", ""},
		{new(Rate), "1000001/s", ""},
		{new(Duration), "72h", "72h"},
		{new(Duration), "1m", "1m"},
		{new(Duration), "90s", "1m30s"},
		{new(Duration), "90d", "90d"},
		{new(Duration), "3d", "72h"},
		{new(Duration), "6y", "6y"},
		{new(Duration), "0s", ""},
		{new(Duration), "0d", ""},
		{new(Duration), "-1m", ""},
		{new(Duration), "99999y", ""},
		{new(Duration), "1w", ""},
		{new(Date), "2018-08-20", "2018-08-20"},
		{new(Date), "TODO", "TODO"},
		{new(Date), "2018-02-30", ""},
		{new(Date), "08/20/2018", ""},
		{new(Percent), "5%", "5%"},
		{new(Percent), "0.5 %", "0.5%"},
		{new(Percent), "5", ""},
		{new(Percent), "100.1%", ""},
		{new(Then), "go", "go"},
		{new(Then), "hold", "hold"},
		{new(Then), "30m", "30m"},
		{new(Then), "later", ""},
		{new(Clock), "08:00", "08:00"},
		{new(Clock), "24:00", ""},
		{new(Clock), "8:00", ""},
		{new(Mailbox), "Zoë <z@example.com>", "=?utf-8?q?Zo=C3=AB?= <z@example.com>"},
		{new(Mailbox), "Z <z@localhost>", ""},
		{new(Mailbox), "Z <zoë@example.com>", ""},
		{new(Match), "all", "&{true []}"},
		{new(Match), "none", ""},
	} {
		err := c.into.UnmarshalText([]byte(c.text))
		if (err == nil) != (c.want != "") || err == nil && fmt.Sprint(c.into) != c.want {
			t.Errorf("%T %q: got %v, %v, want %q", c.into, c.text, c.into, err, c.want)
		}
	}
}

func TestRatePerSecond(t *testing.T) {
	var r Rate
	if err := r.UnmarshalText([]byte("30/m")); err != nil || r != 0.5 {
		t.Errorf("30/m is %v a second, %v", float64(r), err)
	}
	if got := Percent(5).Fraction(); got != 0.05 {
		t.Errorf("5%% is %v", got)
	}
}

func TestNewDate(t *testing.T) {
	east := time.FixedZone("", 10*3600)
	if got := NewDate(time.Date(2018, 8, 21, 1, 0, 0, 0, east)).String(); got != "2018-08-21" {
		t.Errorf("got %s, want the day where it was noted", got)
	}
	if (Date{}).String() != "" || !(Date{todo: true}).IsZero() {
		t.Error("no day must be zero")
	}
}
