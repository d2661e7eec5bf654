package notice

import (
	"encoding/json"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"breachmail/notifier/internal/service"
)

// narrow is the width in pixels of the smallest screen that a notice is made
// for, smallest the size of its smallest letters: 10 points.
const (
	narrow   = 320
	smallest = 10.0 / 72 * 96
)

// looks is what a page measures of a notice in a frame.
type looks struct {
	Width    float64 // of what would have to be scrolled to
	Letters  float64 // the size of the smallest
	Language string
	Titles   int
	Loaded   int    // from elsewhere
	Ink      string // the color of its text
}

// measure is the page that measures: each notice in a frame of its own.
const measure = `<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><body><script>
addEventListener("load", () => {
  const all = [...document.querySelectorAll("iframe")].map(f => {
    const d = f.contentDocument, w = f.contentWindow;
    const sizes = [...d.body.querySelectorAll("*")].filter(e => e.innerText).map(e => parseFloat(w.getComputedStyle(e).fontSize));
    return {Width: d.documentElement.scrollWidth, Letters: Math.min(...sizes), Language: d.documentElement.lang,
      Titles: d.querySelectorAll("h1").length, Loaded: w.performance.getEntriesByType("resource").length,
      Ink: w.getComputedStyle(d.querySelector("p")).color};
  });
  document.body.replaceChildren();
  document.body.textContent = JSON.stringify(all);
});
</script>`

// TestGoldenNoticesInChromium opens every golden notice on the smallest screen,
// in light and in dark.
func TestGoldenNoticesInChromium(t *testing.T) {
	notWhenShort(t)
	chromium := service.Need(t, "chromium")
	files := goldenFiles(t, "*.html")
	var page strings.Builder
	page.WriteString(measure)
	for _, f := range files {
		b, err := os.ReadFile(f) //nolint:gosec // a golden file
		if err != nil {
			t.Fatal(err)
		}
		page.WriteString(`<iframe style="width:320px;height:480px;border:0" srcdoc="` + html.EscapeString(string(b)) + "\"></iframe>\n")
	}
	path := filepath.Join(t.TempDir(), "measure.html")
	if err := os.WriteFile(path, []byte(page.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, scheme := range []struct{ name, flag, ink string }{
		{"light", "1", "rgb(0, 0, 0)"}, {"dark", "0", "rgb(255, 255, 255)"},
	} {
		t.Run(scheme.name, func(t *testing.T) {
			all := lookAt(t, chromium, path, scheme.flag)
			if len(all) != len(files) {
				t.Fatalf("%d of %d notices", len(all), len(files))
			}
			for i, l := range all {
				checkLooks(t, files[i], &l, scheme.ink)
			}
		})
	}
}

func checkLooks(t *testing.T, file string, l *looks, ink string) {
	t.Helper()
	language := strings.Split(filepath.Base(file), "-")[1]
	if l.Width > narrow || l.Letters < smallest || l.Language != language || l.Titles != 1 || l.Loaded != 0 || l.Ink != ink {
		t.Errorf("%s: %+v", file, *l)
	}
}

var body = regexp.MustCompile(`(?s)<body[^>]*>(.*)</body>`)

// lookAt has Chromium open a page that measures and prints what it found.
func lookAt(t *testing.T, chromium, path, scheme string) []looks {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), chromium, "--headless", "--no-sandbox", "--disable-gpu", //nolint:gosec // a page of ours
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
		"--user-data-dir="+t.TempDir(), "--blink-settings=preferredColorScheme="+scheme,
		"--virtual-time-budget=10000", "--dump-dom", "file://"+path)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	found := body.FindSubmatch(out)
	if found == nil {
		t.Fatalf("no page: %.500s", out)
	}
	var all []looks
	if err := json.Unmarshal([]byte(html.UnescapeString(string(found[1]))), &all); err != nil {
		t.Fatalf("%v: %.500s", err, found[1])
	}
	return all
}
