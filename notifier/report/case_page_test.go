package report

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
)

func casePage(t testing.TB, c *Case) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteCase(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// caseRemote is remote, but a picture may stand in the page, and refer to a
// pattern in it.
var caseRemote = regexp.MustCompile(`(?i)<(script|img|link|iframe|object|embed|form|base|image|use|foreignObject)\b|\b(src|srcset|action|on\w+|xlink:href)=|href="[^#]|@import|javascript:`)

func TestCasePageStandsAlone(t *testing.T) {
	for name, c := range map[string]*Case{"rich": richCase(), "nothing sent": nothingSent()} {
		got := casePage(t, c)
		for _, tag := range regexp.MustCompile(`<[^>]*>`).FindAllString(got, -1) {
			if found := caseRemote.FindString(tag); found != "" {
				t.Errorf("%s: the page has %q in %.200s", name, found, tag)
			}
		}
		for _, found := range regexp.MustCompile(`url\([^#][^)]*\)|ZgotmplZ|NaN|Inf%|<no value>|%!`).FindAllString(got, -1) {
			t.Errorf("%s: the page has %q", name, found)
		}
		if !strings.Contains(got, policy) {
			t.Errorf("%s: the page has not the policy that forbids everything but its own style", name)
		}
	}
}

// nothingSent is a campaign that was planned and no more.
func nothingSent() *Case {
	y := NewTally(TallyOptions{Waves: []string{"rest"}})
	y.Add(&Person{State: "CA", Channel: notifier.Email, Status: notifier.Pending, Wave: "rest", Domain: "example.com"})
	return &Case{Company: "Northwind Mobile", Campaign: "aug", At: caseStart, Phase: "planned", Tally: y, Owed: []string{"1 notice is still to be sent by email"}}
}

func TestCasePageSaysWhatCounts(t *testing.T) {
	c := richCase()
	words := text(casePage(t, c))
	for _, want := range []string{
		"People affected 40,000", "Email taken by the relay 35,974", "Letter sent 2,000", "Still to be told 2,026",
		"It does not mean that the notice was read.",
		"40,845 rows read = 40,000 people + 812 merged + 31 set aside + 2 already told",
		"37,500 by email = 0 pending + 0 in flight + 14 deferred + 35,974 accepted + 500 refused + 12 unknown + 1,000 bounced",
		"evidence ended then with row 38,112", c.Head.Chain, "breachmail 1.2.3", c.ToVerify,
		"September 19, 2018 CO, FL, WA people 5,014", "(overdue)",
		"halted: 5.4% of the last 500 notices were refused", "the gate after wave pilot was opened",
		"Ana Ruiz, General Counsel", "toll-free:IL : the number is toll-free", "regulators-first people in Maryland, New Jersey released",
		"media-CA", "bureaus-TX", "California, Florida lie beside this page",
		"Dear Robin Sample", "an older version of breachmail recorded the approval",
		"August 30, 2018", "other domains",
	} {
		if want == "August 30, 2018" {
			want = "2018-08-30"
		}
		if !strings.Contains(words, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, never := range []string{"delivered", "were told", "was told on"} {
		if strings.Contains(words, never) {
			t.Errorf("the page says %q of what a relay took", never)
		}
	}
}

// What does not agree comes before all else.
func TestCasePageSaysWrongFirst(t *testing.T) {
	c := richCase()
	c.Wrong = []string{"evidence row 12 is not what was written"}
	c.Notes = []string{"a sender was at work"}
	words := text(casePage(t, c))
	before, _, ok := strings.Cut(words, "People affected")
	wrong, note := strings.Index(before, "evidence row 12 is not what was written"), strings.Index(before, "a sender was at work")
	if !ok || wrong < 0 || note < wrong {
		t.Errorf("the page begins %.600q", before)
	}
	if strings.Contains(words, "Every row of every export is explained") {
		t.Error("the page says that all is well")
	}
}

// Every picture has words for those who do not see it, and draws nothing outside.
func TestCasePicturesHold(t *testing.T) {
	got := casePage(t, richCase())
	for _, svg := range regexp.MustCompile(`<svg [^>]*role="img"[^>]*>`).FindAllString(got, -1) {
		if !strings.Contains(svg, "aria-label") {
			t.Errorf("a picture has no words: %s", svg)
		}
	}
	if n := strings.Count(got, `role="img"`); n < 50 {
		t.Errorf("only %d pictures", n)
	}
	part := regexp.MustCompile(`<rect class="(?:column )?[swh][a-z0-9]*" x="([0-9.-]+)%" width="([0-9.-]+)%"`)
	rects := part.FindAllStringSubmatch(got, -1)
	if len(rects) < 200 {
		t.Fatalf("only %d parts", len(rects))
	}
	for _, r := range rects {
		x, _ := strconv.ParseFloat(r[1], 64)
		w, _ := strconv.ParseFloat(r[2], 64)
		if x < -0.001 || x+w > 100.01 || w <= 0 {
			t.Errorf("%s reaches from %v to %v", r[0], x, x+w)
		}
	}
}

// Marks that are close together share a label, and a halt shows among them.
func TestTimelineMarks(t *testing.T) {
	c := richCase()
	line, events := c.timeline()
	var labels []string
	for _, m := range line.Marks {
		labels = append(labels, m.Text+" "+m.Class)
	}
	if got := strings.Join(labels, ", "); got != "1 start, 2–3 several, 4 halt, 5–6 several, 7 hold" {
		t.Errorf("the marks are %s", got)
	}
	if len(line.Bands) != 1 || len(events) != len(c.Events) || len(line.Waves) != 3 {
		t.Errorf("%d bands, %d events, %d waves", len(line.Bands), len(events), len(line.Waves))
	}
	c.Events = append(c.Events, Event{At: caseStart.AddDate(0, 1, 0), Kind: EventOther, Text: "much later"})
	if _, events = c.timeline(); events[len(events)-1].Mark != "" {
		t.Error("what happened outside of the picture has a number in it")
	}
}

func TestWriteStates(t *testing.T) {
	var b bytes.Buffer
	if err := WriteStates(&b, richCase()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	if lines[0] != strings.Join(StateHeader(), ",") || len(lines) != 56 {
		t.Errorf("%d lines, the first is %s", len(lines), lines[0])
	}
	if want := "FL,FL,3511,3157,176,177,176,1,0,"; !strings.HasPrefix(lines[3], want[:len("FL,FL,3511,3157,176,")]) || !strings.Contains(lines[3], ",2018-08-24,2018-09-21,2018-09-19,") {
		t.Errorf("Florida is %s", lines[3])
	}
}

func TestProgressOfOneDay(t *testing.T) {
	c := nothingSent()
	c.Tally.Add(&Person{State: "CA", Channel: notifier.Email, Status: notifier.Accepted, Wave: "rest", Taken: caseStart})
	if c.progress(nil) != nil {
		t.Error("one day without a deadline has a picture")
	}
	c.Deadlines = []Deadline{{State: "CA", On: "2018-09-19"}}
	p := c.progress(c.dues())
	if p == nil || len(p.Bars) != 1 || len(p.Marks) != 1 || !strings.HasPrefix(p.Marks[0].X, "100.") {
		t.Fatalf("%+v", p)
	}
	c.At = caseStart.Add(5 * 24 * time.Hour)
	if p = c.progress(c.dues()); len(p.Bars) != 6 {
		t.Errorf("after five days there are %d bars", len(p.Bars))
	}
}
