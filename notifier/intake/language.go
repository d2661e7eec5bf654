package intake

import (
	"strings"

	"golang.org/x/text/language"

	"breachmail/notifier"
)

// defaultLanguage is the language of a notice where Options names none.
const defaultLanguage = "en"

// languageNames are languages as exports write them out.
var languageNames = map[string]string{
	"english": "en",
	"spanish": "es", "español": "es", "espanol": "es", "castellano": "es",
	"vietnamese": "vi", "chinese": "zh", "mandarin": "zh", "cantonese": "zh", "korean": "ko", "arabic": "ar",
	"tagalog": "tl", "filipino": "tl", "french": "fr", "français": "fr", "haitian creole": "ht", "german": "de",
	"italian": "it", "portuguese": "pt", "russian": "ru", "ukrainian": "uk", "polish": "pl", "japanese": "ja",
	"hindi": "hi", "persian": "fa", "farsi": "fa", "armenian": "hy", "hmong": "hmn", "khmer": "km", "navajo": "nv",
}

// spoken is what becomes of a language that a row asks for.
type spoken struct {
	template string // the language of the notice
	missing  bool   // there is no notice in the one asked for
}

// mostAsked is how many different texts are remembered; a column language with
// more holds something else.
const mostAsked = 1000

// judgeLanguage reads the column language.
func (in *Intake) judgeLanguage(a *notifier.Account) string {
	if a.Language == "" {
		return ""
	}
	written := cleanName(a.Language)
	if missingNumbers[lowerASCII(written)] { // na is not the language of Nauru
		return ""
	}
	if in.spoken(written).missing {
		in.warn(languageMissing, a, written)
	}
	return written
}

// spoken is Options.spoken, which is asked once about each text.
func (in *Intake) spoken(written string) spoken {
	is, ok := in.asked[written]
	if !ok {
		is = in.opts.spoken(written)
		if len(in.asked) < mostAsked {
			in.asked[strings.Clone(written)] = is
		}
	}
	return is
}

// spoken returns the language of the notice for somebody whose row says
// written: one that there is a template for, else the first of them.
func (o *Options) spoken(written string) spoken {
	if len(o.Languages) == 0 {
		return spoken{template: defaultLanguage}
	}
	is := spoken{template: o.Languages[0]}
	if written == "" {
		return is
	}
	tag := strings.ReplaceAll(strings.ToLower(written), "_", "-")
	if short, ok := languageNames[tag]; ok {
		tag = short
	}
	base, _, _ := strings.Cut(tag, "-")
	for _, want := range []string{tag, base} {
		for _, have := range o.Languages {
			if strings.EqualFold(have, want) {
				return spoken{template: have}
			}
		}
	}
	return o.spokenByCode(tag, is)
}

// spokenByCode is spoken for a tag that no template has as its own. A code of
// three letters may be that of a template (vie, spa). What is no language, such
// as a country or a plan, asks for none.
func (o *Options) spokenByCode(tag string, otherwise spoken) spoken {
	asked, ok := baseOf(tag)
	if !ok {
		return otherwise
	}
	for _, have := range o.Languages {
		if base, ok := baseOf(have); ok && base == asked {
			return spoken{template: have}
		}
	}
	otherwise.missing = true
	return otherwise
}

// baseOf returns the language of a tag, without script and country.
func baseOf(tag string) (language.Base, bool) {
	parsed, err := language.Parse(tag)
	base, sure := parsed.Base()
	return base, err == nil && sure == language.Exact
}
