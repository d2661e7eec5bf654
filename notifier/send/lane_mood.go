package send

import (
	"strings"
	"time"

	"breachmail/notifier"
)

// How long a relay is left alone, and what it takes.
const (
	quotaRest   = 15 * time.Minute // then one notice asks whether the quota is back
	policyRest  = time.Minute      // doubled each time
	setupRest   = 5 * time.Minute
	policyMost  = 3   // rests in a row that halt the run
	judgedOf    = 20  // replies among which verdicts are counted
	judgedMost  = 3   // verdicts among those that are the relay's, not the recipient's
	forgivenFor = 100 // notices taken after which earlier rests are forgotten
)

// laneMood is what a relay makes of us. A single verdict among notices that are
// taken is a recipient's matter: a filter that dislikes a name, say. It is the
// relay's when it took nothing of late, or when there are three in twenty.
type laneMood struct {
	until   time.Time // left alone until then
	broken  string    // why it takes nothing from us; empty: it may
	replies ring[notifier.Mood]
	rests   int // for policy, in a row
	taken   int // since the last of them
}

// verdict is what is to be done about a relay.
type verdict struct {
	rest   time.Duration // it is left alone for so long; 0: nothing is to be done
	reason string
	halt   bool // a person has to look, whatever the other relays do
}

// judge takes an outcome in.
func (m *laneMood) judge(now time.Time, o *notifier.Outcome) (v verdict) {
	if o.Status == notifier.Accepted {
		if m.taken++; m.taken >= forgivenFor {
			m.rests = 0
		}
	}
	if o.Code == 0 || now.Before(m.until) {
		return v // no reply, or one of those that were on their way
	}
	mood := o.Mood
	if o.Status == notifier.Accepted {
		mood = moodTook
	}
	m.replies.add(mood, judgedOf)
	switch o.Mood {
	case notifier.MoodQuota:
		v = verdict{rest: quotaRest, reason: "what it takes in an hour or a day is used up"}
	case notifier.MoodPolicy:
		if m.serious(mood) {
			v = m.policy()
		}
	case notifier.MoodSetup:
		if m.serious(mood) {
			m.broken = strings.TrimSpace("it takes nothing from us: " + o.Reply)
			v = verdict{rest: setupRest, reason: m.broken}
		}
	case notifier.MoodFine, notifier.MoodSoft:
	}
	if v.rest > 0 {
		m.until = now.Add(v.rest)
		m.replies.clear()
	}
	return v
}

// moodTook stands in the ring for a notice that was taken.
const moodTook notifier.Mood = "took"

func (m *laneMood) serious(mood notifier.Mood) bool {
	return m.replies.count(moodTook) == 0 || m.replies.count(mood) >= judgedMost
}

func (m *laneMood) policy() verdict {
	m.rests++
	m.taken = 0
	return verdict{
		rest: policyRest << (m.rests - 1), reason: "it holds us for abuse", halt: m.rests >= policyMost,
	}
}

// judge takes an outcome in and returns what is to be done about the relay.
func (l *lane) judge(o *notifier.Outcome) verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.mood.judge(time.Now(), o)
}

// refused takes in that the relay would not even be dialled, and in what mood,
// and returns what is to be done about it.
func (l *lane) refused(mood notifier.Mood, why string) (v verdict) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := &l.mood
	switch mood {
	case notifier.MoodQuota:
		v = verdict{rest: quotaRest, reason: why}
	case notifier.MoodPolicy:
		v = m.policy()
		v.reason = why
	case notifier.MoodSetup:
		if l.open == 0 { // else others take notices, and it may be a passing whim
			m.broken = why
			v.reason = why
		}
	case notifier.MoodFine, notifier.MoodSoft:
	}
	if v.rest > 0 {
		m.until = time.Now().Add(v.rest)
		m.replies.clear()
	}
	return v
}

// resting reports whether the relay is left alone.
func (l *lane) resting() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Now().Before(l.mood.until)
}

// broken returns why the relay takes nothing from us, empty where it may.
func (l *lane) broken() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.mood.broken
}
