package bounce

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestArrived holds which lines are said to be written about every message that
// a relay takes: by these alone a log shows that it is complete.
func TestArrived(t *testing.T) {
	marks := map[Format][]byte{
		Postfix: []byte("(queue active)"), Journal: []byte("(queue active)"), Exim: []byte(" <= "),
		SES: []byte(`"Send"`), SendGrid: []byte(`"processed"`), Table: []byte("accepted"),
	}
	found := map[Format]int{}
	for _, path := range samples(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := bytes.Split(text, []byte("\n"))
		var facts []Fact
		sum, err := Read(t.Context(), []Log{logFile(t, path)}, everyone(), func(f Fact) error {
			facts = append(facts, f)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		format := sum.Logs[0].Format
		for _, f := range facts {
			line := lines[f.Source.Line-1]
			if bytes.HasSuffix(line, []byte("{")) { // the object goes over several lines
				line, _, _ = bytes.Cut(bytes.Join(lines[f.Source.Line-1:], nil), []byte("}"))
			}
			if want := bytes.Contains(line, marks[format]); f.Arrived != want {
				t.Errorf("%s:%d: arrived: %v, want %v: %s", filepath.Base(path), f.Source.Line, f.Arrived, want, line)
			}
			if f.Arrived {
				found[format]++
			}
		}
	}
	for format := range marks {
		if found[format] == 0 {
			t.Errorf("%s: nothing arrived", format)
		}
	}
}
