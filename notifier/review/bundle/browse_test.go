package bundle

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

func TestInChromium(t *testing.T) {
	browser := startChromium(t)
	for _, c := range []struct {
		name string
		test func(*testing.T, chromium)
	}{
		{"Find", testFind},
		{"Open", testOpen},
		{"Follow", testFollow},
		{"Sources", testSources},
		{"Print", testPrint},
		{"Narrow", testNarrow},
		{"WithoutScript", testWithoutScript},
		{"Forbidden", testForbidden},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, browser) })
	}
}

// shown counts the wordings that the list shows.
const shown = `[...document.querySelectorAll(".wording")].filter(w => w.checkVisibility()).length`

// testFind looks for wordings as counsel would: by state, by language, by kind
// of account and by words.
func testFind(t *testing.T, c chromium) {
	const all = 54
	p := largePage(t, all)
	b := c.open(t, p)
	reached := 0
	for _, s := range p.Samples {
		if s.People > 0 {
			reached++
		}
	}
	choose := func(id, value string) {
		t.Helper()
		eval[any](t, b, fmt.Sprintf(`(() => { const f = document.getElementById(%q); f.value = %q; f.dispatchEvent(new Event("input", {bubbles: true})); return 0 })()`, id, value))
	}
	expect := func(what string, want int) {
		t.Helper()
		got, said := eval[int](t, b, shown), eval[string](t, b, `document.getElementById("found").textContent`)
		if got != want || said != fmt.Sprintf("%d of %d shown", want, all) {
			t.Errorf("%s: %d are shown, %q is said; want %d", what, got, said, want)
		}
	}
	count := func(keep func(PageSample) bool) (n int) {
		for _, s := range p.Samples {
			if s.People > 0 && keep(s) {
				n++
			}
		}
		return n
	}
	expect("at first", reached)
	b.do(t, chromedp.Click(chromedp.ID("by-nobody")))
	expect("with those nobody gets", all)
	b.do(t, chromedp.Click(chromedp.ID("reset")))
	expect("cleared", reached)
	choose("by-state", "MD")
	expect("Maryland", count(func(s PageSample) bool { return s.Variant.State == "MD" }))
	choose("by-language", "es")
	expect("Maryland in Spanish", count(func(s PageSample) bool { return s.Variant.State == "MD" && s.Variant.Language == "es" }))
	choose("by-state", "CA") // it has no wording of its own
	expect("California in Spanish", count(func(s PageSample) bool { return s.Variant.State == "" && s.Variant.Language == "es" }))
	choose("by-types", "prepaid")
	expect("prepaid accounts there", count(func(s PageSample) bool {
		return s.Variant.State == "" && s.Variant.Language == "es" && s.Variant.Types == "prepaid"
	}))
	b.do(t, chromedp.Click(chromedp.ID("reset")), chromedp.SendKeys(chromedp.ID("find"), "cuenta de  PREPAGO"))
	expect("words", count(func(s PageSample) bool {
		text := strings.ToLower(string(s.Text))
		return strings.Contains(text, "cuenta") && strings.Contains(text, "prepago")
	}))
	choose("find", "no such words anywhere")
	expect("nothing", 0)
}

