package jurisdiction

import (
	"regexp"
	"strconv"
	"strings"
)

// Substitute is what the law of a state asks for, or allows, where people
// cannot be told one by one, as far as the words of law.csv say it plainly.
type Substitute struct {
	From   int64  // from how many people on; 0 where the words name no number
	Web    bool   // a notice on the company's web site
	Media  bool   // a notice in the media
	Choice bool   // not all of what the words list, but some of it
	Where  string // on what condition, in the words of law.csv; empty where they give none
	What   string // what is asked for, in the same words
	Fact   Fact   // where it stands, with source and date
}

// What the words of the fact are looked through for.
var (
	substituteFrom   = regexp.MustCompile(`more than ([0-9][0-9,]*) people`)
	substituteWeb    = regexp.MustCompile(`(?i)\bweb ?site\b|\bweb page\b`)
	substituteMedia  = regexp.MustCompile(`(?i)\bmedia\b|\bnewspapers?\b|\btelevision\b|\bradio\b`)
	substituteChoice = regexp.MustCompile(`(?i)\bany (one|two|three) of\b|\bweb ?site or\b|\bor the web ?site\b`)
)

// Substitute returns what law.csv says of a state's substitute notice, and
// false where it says nothing.
func (l *Law) Substitute(state string) (Substitute, bool) {
	f, ok := l.Fact(state, FactSubstitute)
	if !ok {
		return Substitute{}, false
	}
	s := Substitute{What: f.Value, Fact: f}
	if where, what, ok := strings.Cut(f.Value, ": "); ok {
		s.Where, s.What = where, what
	}
	if m := substituteFrom.FindStringSubmatch(f.Value); m != nil {
		if n, err := strconv.ParseInt(strings.ReplaceAll(m[1], ",", ""), 10, 64); err == nil {
			s.From = n + 1
		}
	}
	s.Web = substituteWeb.MatchString(s.What)
	s.Media = substituteMedia.MatchString(s.What)
	s.Choice = substituteChoice.MatchString(s.What)
	return s, true
}
