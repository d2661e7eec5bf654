package review

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// webAddress is an address in plain text that mail programs make a link of.
var webAddress = regexp.MustCompile(`(?i)\bhttps?://[^\s<>"'()\[\]{}]+`)

// shownHost is what looks like the name of a host, at the beginning of an
// address without or with its scheme.
var shownHost = regexp.MustCompile(`(?i)(?:https?://)?((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]*[\p{L}\p{N}])(?:[:/?#][^\s<>"'()]*)?`)

// linkProblems judges the links of a wording together.
func linkProblems(l *linter, w *wording) []problem {
	var out []problem
	var web []string // distinct
	for _, at := range linksOf(l, w) {
		out = append(out, destinationProblems(l, at)...)
		if isWeb(at.to) && !slices.Contains(web, sameAddress(at.to)) {
			web = append(web, sameAddress(at.to))
		}
	}
	for _, at := range w.doc.links {
		out = append(out, shownProblems(at)...)
	}
	if len(web) > 1 {
		out = append(out, problem{rule: RuleOneLink, fragments: web[1:],
			text: fmt.Sprintf("there are %d links: %s (a notice has one at most, so that readers need not choose whom to trust)", len(web), strings.Join(web, ", "))})
	}
	if own := destinations(w.doc); !slices.Equal(own, w.twin) {
		out = append(out, problem{rule: RulePersonalLink, fragments: personal(own, w.twin),
			text: "a link is not the same for everybody (links that tell readers apart are what phishing mails have)"})
	}
	return out
}

// linksOf returns the page's links, and the addresses in plain text that are
// neither among them nor a regulator's of the law data.
func linksOf(l *linter, w *wording) []link {
	list := slices.Clone(w.doc.links)
	for _, m := range webAddress.FindAllString(w.text, -1) {
		m = strings.TrimRight(m, ".,;:!?*")
		known := slices.ContainsFunc(list, func(k link) bool { return sameAddress(k.to) == sameAddress(m) })
		if !known && !l.allowed.web[bareWeb(m)] {
			list = append(list, link{to: m, words: m})
		}
	}
	return list
}

// personal returns the links of one stand-in that the other does not have.
func personal(own, other []string) []string {
	var out []string
	for _, to := range own {
		if !slices.Contains(other, to) {
			out = append(out, to)
		}
	}
	return out
}

// destinationProblems judges where one link leads.
func destinationProblems(l *linter, at link) []problem {
	u, err := url.Parse(at.to)
	if err != nil {
		return []problem{{rule: RuleLinkDomain, fragments: []string{at.to, at.words}, text: fmt.Sprintf("the link %q is no web address (write it out in full)", at.to)}}
	}
	host := strings.ToLower(u.Hostname())
	switch u.Scheme {
	case "javascript", "vbscript":
		return []problem{{rule: RuleScript, fragments: []string{at.to, at.words}, text: "a link runs a script"}}
	case "data", "cid":
		return []problem{{rule: RuleAttachment, fragments: []string{at.to, at.words}, text: "a link opens something that the mail itself brings along"}}
	case "mailto", "tel", "sms":
		return nil
	}
	if host == "" || isRedirector(host) || redirects(u) { // redirectors: see redirectProblems
		return nil
	}
	if home := domainOf(l.From); registrable(host) != home {
		return []problem{{rule: RuleLinkDomain, fragments: []string{at.to, host, at.words},
			text: fmt.Sprintf("the link leads to %s, and the sender's domain is %s (link to your own site only, and write other addresses without https://)", host, home)}}
	}
	return nil
}

// redirectProblems are links in a sentence that others redirect.
func redirectProblems(sentence string) []problem {
	var out []problem
	for _, m := range shownHost.FindAllStringSubmatch(sentence, -1) {
		whole := strings.TrimRight(m[0], ".,;:!?")
		u, err := url.Parse(whole)
		if isRedirector(strings.ToLower(m[1])) || err == nil && redirects(u) {
			out = append(out, problem{rule: RuleShortener, fragments: []string{whole, m[1]},
				text: fmt.Sprintf("%q goes through a redirection, so that nobody sees where it leads (write your own address in full)", whole)})
		}
	}
	return out
}

// isRedirector reports whether a host, or a domain above it, is known for
// shortening, tracking or wrapping links.
func isRedirector(host string) bool {
	host = strings.TrimSuffix(host, ".")
	for {
		if slices.Contains(redirectors, host) {
			return true
		}
		_, above, ok := strings.Cut(host, ".")
		if !ok {
			return false
		}
		host = above
	}
}

// redirects reports whether an address carries another one.
func redirects(u *url.URL) bool {
	q, err := url.QueryUnescape(u.RawQuery)
	return err == nil && strings.Contains(q, "://")
}

// shownProblems are words of a link that look like another address than the one
// it opens.
func shownProblems(at link) []problem {
	var out []problem
	complain := func(shown string) {
		out = append(out, problem{rule: RuleLinkText, fragments: []string{at.words, at.to},
			text: fmt.Sprintf("the link shows %s and opens %s (let it show what it opens)", shown, at.to)})
	}
	if to, ok := strings.CutPrefix(strings.ToLower(at.to), "mailto:"); ok {
		to, _, _ = strings.Cut(to, "?")
		for _, shown := range emailAddress.FindAllString(at.words, -1) {
			if !strings.EqualFold(shown, to) {
				complain("another email address")
			}
		}
		return out
	}
	for _, m := range shownHost.FindAllStringSubmatch(emailAddress.ReplaceAllString(at.words, ""), -1) {
		shown := strings.TrimRight(m[0], ".,;:!?")
		if suffix, icann := publicsuffix.PublicSuffix(strings.ToLower(m[1])); !icann && !strings.Contains(m[0], "://") && suffix != "example" {
			continue // a full stop without a space behind it
		}
		if !opens(shown, at.to) {
			complain(shown)
		}
	}
	return out
}

// opens reports whether the address that is shown is the one a link leads to.
// It may leave out the scheme, www. and what stands behind the host.
func opens(shown, to string) bool {
	shown, to = bareWeb(shown), bareWeb(to)
	host, _, _ := strings.Cut(to, "/")
	return shown == to || shown == host
}

// bareWeb returns an address in lower case without scheme, www. and final slash.
func bareWeb(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	return strings.TrimSuffix(strings.TrimPrefix(s, "www."), "/")
}

// sameAddress returns what two spellings of one address have in common.
func sameAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return s
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if u.Path == "/" {
		u.Path = ""
	}
	return u.String()
}

// isWeb reports whether an address is one that a browser opens.
func isWeb(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" || err != nil
}

// domainOf returns the registrable domain of an email address.
func domainOf(address string) string {
	return registrable(strings.ToLower(address[strings.LastIndexByte(address, '@')+1:]))
}

// registrable returns the part of a host's name that somebody registered.
func registrable(host string) string {
	host = strings.TrimSuffix(host, ".")
	if net.ParseIP(host) != nil {
		return host
	}
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}
