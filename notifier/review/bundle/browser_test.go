package bundle

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"breachmail/notifier/internal/service"
)

// chromium is a browser that tests share.
type chromium struct{ ctx context.Context }

func startChromium(t *testing.T) chromium {
	t.Helper()
	if testing.Short() {
		t.Skip("this test needs a browser and some seconds")
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(),
		chromedp.ExecPath(service.Need(t, "chromium")), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-site-isolation-trials", true), chromedp.Flag("disable-features", "IsolateSandboxedIframes")) // so that what frames do is seen as well
	t.Cleanup(stop) // waits, and removes the browser's own directory
	ctx, closeFirst := chromedp.NewContext(ctx)
	t.Cleanup(closeFirst)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return chromium{ctx}
}

// browser is a tab that has a bundle's page open, and what the page said or
// asked for that it should not have.
type browser struct {
	ctx  context.Context
	page string // its address

	mu      sync.Mutex
	trouble []string
}

// open writes the bundle and opens its page from disk, as counsel would.
func (c chromium) open(t *testing.T, p PageData) *browser {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "preview")
	if err := Write(dir, p); err != nil {
		t.Fatal(err)
	}
	b := &browser{page: "file://" + filepath.Join(dir, Index)}
	ctx, closeTab := chromedp.NewContext(c.ctx, chromedp.WithListener(b.watch))
	t.Cleanup(closeTab)
	b.ctx, closeTab = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(closeTab)
	t.Cleanup(func() { b.check(t) })
	call(t, b, network.Enable, network.EnableParams{})
	call(t, b, log.Enable, cdp.Empty{})
	b.do(t, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(b.page))
	return b
}

// watch notes errors, whatever the console gets, violations of the page's policy
// and requests.
func (b *browser) watch(event any) {
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
	case *network.EventLoadingFailed:
		if e.BlockedReason == network.BlockedReasonCsp {
			b.forgiveRequest(e.RequestID)
		}
	case *network.EventRequestWillBeSent:
		if url, _, _ := strings.Cut(e.Request.URL, "#"); url != b.page && !strings.HasPrefix(url, "about:") {
			note("request %s: %s", e.RequestID, e.Request.URL)
		}
	}
}

// blames waits a little for the browser to say that the policy forbade to load
// something.
func (b *browser) blames(name string) bool {
	for range 100 {
		b.mu.Lock()
		found := slices.ContainsFunc(b.trouble, func(s string) bool {
			return strings.HasPrefix(s, "log: security") && strings.Contains(s, name) && strings.Contains(s, "Content Security Policy")
		})
		b.mu.Unlock()
		if found {
			return true
		}
		time.Sleep(20 * time.Millisecond)
	}
	return false
}

// forgiveRequest forgets a request that did not leave the browser. That it was
// tried is in the log.
func (b *browser) forgiveRequest(id network.RequestID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trouble = slices.DeleteFunc(b.trouble, func(s string) bool { return strings.HasPrefix(s, fmt.Sprintf("request %s:", id)) })
}

// forgive forgets what the policy forbade, and keeps what was loaded in spite
// of it.
func (b *browser) forgive() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trouble = slices.DeleteFunc(b.trouble, func(s string) bool { return strings.Contains(s, "Content Security Policy") })
}

func (b *browser) check(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.trouble {
		t.Error(s)
	}
}

func (b *browser) do(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// call gives the browser a command that has no action of its own.
func call[P, R any](t *testing.T, b *browser, command cdp.Command[P, R], params P) {
	t.Helper()
	if _, err := chromedp.Call(b.ctx, command, params); err != nil {
		t.Fatal(err)
	}
}

// get gives what an action finds.
func get[T any](t *testing.T, b *browser, action chromedp.Action[T]) T {
	t.Helper()
	out, err := chromedp.Run(b.ctx, action)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// eval gives what an expression is on the page.
func eval[T any](t *testing.T, b *browser, expression string) T {
	t.Helper()
	return get(t, b, chromedp.Evaluate[T](expression))
}
