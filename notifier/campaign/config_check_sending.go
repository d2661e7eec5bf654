package campaign

import (
	"fmt"
	"strconv"
	"time"
)

const maxWait = Duration(7 * day)

// pace checks retry, halt and retention.
func (v configCheck) pace(c *Config) {
	if c.Retry.Factor < 1 || c.Retry.Factor > 10 {
		v.fail("retry.factor", "is %s (write 1 to 10)", strconv.FormatFloat(c.Retry.Factor, 'f', -1, 64))
	}
	for _, d := range []struct {
		key   string
		value Duration
		most  Duration
	}{{"retry.first", c.Retry.First, maxWait}, {"retry.most", c.Retry.Most, maxWait}, {"retry.give_up_after", c.Retry.GiveUpAfter, Duration(30 * day)}} {
		if d.value < Duration(time.Second) || d.value > d.most {
			v.fail(d.key, "is %s (write 1s to %s)", d.value, d.most)
		}
	}
	if c.Retry.Most < c.Retry.First {
		v.fail("retry.most", "is less than retry.first (write at least %s)", c.Retry.First)
	}
	if c.Retry.GiveUpAfter < c.Retry.First {
		v.fail("retry.give_up_after", "is less than retry.first, so nothing would be tried again (write 72h)")
	}
	if c.Halt.Over < 1 {
		v.fail("halt.over", "is %d (write the number of outcomes after which the shares count, such as 500)", c.Halt.Over)
	}
	if c.Retention < Duration(day) {
		v.fail("retention", "is %s, less than a day (m means minutes; write 180d or 6y)", c.Retention)
	}
}

func (v configCheck) waves(waves []WaveConfig) {
	seen, percent := map[string]bool{}, 0.0
	for i, w := range waves {
		at := fmt.Sprintf("waves[%d]", i)
		if v.r.given("waves") {
			v.name(at+".name", w.Name, "a short name for the wave, such as pilot")
		}
		if seen[w.Name] {
			v.fail(at+".name", "is the name of another wave (give each its own)")
		}
		seen[w.Name] = true
		v.waveSize(at, w, i == len(waves)-1)
		if w.Percent < 100 { // else it is wrong by itself
			percent += w.Percent
		}
	}
	if percent >= 100 {
		v.fail("waves", "take %s%% before the last one (leave some for it)", strconv.FormatFloat(percent, 'f', -1, 64))
	}
}

func (v configCheck) waveSize(at string, w WaveConfig, last bool) {
	both := v.r.given(at+".recipients") && v.r.given(at+".percent")
	size := ".recipients"
	if v.r.given(at + ".percent") {
		size = ".percent"
	}
	switch {
	case v.r.isWrong(at+".recipients") || v.r.isWrong(at+".percent"):
	case both:
		v.fail(at, "has recipients and percent (keep one)")
	case last && (v.r.given(at+".recipients") || v.r.given(at+".percent")):
		v.fail(at+size, "is set on the last wave (take it out: the last wave takes all the rest)")
	case last && w.Then.Hold:
		v.fail(at+".then", "is set on the last wave (take it out: nothing comes after it)")
	case last:
	case !v.r.given(at+".recipients") && !v.r.given(at+".percent"):
		v.fail(at, "takes all the rest, but other waves follow (write recipients: 100 or percent: 1)")
	case size == ".recipients" && w.Recipients < 1:
		v.fail(at+size, "is 0 (write 1 or more)")
	case size == ".percent" && (w.Percent <= 0 || w.Percent >= 100):
		v.fail(at+size, "is %s (write more than 0 and less than 100)", strconv.FormatFloat(w.Percent, 'f', -1, 64))
	}
}
