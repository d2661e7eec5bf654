package notice

import "time"

// Incident is what the company says happened. Every statement of fact in a
// notice comes from here.
type Incident struct {
	Company    string
	Parent     string // to whom the company belongs; may be empty
	SignedBy   Signer
	Occurred   Range
	Discovered time.Time
	NoticeDate time.Time

	// Affected is how many people are affected, as it is written in a sentence,
	// for example "2,000,000"; may be empty.
	Affected string
	// LawEnforcementDelay says whether the police asked the company to wait:
	// "yes", "no", or empty where that is not said.
	LawEnforcementDelay string

	// Markdown, set into the page when the templates are compiled. It holds no
	// template actions: "{{" reaches the reader as it is.
	WhatHappened   string
	WhatWeAreDoing string
	WhatYouCanDo   string
	Services       string // what is offered to those affected; may be empty

	Involved    []string // kinds of data that were involved
	NotInvolved []string // only what counsel has confirmed was not
	Contact     Contact
}

// Signer is the person who signs the notice.
type Signer struct{ Name, Title string }

// Contact is how a reader reaches the company without a click.
type Contact struct{ Phone, Hours, Web, Post string }

// Range is the time an incident lasted, both days included. From or both may
// be zero where that is not known.
type Range struct{ From, To time.Time }

// Known reports whether there is a first day.
func (r Range) Known() bool { return !r.From.IsZero() }

// OneDay reports whether the range is one day, or has no last one.
func (r Range) OneDay() bool {
	return r.To.IsZero() || r.From.Format(time.DateOnly) == r.To.Format(time.DateOnly)
}
