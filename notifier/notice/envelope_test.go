package notice

import "testing"

func TestWireAddress(t *testing.T) {
	for in, want := range map[string]string{
		"hans@example.com":       "hans@example.com",
		"hans@müller.example":    "hans@xn--mller-kva.example",
		"Hans@MÜLLER.example":    "Hans@xn--mller-kva.example",
		"jörg@müller.example":    "jörg@müller.example", // needs SMTPUTF8 whatever its domain
		"jörg@example.com":       "jörg@example.com",
		"no address":             "no address",
		"x@" + "\u200d" + ".com": "x@" + "\u200d" + ".com", // no domain in either form
		"taro@example.c\x85m":    "taro@example.c\x85m",    // no UTF-8: never made into another domain
	} {
		if got := wireAddress(in); got != want {
			t.Errorf("wireAddress(%q) = %q, want %q", in, got, want)
		}
	}
}
