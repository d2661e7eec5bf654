package bundle

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var variable = regexp.MustCompile(`--([a-z]+):#([0-9a-f]{6})`)

// palettes are the colors of the page, in light and in dark.
func palettes(t *testing.T) map[string]map[string]string {
	t.Helper()
	light, rest, ok := strings.Cut(style, "@media (prefers-color-scheme:dark)")
	dark, _, _ := strings.Cut(rest, "*{box-sizing")
	if !ok {
		t.Fatal("the style has no dark colors")
	}
	out := map[string]map[string]string{}
	for name, s := range map[string]string{"light": light, "dark": dark} {
		out[name] = map[string]string{}
		for _, m := range variable.FindAllStringSubmatch(s, -1) {
			out[name][m[1]] = m[2]
		}
	}
	return out
}

// TestContrast: text reaches 4.5 to 1 and the edges of controls 3 to 1 (WCAG
// 2.2, 1.4.3 and 1.4.11), in light and in dark.
func TestContrast(t *testing.T) {
	for name, colors := range palettes(t) {
		for _, c := range []struct {
			front, behind string
			least         float64
		}{
			{"ink", "paper", 7}, {"ink", "wash", 7}, {"ink", "warnwash", 7}, {"ink", "goodwash", 7},
			{"soft", "paper", 4.5}, {"soft", "wash", 4.5}, {"soft", "warnwash", 4.5},
			{"mark", "paper", 4.5}, {"mark", "wash", 4.5}, {"mark", "warnwash", 4.5}, {"paper", "mark", 4.5},
			{"warn", "paper", 4.5}, {"warn", "wash", 4.5}, {"warn", "warnwash", 4.5},
			{"good", "paper", 4.5}, {"good", "goodwash", 4.5}, {"gone", "paper", 4.5}, {"gone", "gonewash", 4.5},
			{"edge", "paper", 3}, {"edge", "wash", 3},
		} {
			front, behind := colors[c.front], colors[c.behind]
			if front == "" || behind == "" {
				t.Fatalf("%s: no color %s or %s", name, c.front, c.behind)
			}
			if got := contrast(t, front, behind); got < c.least {
				t.Errorf("%s: %s on %s is %.2f to 1, less than %v", name, c.front, c.behind, got, c.least)
			}
		}
	}
	if got := contrast(t, "000000", "ffffff"); math.Abs(got-21) > 0.01 {
		t.Errorf("black on white is %v", got)
	}
}

// contrast is that of WCAG 2.2, from 1 to 21.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, color string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(color[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