// testOpen opens a wording and switches between its two forms.
func testOpen(t *testing.T, c chromium) {
	b := c.open(t, largePage(t, 12))
	const wording = `document.querySelector(".wording:nth-of-type(2)")`
	is := func(what string) [2]bool {
		return eval[[2]bool](t, b, fmt.Sprintf(`["iframe", "pre.notice"].map(s => %s.querySelector(s).checkVisibility({contentVisibilityAuto: true}))`, what))
	}
	if got := is(wording); got != [2]bool{} {
		t.Errorf("closed: formatted and text are shown: %v", got)
	}
	b.do(t, chromedp.Click(chromedp.CSS(".wording:nth-of-type(2) summary")))
	for _, step := range []struct {
		choose string
		want   [2]bool
	}{{"", [2]bool{true, true}}, {"formatted", [2]bool{true, false}}, {"text", [2]bool{false, true}}, {"both", [2]bool{true, true}}} {
		if step.choose != "" {
			b.do(t, chromedp.Click(chromedp.CSS(".wording:nth-of-type(2) input[value="+step.choose+"]")))
		}
		if got := is(wording); got != step.want {
			t.Errorf("%q: formatted and text are shown: %v", step.choose, got)
		}
	}
	// The frame holds the notice, and nothing can be reached in it from outside.
	if got := eval[string](t, b, wording+`.querySelector("iframe").getAttribute("sandbox") + (`+wording+`.querySelector("iframe").contentDocument === null)`); got != "true" {
		t.Errorf("the frame is not closed off: %q", got)
	}
	b.do(t, chromedp.Click(chromedp.CSS(".wording:nth-of-type(2) .message summary")))
	if head := eval[string](t, b, wording+`.querySelector(".message").innerText`); !strings.Contains(head, "Message-ID:") || !strings.Contains(head, "bounces+") {
		t.Errorf("headers and envelope: %q", head)
	}
}

// testFollow follows a finding to a wording that nobody gets and that the list
// does not show, and to its sentence in the reading.
func testFollow(t *testing.T, c chromium) {
	p := largePage(t, 24)
	hidden := p.Samples[4]
	p.Findings[1].Variant = hidden.Variant.String()
	b := c.open(t, p)
	target := anchor(hidden.Variant)
	b.do(t, chromedp.Click(chromedp.CSS(`#open a[href="#`+target+`"]`)))
	seen := func(id string) bool {
		return eval[bool](t, b, fmt.Sprintf(`(() => { const r = document.getElementById(%q); const at = r.getBoundingClientRect(); return r.checkVisibility() && at.top >= 0 && at.top < innerHeight })()`, id))
	}
	if !seen(target) {
		t.Error("the wording is not in sight")
	}
	to := eval[string](t, b, `[...document.querySelectorAll("#open a")].find(a => a.textContent.includes("sentence")).hash.slice(1)`)
	b.do(t, chromedp.Click(chromedp.CSS(`#open a[href="#`+to+`"]`)))
	if !seen(to) || !strings.HasPrefix(to, "read-") {
		t.Errorf("the sentence %q is not in sight", to)
	}
	// Who has the address of a place gets there at once.
	b.do(t, chromedp.Navigate("about:blank"), chromedp.Navigate(b.page+"#"+target))
	if !seen(target) {
		t.Error("the wording is not in sight behind its address")
	}
}

func testSources(t *testing.T, c chromium) {
	b := c.open(t, testPage(t))
	visible := func() int {
		return eval[int](t, b, `[...document.querySelectorAll("#reading .from")].filter(e => e.checkVisibility()).length`)
	}
	if n := visible(); n != 0 {
		t.Errorf("%d sources are shown before they are asked for", n)
	}
	b.do(t, chromedp.Click(chromedp.CSS(".sourcesbutton")))
	if n := visible(); n < 8 {
		t.Errorf("%d sources are shown", n)
	}
	b.do(t, chromedp.Click(chromedp.CSS("button[data-copy=statement]")))
	if got := eval[string](t, b, `getSelection().toString()`); got != testPage(t).Statement {
		t.Errorf("to be copied: %q", got)
	}
}

// What of a sheet of US Letter lies within the margins of the print style, in
// pixels of 1/96 inch.
const (
	letterWidth  = 710
	letterHeight = 953
)

var pageOfPDF = regexp.MustCompile(`/Type\s*/Page\b[^s]`)

