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

// laneMood is what a relay makes of us. Verdicts about one recipient are that
// recipient's matter, however often they come: a filter that dislikes a name,
// say. They are the relay's when two recipients meet them and it took nothing of
// late, or when three do within twenty replies.
type laneMood struct {
	rested  time.Time     // when it was last left alone
	until   time.Time     // and until when
	broken  string        // why it takes nothing from us; empty: it may
	held    notifier.Mood // why it was left alone, while it took nothing since
	replies ring[heard]
	rests   int       // for policy, in a row
	taken   int       // since the last of them
	took    time.Time // when it took the last notice
}

// heard is a reply in short: its mood, and to whose notice it was.
type heard struct {
	mood notifier.Mood
	id   int64
}

// moodTook stands for a notice that was taken.
const moodTook notifier.Mood = "took"

// verdict is what is to be done about a relay.
type verdict struct {
	rest   time.Duration // it is left alone for so long; 0: nothing is to be done
	reason string
	halt   bool // a person has to look, whatever the other relays do
}

// judge takes an outcome in.
func (m *laneMood) judge(now time.Time, o *notifier.Outcome) verdict {
	mood := o.Mood
	if o.Status == notifier.Accepted {
		mood, m.took, m.held = moodTook, now, ""
		if m.taken++; m.taken >= forgivenFor {
			m.rests = 0
		}
	}
	if o.Code == 0 && (mood == notifier.MoodFine || mood == notifier.MoodUnfit) || now.Before(m.until) {
		return verdict{} // no reply, or one of those that were on their way
	}
	m.replies.add(heard{mood, o.Claim.ID}, judgedOf)
	if !m.serious(mood) {
		return verdict{}
	}
	return m.decide(now, mood, o.Reply)
}

// serious reports whether replies of that mood are the relay's matter.
func (m *laneMood) serious(mood notifier.Mood) bool {
	if m.held != "" && m.held == mood {
		return true // one notice asked, and nothing has changed
	}
	ids, took := map[int64]bool{}, false
	for _, h := range m.replies.items {
		if took = took || h.mood == moodTook; h.mood == mood {
			ids[h.id] = true
		}
	}
	return len(ids) >= judgedMost || len(ids) >= 2 && !took
}

// decide says what follows from a mood of the relay.
func (m *laneMood) decide(now time.Time, mood notifier.Mood, reply string) (v verdict) {
	switch mood {
	case notifier.MoodQuota:
		v = verdict{rest: quotaRest, reason: said("what it takes in an hour or a day is used up", reply)}
	case notifier.MoodPolicy:
		m.rests++
		m.taken = 0
		v = verdict{rest: policyRest << (m.rests - 1), reason: said("it refuses us", reply), halt: m.rests >= policyMost}
	case notifier.MoodSetup:
		m.broken = said("it takes nothing from us", reply)
		v = verdict{rest: setupRest, reason: m.broken}
	default:
		return v
	}
	m.rested, m.until, m.held = now, now.Add(v.rest), mood
	m.replies.clear()
	return v
}

func said(what, reply string) string { return strings.TrimSuffix(what+": "+reply, ": ") }

// judge takes an outcome in and returns what is to be done about the relay.
func (l *lane) judge(o *notifier.Outcome) verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.mood.judge(time.Now(), o)
}

// refused takes in that the relay would not even be dialled, and in what mood,
// and returns what is to be done about it. While other sessions are open, a setup
// that is refused may be a passing whim.
// One of several dials that were on their way together counts.
func (l *lane) refused(mood notifier.Mood, why string, began time.Time) verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch now := time.Now(); {
	case now.Before(l.mood.until) || began.Before(l.mood.rested):
		return verdict{}
	case mood != notifier.MoodSetup:
		return l.mood.decide(now, mood, why)
	case l.open > 0:
		return verdict{}
	}
	l.mood.broken = why
	return verdict{reason: why}
}

// doubts makes a refusal a matter of the relay, which is asked again later,
// where it has refused everybody so far and does not name the address: it may
// well be us.
func (l *lane) doubts(o *notifier.Outcome) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if o.Status != notifier.Refused || o.Cause != notifier.CauseRecipient || o.Code == 0 || !l.mood.took.IsZero() ||
		strings.HasPrefix(o.Enhanced, "5.1.") || strings.HasPrefix(o.Enhanced, "5.2.") {
		return
	}
	o.Status, o.Cause, o.Mood = notifier.Deferred, notifier.CausePolicy, notifier.MoodPolicy
}

// means reports whether a reply of that mood is about the relay and not about
// the one recipient who met it.
func (l *lane) means(mood notifier.Mood) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.mood.serious(mood)
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
