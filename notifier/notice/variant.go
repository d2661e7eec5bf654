package notice

import (
	"fmt"
	"maps"
	"slices"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
)

// allTypes are the account types that a notice can be about.
var allTypes = []string{string(notifier.Prepaid), string(notifier.Postpaid), "both"}

// Variant returns which notice somebody of a state gets, whose notices are to
// be in that language. It is in English where the template has no such one.
func (n *Notice) Variant(state, language, types string) notifier.Variant {
	v := notifier.Variant{Template: Name, Language: language, Types: types}
	if n.law[state] != nil {
		v.State = state
	}
	if own := n.templates[state]; own != "" {
		v.Template = own
	}
	if n.pages[pageName{v.Template, v.Language}] == nil {
		v.Language = english
	}
	return v
}

// Variants returns every wording that a notice can have, each once and always
// in the same order: the base ones first.
func (n *Notice) Variants() []notifier.Variant {
	var list []notifier.Variant
	known := map[notifier.Variant]bool{}
	for _, state := range append([]string{""}, slices.Sorted(maps.Keys(n.law))...) {
		for _, language := range n.languages {
			for _, types := range allTypes {
				if v := n.Variant(state, language, types); !known[v] {
					known[v] = true
					list = append(list, v)
				}
			}
		}
	}
	return list
}

// Languages returns the languages in which there is a notice, "en" first.
func (n *Notice) Languages() []string { return slices.Clone(n.languages) }

// Source returns the file that notices of a variant are made from, as messages
// name it, and what it holds. Both are empty where there is no such file.
func (n *Notice) Source(v notifier.Variant) (file string, text []byte) {
	p := n.pages[pageName{v.Template, v.Language}]
	if p == nil {
		return "", nil
	}
	return p.file, slices.Clone(p.source)
}

// Computed returns where templates compute with a recipient's own values, other
// than by printing them and testing whether they are there: what somebody gets
// there is on no sample. Each template names the first place, as "file:line".
func (n *Notice) Computed() []string {
	var places []string
	for _, p := range n.pages {
		if p.computed != "" && !slices.Contains(places, p.computed) {
			places = append(places, p.computed)
		}
	}
	slices.Sort(places)
	return places
}

// addLaw finds out which states have a wording of their own, and which a
// template of their own.
func (n *Notice) addLaw(l *jurisdiction.Law, there map[pageName]string) error {
	if l == nil {
		return nil
	}
	for _, state := range l.States() {
		law := newLaw(l, state)
		if law == nil {
			continue
		}
		n.law[state] = law
		own := l.Template(state)
		if isPublication(own) {
			f, _ := l.Fact(state, jurisdiction.FactTemplate)
			return fmt.Errorf("law.csv:%d: %s asks for the template %s, which is a text for everybody and no notice (give the notice's file another name)", f.Line, state, own)
		}
		if own != "" && there[pageName{own, english}] == "" {
			return fmt.Errorf("law.csv: %s asks for the template %s, but templates/%s.%s.md is missing", state, own, own, english)
		}
		n.templates[state] = own
	}
	return nil
}

// english is the language that every campaign has.
const english = "en"

// addLanguages finds out which languages are offered: English, and those in
// which there are both a template and the incident's facts.
func (n *Notice) addLanguages(o *Options, there map[pageName]string) error {
	if _, ok := o.Translations[english]; ok {
		return fmt.Errorf("campaign.yaml: incident.translations.%s: what is said in English stands under incident itself (take it out)", english)
	}
	n.languages = []string{english}
	for _, language := range slices.Sorted(maps.Keys(o.Translations)) {
		if there[pageName{Name, language}] == "" {
			return fmt.Errorf("campaign.yaml: incident.translations.%s: templates/%s.%s.md is missing (write it, or take the translation out)", language, Name, language)
		}
		e, err := o.newEdition(language)
		if err != nil {
			return err
		}
		n.editions[language] = e
		n.languages = append(n.languages, language)
	}
	return nil
}