// testPrint saves the page as PDF: each wording that reaches somebody has its
// own page, and the others are not there.
func testPrint(t *testing.T, c chromium) {
	p := largePage(t, 24)
	p.Checklist = p.Checklist[:3]
	b := c.open(t, p)
	b.do(t, chromedp.EmulateViewport(letterWidth, letterHeight))
	eval[any](t, b, `(() => { const f = document.getElementById("find"); f.value = "no such words"; f.dispatchEvent(new Event("input")); return 0 })()`)
	pdf := get(t, b, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	call(t, b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	printed := eval[[]string](t, b, `[...document.querySelectorAll(".wording")].filter(w => w.querySelector("pre.notice").checkVisibility()).map(w => getComputedStyle(w).breakBefore)`)
	v := newView(p)
	if len(printed) != len(v.Reached) || len(v.Nobody) == 0 {
		t.Fatalf("%d wordings are printed; %d reach somebody, %d nobody", len(printed), len(v.Reached), len(v.Nobody))
	}
	for _, s := range printed {
		if s != "page" {
			t.Errorf("a wording begins at %q", s)
		}
	}
	if high := eval[[]string](t, b, fmt.Sprintf(`[...document.querySelectorAll(".wording")].filter(w => w.offsetHeight > %d).map(w => w.querySelector("h3").textContent + ": " + w.offsetHeight)`, letterHeight)); len(high) > 0 {
		t.Errorf("a page is %d pixels high, and these are higher: %q", letterHeight, high)
	}
	if breaks := eval[[]string](t, b, `[...document.querySelectorAll(".elsewhere .fold")].map(f => getComputedStyle(f).breakBefore)`); !slices.Equal(breaks, []string{"auto", "page", "page"}) {
		t.Errorf("the texts for website and call center begin at %q", breaks)
	}
	// Summary, what is open, what changed, reading, checklist, other texts, states,
	// approval.
	const least, most = 10, 22
	if n := len(pageOfPDF.FindAll(pdf, -1)) - len(v.Reached); n < least || n > most {
		t.Errorf("the PDF has %d pages beside those of the %d wordings", n, len(v.Reached))
	}
	for _, s := range []string{".contents", ".filter", "button", "iframe", ".show", ".message", ".stroke", ".names ul", ".names p", ".piece"} {
		if eval[bool](t, b, fmt.Sprintf(`[...document.querySelectorAll(%q)].some(e => e.checkVisibility())`, s)) {
			t.Errorf("%s is printed", s)
		}
	}
}

// testNarrow: a telephone shows the page without scrolling to the side,
// whatever is open.
func testNarrow(t *testing.T, c chromium) {
	b := c.open(t, largePage(t, 12))
	b.do(t, chromedp.EmulateViewport(390, 844))
	eval[any](t, b, `(() => { document.documentElement.classList.add("sources"); for (const d of document.querySelectorAll("details")) d.open = true; return 0 })()`)
	if w := eval[int](t, b, `document.documentElement.scrollWidth`); w > 390 {
		wide := eval[string](t, b, `[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > 391).slice(0, 5).map(e => e.outerHTML.slice(0, 80)).join("\n")`)
		t.Errorf("the page is %d pixels wide:\n%s", w, wide)
	}
}

// Without scripts everything is there and can be opened.
func testWithoutScript(t *testing.T, c chromium) {
	b := c.open(t, largePage(t, 12))
	call(t, b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.do(t, chromedp.Navigate("about:blank"), chromedp.Navigate(b.page))
	if n := eval[int](t, b, shown); n != 12 {
		t.Errorf("%d wordings are shown", n)
	}
	if eval[bool](t, b, `[...document.querySelectorAll(".needsjs")].some(e => e.checkVisibility())`) {
		t.Error("controls are shown that do nothing")
	}
	if !eval[bool](t, b, `[...document.querySelectorAll("#reading .from")].every(e => e.checkVisibility())`) {
		t.Error("sources are hidden, and nothing shows them")
	}
}

// testForbidden: what a text might try to load is not loaded, neither on the page
// nor in its frame, and what these tests watch for would show it.
func testForbidden(t *testing.T, c chromium) {
	p := testPage(t)
	p.Elsewhere[0].HTML = []byte(`<img src="https://www.example.com/frame.png"><p>text</p>`)
	b := c.open(t, p)
	b.do(t, chromedp.Click(chromedp.CSS("#elsewhere summary")))
	eval[any](t, b, `(() => { document.body.append(Object.assign(new Image(), {src: "https://www.example.com/page.png"})); return 0 })()`)
	for _, from := range []string{"frame.png", "page.png"} {
		if !b.blames(from) {
			t.Errorf("%s was loaded, or nobody would know", from)
		}
	}
	b.forgive()
}
