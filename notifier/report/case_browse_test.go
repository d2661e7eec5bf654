package report

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"breachmail/notifier/internal/service"
)

// tab is a browser that has the report open, and what the page said or asked for
// that it should not have.
type tab struct {
	ctx  context.Context
	page string

	mu      sync.Mutex
	trouble []string
}

// openCase writes the report and opens it from disk, as its readers would.
func openCase(t *testing.T, c *Case) *tab {
	t.Helper()
	if testing.Short() {
		t.Skip("this test needs a browser and some seconds")
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(), chromedp.ExecPath(service.Need(t, "chromium")), chromedp.Headless, chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	t.Cleanup(stop)
	path := filepath.Join(t.TempDir(), "index.html")
	if err := os.WriteFile(path, []byte(casePage(t, c)), 0o600); err != nil {
		t.Fatal(err)
	}
	b := &tab{page: "file://" + path}
	ctx, closeTab := chromedp.NewContext(ctx, chromedp.WithListener(b.watch))
	t.Cleanup(closeTab)
	b.ctx, closeTab = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(closeTab)
	for _, enable := range []func() error{
		func() error { _, err := chromedp.Call(b.ctx, network.Enable, network.EnableParams{}); return err },
		func() error { _, err := chromedp.Call(b.ctx, log.Enable, cdp.Empty{}); return err },
		func() error {
			return chromedp.Do(b.ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(b.page))
		},
	} {
		if err := enable(); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func (b *tab) watch(event any) {
	note := func(format string, args ...any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.trouble = append(b.trouble, fmt.Sprintf(format, args...))
	}
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		note("exception: %s", e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		note("console: %s", e.Type)
	case *log.EventEntryAdded:
		note("log: %s: %s", e.Entry.Source, e.Entry.Text)
	case *network.EventRequestWillBeSent:
		if url, _, _ := strings.Cut(e.Request.URL, "#"); url != b.page && !strings.HasPrefix(url, "about:") {
			note("request: %s", e.Request.URL)
		}
	}
}

// on returns what an expression is on the page.
func on[T any](t *testing.T, b *tab, expression string) T {
	t.Helper()
	out, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// outside lists what lies outside of the window, what cannot be seen whole, and
// words of a picture that lie on each other.
const outside = `(() => {
	const list = [...document.querySelectorAll("body *")].filter(e => !e.closest(".defs") && !e.closest("thead") && e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1).map(e => "outside: " + e.outerHTML.slice(0, 90));
	for (const picture of document.querySelectorAll(".picture")) {
		const words = [...picture.querySelectorAll("text")].map(e => [e.textContent, e.getBoundingClientRect()]);
		for (let i = 0; i < words.length; i++) for (let j = i + 1; j < words.length; j++) {
			const [a, b] = [words[i][1], words[j][1]];
			if (a.left < b.right && b.left < a.right && a.top < b.bottom - 2 && b.top < a.bottom - 2) list.push("on each other: " + words[i][0] + " and " + words[j][0]);
		}
	}
	return list;
})()`

func TestCaseInChromium(t *testing.T) {
	b := openCase(t, richCase())
	for _, width := range []int64{1280, 390} {
		if err := chromedp.Do(b.ctx, chromedp.EmulateViewport(width, 900)); err != nil {
			t.Fatal(err)
		}
		for _, s := range on[[]string](t, b, outside) {
			t.Errorf("%d pixels: %s", width, s)
		}
		if w := on[int64](t, b, `document.documentElement.scrollWidth`); w > width {
			t.Errorf("at %d pixels the page is %d wide", width, w)
		}
	}
	// What is drawn is seen: columns have a height, and patterns are found.
	if n := on[int](t, b, `[...document.querySelectorAll(".picture .column")].filter(e => e.getBoundingClientRect().height >= 1).length`); n < 60 {
		t.Errorf("only %d columns are seen", n)
	}
	missing := on[[]string](t, b, `[...document.querySelectorAll("rect")].map(e => getComputedStyle(e).fill).filter(f => f.startsWith("url(")).map(f => f.match(/#([a-z0-9]+)/)[1]).filter(id => !document.getElementById(id))`)
	if len(missing) > 0 {
		t.Errorf("patterns are missing: %v", missing)
	}
	printCase(t, b)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.trouble {
		t.Error(s)
	}
}

// printCase saves the page as PDF: the executive's part is one sheet, and all of
// it is not a book.
func printCase(t *testing.T, b *tab) {
	t.Helper()
	pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAll(pdf, -1)); n < 6 || n > 14 {
		t.Errorf("the PDF has %d pages", n)
	}
	const sheetWidth, sheetHeight = 710, 953 // of US Letter within the margins, in pixels
	if err := chromedp.Do(b.ctx, chromedp.EmulateViewport(sheetWidth, sheetHeight)); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	if high := on[float64](t, b, `document.querySelector(".part.first").getBoundingClientRect().bottom + scrollY`); high > sheetHeight {
		t.Errorf("the executive's part is %v pixels high, and a sheet %d: %v", high, sheetHeight, on[[]string](t, b, `[...document.querySelectorAll("header > *, .part.first > *")].map(e => e.tagName + e.className + " " + Math.round(e.getBoundingClientRect().top) + "-" + Math.round(e.getBoundingClientRect().bottom))`))
	}
	if w := on[int](t, b, `document.documentElement.scrollWidth`); w > sheetWidth {
		t.Errorf("printed it is %d pixels wide: %q", w, on[[]string](t, b, outside))
	}
}
