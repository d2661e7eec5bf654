package intake

import (
	"fmt"
	"strings"
)

// placeholderTexts are what people and systems write where there is no
// address. They are compared in lower case.
var placeholderTexts = words(`n/a na nan none null nil unknown no x xx xxx - -- . .. 0 ? refused declined tbd
	"no email" "none given" "not provided" "not available" "not applicable" noemail no-email no_email`)

// placeholderLocals are local parts that nobody has, at any domain. They are
// compared without dots, hyphens and underscores.
var placeholderLocals = words(`noemail nomail noemailaddress noaddress none null notprovided notavailable
	nothanks donotemail donotcontact donotreply noreply unknown declined refused n/a`)

// longestLocal is more characters than a placeholder's local part has.
const longestLocal = 24

// placeholderPairs are words that stand for no address when the domain begins
// with them as well, as in test@test.com.
var placeholderPairs = words(`na no test abc asd asdf email fake invalid dummy a aa aaa x xx xxx`)

// placeholders are what else a campaign's exports have where there is no
// address, in lower case.
type placeholders struct {
	texts, whole, locals, domains map[string]bool
}

// newPlaceholders reads exports.placeholders: whole addresses, "local@",
// "@domain", or words that stand in the column. Where one of them is none, the
// others are good all the same.
func newPlaceholders(list []string) (p *placeholders, err error) {
	p = &placeholders{
		texts: make(map[string]bool), whole: make(map[string]bool),
		locals: make(map[string]bool), domains: make(map[string]bool),
	}
	for _, written := range list {
		if !p.add(written) && err == nil {
			err = fmt.Errorf("a placeholder is %q (it is an address, local@, @domain or a word)", written)
		}
	}
	return p, err
}

// add takes in one placeholder. ok is false when it is none.
func (p *placeholders) add(written string) (ok bool) {
	s := foldText(trimField(written))
	at := strings.LastIndexByte(s, '@')
	switch {
	case s == "" || s == "@":
		return false
	case at < 0:
		p.texts[s] = true
	case at == len(s)-1:
		p.locals[s[:at]] = true
	case at == 0:
		domain := s[1:]
		if canonical, err := canonicalDomain(domain); err == nil {
			domain = canonical
		}
		p.domains[domain] = true
	default:
		if canonical, err := CanonicalEmail(s); err == nil {
			s = canonical
		}
		p.whole[s] = true
	}
	return true
}

// judgeEmail is CanonicalEmail for a field of an export, which may hold a
// placeholder.
func (p *placeholders) judgeEmail(s string) (string, error) {
	canonical, err := CanonicalEmail(s)
	switch {
	case s == "":
		return "", err
	case err == nil:
		if p.standsFor(canonical) {
			return "", errPlaceholder
		}
	case p.isText(foldText(trimField(s))):
		return "", errPlaceholder
	case (err == errLocal || err == errDomain) && hasFormat(s):
		return "", errInvisible
	}
	return canonical, err
}

// isText reports whether s, in lower case and no address, is written where
// there is none.
func (p *placeholders) isText(s string) bool {
	return placeholderTexts[s] || p.texts[s] || strings.Contains(s, "@") && p.standsFor(s)
}

// standsFor reports whether an address in lower case is a placeholder.
func (p *placeholders) standsFor(s string) bool {
	local, domain, _ := strings.Cut(s, "@")
	if isNobody(local) {
		return true
	}
	if n := len(local); n < len(domain) && domain[n] == '.' && domain[:n] == local && placeholderPairs[local] {
		return true
	}
	return len(p.whole) > 0 && p.whole[s] || len(p.locals) > 0 && p.locals[local] || len(p.domains) > 0 && p.domains[domain]
}

// isNobody reports whether a local part is one of placeholderLocals.
func isNobody(local string) bool {
	if len(local) > longestLocal {
		return false
	}
	var b [longestLocal]byte
	n := 0
	for i := range len(local) {
		if c := local[i]; c != '.' && c != '-' && c != '_' {
			b[n] = c
			n++
		}
	}
	return placeholderLocals[string(b[:n])]
}
