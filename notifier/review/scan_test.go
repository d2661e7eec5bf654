package review

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"breachmail/notifier/jurisdiction"
)

func TestSentences(t *testing.T) {
	for text, want := range map[string][]string{
		"Hello\n=====\n\nOne. Two? Three":                         {"Hello", "One.", "Two?", "Three"},
		"- item one\n- item two\n":                                {"item one", "item two"},
		"Open 8 a.m. to 8 p.m. on weekdays. Call No. 5 St. Mary.": {"Open 8 a.m. to 8 p.m. on weekdays.", "Call No. 5 St. Mary."},
		"Hola. ¿Qué pasó? Nada.":                                  {"Hola.", "¿Qué pasó?", "Nada."},
		"See example.com. It helps.":                              {"See example.com.", "It helps."},
		"":                                                        nil,
	} {
		if got := sentences(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %q", text, got)
		}
	}
}

func TestDaysIn(t *testing.T) {
	for _, c := range []struct{ language, text, want string }{
		{"en", "August 20, 2018", "2018-08-20"},
		{"en", "on Aug. 1st 2018 and 2 September 2018", "2018-08-01 2018-09-02"},
		{"en", "8/20/2018; 2018-08-21; the 3rd of May, 2019", "2018-08-20 2018-08-21 2019-05-03"},
		{"en", "February 30, 2018 and 13/13/2018", ""},
		{"es", "el 20 de agosto de 2018 y el 1º de setiembre del 2018", "2018-08-20 2018-09-01"},
		{"fr", "le 20 août 2018, 2018-08-20", "2018-08-20"},
	} {
		var got []string
		for _, d := range daysIn(c.language, folded(c.text)) {
			got = append(got, d.on.Format(time.DateOnly))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s %q: got %q", c.language, c.text, got)
		}
	}
}

func TestNumbersIn(t *testing.T) {
	for text, want := range map[string][]string{
		"call +1 (800) 555-0100.":              {"8005550100"},
		"account 9900004821 or 4821":           {"9900004821"},
		"555-0101":                             {"5550101"},
		"206.555.0123, 206\u2011555\u20110124": {"2065550123", "2065550124"},
		"555-0101 / 800-555-0102":              {"5550101", "8005550102"},
		"206 / 555-0123":                       {"2065550123"},
		"2018-08-20 and 8/20/2018":             nil,
		"August 20, 2018, in 24 hours":         nil,
		"7K3FQ-9QXPA":                          nil,
	} {
		if got := numbersIn(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %q", text, got)
		}
	}
}

func TestRegistrable(t *testing.T) {
	for host, want := range map[string]string{
		"www.example.com": "example.com", "a.b.example.co.uk": "example.co.uk", "northwind.example": "northwind.example",
		"192.0.2.1": "192.0.2.1", "localhost": "localhost", "example.com.": "example.com",
	} {
		if got := registrable(host); got != want {
			t.Errorf("%s: got %s", host, got)
		}
	}
}

func TestAttachments(t *testing.T) {
	head := "From: a@example.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
	part := func(header string) string { return "--x\r\n" + header + "\r\n\r\nbody\r\n" }
	text, html := part("Content-Type: text/plain"), part("Content-Type: text/html")
	for name, c := range map[string]struct {
		message string
		want    int
	}{
		"two bodies":  {head + text + html + "--x--\r\n", 0},
		"a document":  {head + text + html + part("Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf") + "--x--\r\n", 1},
		"a text file": {head + text + html + part("Content-Type: text/plain\r\nContent-Disposition: attachment") + "--x--\r\n", 1},
		"no message":  {"\x00", 1},
	} {
		if got := attachmentProblems([]byte(c.message)); len(got) != c.want {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

// checkPieces holds that what is found in a wording is a piece of it.
func checkPieces(t *testing.T, w *wording, found ...[]string) {
	t.Helper()
	for _, s := range slices.Concat(found...) {
		if !slices.Contains(w.sentences, s) && !slices.Contains(w.doc.headings, s) {
			t.Errorf("%q is not in %q", s, w.text)
		}
	}
}

// Whatever a template makes of a page, it is read to its end, and what a reader
// could see or open is found.
func FuzzDocument(f *testing.F) {
	for _, s := range []string{
		`<h1>a</h1><p style="font:9px/1 x">b <a href="https://example.com/?u=https://x">c</a>`, `<style>p{font-size:1e9px;background:url(`,
		`<a href=" javascript:1">`, "<p>On August 20, 2018 call 206-555-0123.", `<svg><image href="x"/></svg>`, "<a href=\"%zz\">www.example.com", "<title>&#x0;", "<template><p>x",
	} {
		f.Add(s)
	}
	law := mustParse(f, lawOf(jurisdiction.Federal, "IL"))
	f.Fuzz(func(t *testing.T, s string) {
		d := readDocument([]byte(s))
		w := &wording{doc: d, language: "en", text: d.text, sentences: sentences(d.text)}
		l := incidentLinter()
		l.From, l.Law = "notices@example.com", law
		_ = linkProblems(l, w)
		_ = markupProblems(w)
		_ = sizeProblems(w)
		for _, language := range []string{"en", "es"} {
			w.language = language
			checkPieces(t, w, l.nature(w), l.counts(w, "IL"), l.said(w, jurisdiction.BlockFreeze))
			for _, s := range w.sentences {
				_ = tollFreeProblems(l, language, s)
				_ = requestProblems(language, s)
				_ = deniesData(language, s)
				text := folded(s)
				for _, day := range daysIn(language, text) {
					if !strings.HasPrefix(text[day.at:], day.words) {
						t.Errorf("the date %q is not in %q", day.words, s)
					}
				}
			}
		}
		if got, want := strings.Join(w.sentences, " "), d.text; plainWords(got) != plainWords(want) {
			t.Errorf("sentences lose words: %q of %q", got, want)
		}
		for _, to := range destinations(d) {
			if _, err := url.Parse(to); err != nil && len(destinationProblems(l, link{to: to})) == 0 {
				t.Errorf("nothing is said of the link %q", to)
			}
		}
	})
}
