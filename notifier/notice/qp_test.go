package notice

import (
	"bytes"
	"mime/quotedprintable"
	"strings"
	"testing"
)

func FuzzQP(f *testing.F) {
	for _, s := range []string{
		"", "\n", " ", "plain", "a=b", "Zoë\n", "trailing \nblank\t\n",
		strings.Repeat("x", 74) + " ", strings.Repeat("x", 75) + " ", strings.Repeat("x", 76) + " \n",
		strings.Repeat("é", 60), strings.Repeat("x", 73) + "é", strings.Repeat(" ", 80),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, s []byte) {
		s = bytes.ReplaceAll(s, []byte("\r"), nil)
		var want bytes.Buffer
		w := quotedprintable.NewWriter(&want)
		if _, err := w.Write(s); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if got := appendQP(nil, s); !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%q\n got %q\nwant %q", s, got, want.Bytes())
		}
	})
}
