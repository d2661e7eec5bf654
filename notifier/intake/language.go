package intake

import "strings"

// defaultLanguage is the language of a notice where Options names none.
const defaultLanguage = "en"

// languageNames are languages as exports write them out.
var languageNames = map[string]string{
	"english": "en", "eng": "en",
	"spanish": "es", "español": "es", "espanol": "es", "spa": "es",
	"vietnamese": "vi", "vie": "vi", "chinese": "zh", "korean": "ko", "arabic": "ar", "tagalog": "tl",
	"french": "fr", "portuguese": "pt", "russian": "ru",
}

// language returns the language of the notice for somebody whose row says
// written: one that there is a template for, else the first of them.
func (o *Options) language(written string) string {
	fallback := defaultLanguage
	if len(o.Languages) > 0 {
		fallback = o.Languages[0]
	}
	if written == "" {
		return fallback
	}
	tag := strings.ReplaceAll(strings.ToLower(written), "_", "-")
	if short, ok := languageNames[tag]; ok {
		tag = short
	}
	base, _, _ := strings.Cut(tag, "-")
	for _, want := range []string{tag, base} {
		for _, have := range o.Languages {
			if strings.EqualFold(have, want) {
				return have
			}
		}
	}
	return fallback
}
