package campaign

import (
	"fmt"
	"regexp"
)

// languagePattern is how a language other than English is named: as in the
// names of the templates, notice.es.md.
var languagePattern = regexp.MustCompile(`^[a-z]{2,3}(-([a-z]{2}|[0-9]{3}))?$`)

// translations checks what the incident says in other languages. Nothing falls
// back to English: half a translated notice is worse than none.
func (v configCheck) translations(i *IncidentConfig) {
	for _, language := range sortedKeys(i.Translations) {
		key := "incident.translations." + language
		switch {
		case language == "en":
			v.fail(key, "is not a translation (the incident's own texts are the English ones)")
		case !languagePattern.MatchString(language):
			v.fail(key, "is not a language (write its letters in lower case, such as es or pt-br)")
		default:
			t := i.Translations[language]
			v.translation(key, i, &t)
		}
	}
}

func (v configCheck) translation(key string, i *IncidentConfig, t *TranslationConfig) {
	if !v.need(key, "subject, data_involved, what_happened, what_we_are_doing, what_you_can_do") {
		return
	}
	v.subject(key+".subject", t.Subject)
	v.optionalLine(key+".signer_title", t.SignerTitle)
	v.optionalLine(key+".hours", t.Hours)
	v.involved(key, t.DataInvolved, t.DataNotInvolved)
	if got, want := len(t.DataNotInvolved), len(i.DataNotInvolved); got != want {
		v.fail(key+".data_not_involved", "has %d where incident.data_not_involved has %d (translate each entry, in the same order)", got, want)
	}
	v.text(key+".what_happened", t.WhatHappened, plainSentences)
	v.text(key+".what_we_are_doing", t.WhatWeAreDoing, plainSentences)
	v.text(key+".what_you_can_do", t.WhatYouCanDo, plainSentences)
	switch {
	case i.Services != "":
		v.text(key+".services", t.Services, "a translation of incident.services")
	case t.Services != "":
		v.fail(key+".services", "offers something that incident.services does not (write it there too, or take it out)")
	}
}

// involved checks the two lists of kinds of data under key.
func (v configCheck) involved(key string, involved, not []string) {
	at := key + ".data_involved"
	if v.need(at, "the kinds of data: [name, email address]") && len(involved) == 0 {
		v.fail(at, "is empty (name the kinds of data: [name, email address])")
	}
	v.kindsOfData(at, involved)
	v.kindsOfData(key+".data_not_involved", not)
	for n, kind := range not {
		for _, other := range involved {
			if kind == other && kind != "TODO" {
				v.fail(fmt.Sprintf("%s.data_not_involved[%d]", key, n), "stands in data_involved too (keep one of them)")
			}
		}
	}
}
