package review

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// webAddress is an address in plain text that mail programs make a link of.
var webAddress = pattern(`(?i)\bhttps?://[^\s<>"'()\[\]{}]+`)

// shownHost is what looks like the name of a host, at the beginning of an
// address without or with its scheme.
var shownHost = pattern(`(?i)(?:https?://)?((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]*[\p{L}\p{N}])(?:[:/?#][^\s<>"'()]*)?`)

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
		out = append(out, problem{rule: RuleOneLink, fragments: added(web, l.Incident.Contact.Web),
			text: fmt.Sprintf("there are %d links: %s (a notice has one at most, so that readers need not choose whom to trust)", len(web), strings.Join(web, ", "))})
	}
	if own := l.addressesIn(w.text, w.doc); !slices.Equal(own, w.twin) {
		out = append(out, problem{rule: RulePersonalLink, fragments: around(w, personal(own, w.twin)),
			text: "a link is not the same for everybody (links that tell readers apart are what phishing mails have)"})
	}
	return out
}

// added returns the links that are not the company's own page.
func added(web []string, page string) []string {
	out := slices.DeleteFunc(slices.Clone(web), func(to string) bool { return bareWeb(to) == bareWeb(page) })
	if len(out) == len(web) {
		return web[1:]
	}
	return out
}

// addressesIn returns where links lead, and the web addresses that the text
// shows for readers to type.
func (l *linter) addressesIn(text string, d *document) []string {
	out := destinations(d)
	for line := range strings.Lines(text) {
		out = append(out, recall(l.shown, line, func() []string { return shownAddresses(line) })...)
	}
	return out
}

// shownAddresses returns what looks like web addresses in a text.
func shownAddresses(text string) []string {
	var out []string
	for _, m := range shownHost().FindAllStringSubmatch(emailAddress().ReplaceAllString(text, ""), -1) {
		if suffix, icann := publicsuffix.PublicSuffix(strings.ToLower(m[1])); !icann && !strings.Contains(m[0], "://") && suffix != "example" {
			continue // a full stop without a space behind it
		}
		out = append(out, strings.TrimRight(m[0], ".,;:!?"))
	}
	return out
}

// around returns what to look for where addresses have parts of the reader's
// own, which no file has: the words before and behind, then the addresses.
func around(w *wording, addresses []string) []string {
	var out []string
	for _, to := range addresses {
		for _, s := range w.sentences {
			before, behind, ok := strings.Cut(s, to)
			if ok && !slices.ContainsFunc(w.doc.links, func(k link) bool { return k.to == to }) {
				out = append(out, before, behind)
			}
		}
	}
	return append(out, addresses...)
}

// linksOf returns the page's links, and the addresses in plain text that are
// neither among them nor a regulator's of the law data.
func linksOf(l *linter, w *wording) []link {
	list := slices.Clone(w.doc.links)
	var found []string
	for line := range strings.Lines(w.text) {
		found = append(found, recall(l.web, line, func() []string { return webAddress().FindAllString(line, -1) })...)
	}
	for _, m := range found {
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
	for _, m := range shownHost().FindAllStringSubmatch(sentence, -1) {
		whole := strings.TrimRight(m[0], ".,;:!?")
		full := whole
		if !strings.Contains(strings.ToLower(full[:min(len(full), len("https://"))]), "://") {
			full = "https://" + full
		}
		u, err := url.Parse(full)
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

// carried is an address behind the host of another one.
var carried = pattern(`(?i)[a-z]:/+[^/]|//[\p{L}\p{N}-]+\.\p{L}`)

// redirects reports whether an address carries another one, in its path, query
// or fragment, escaped or not.
func redirects(u *url.URL) bool {
	const mostEscapes = 5
	rest := u.EscapedPath() + "?" + u.RawQuery + "#" + u.EscapedFragment()
	for range mostEscapes {
		if carried().MatchString(strings.ReplaceAll(rest, `\`, "/")) {
			return true
		}
		rest = unescaped(rest)
	}
	return false
}

var escape = pattern(`%[0-9A-Fa-f]{2}`)

// unescaped takes away one layer of escapes, also where some are broken.
func unescaped(s string) string {
	return escape().ReplaceAllStringFunc(s, func(e string) string {
		n, err := strconv.ParseUint(e[1:], 16, 8)
		if err != nil {
			return e
		}
		return string([]byte{byte(n)})
	})
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
		for _, shown := range emailAddress().FindAllString(at.words, -1) {
			if !strings.EqualFold(shown, to) {
				complain("another email address")
			}
		}
		return out
	}
	for _, shown := range shownAddresses(at.words) {
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
