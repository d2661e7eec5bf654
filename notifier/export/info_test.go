package export

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"breachmail/notifier/internal/unpack"
)

func TestColumnsRead(t *testing.T) {
	for _, c := range []struct {
		header string
		opts   Options
		want   []Column
	}{
		{"Full Name,ZIP,tel,E-Mail,BAN,type,ann@example.com,Store #", Options{Extra: map[string]string{"shop": "Store #", "mail": "E-Mail"}}, []Column{
			{"Full Name", "name"}, {"ZIP", "zip"}, {"tel", "phone"}, {"E-Mail", "email, extra: mail"},
			{"BAN", "account_number"}, {"type", "account_type"}, {"", ""}, {"Store #", "extra: shop"},
		}},
		{"name,zip,phone,email,account_number,account_type,language,file,line,field,reason,original", Options{}, []Column{
			{"name", "name"}, {"zip", "zip"}, {"phone", "phone"}, {"email", "email"}, {"account_number", "account_number"},
			{"account_type", "account_type"}, {"language", "language"}, {"file", "file"}, {"line", "line"}, {"field", ""}, {"reason", ""}, {"original", "original"},
		}},
	} {
		r, err := newReader("east.csv", strings.NewReader(c.header+"\n"), c.opts)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Info().Columns; !reflect.DeepEqual(got, c.want) {
			t.Errorf("got %v, want %v", got, c.want)
		}
	}
	l, err := newList("list.csv", strings.NewReader("ann@example.com\n"), Options{})
	if err != nil || !reflect.DeepEqual(l.Info().Columns, []Column{{"", "email or account_number"}}) {
		t.Error(l.Info().Columns, err)
	}
}

// A packed file says how it is packed, and where it is cut off.
func TestPacked(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(head + strings.Repeat("A,1,2,3,4,5\n", 100))); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "east.csv.gz")
	file := unpack.File{Name: "east.csv.gz", Path: path}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Open(file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := rest(t, r); len(got) != 100 {
		t.Error(len(got))
	}
	if got := r.Info().Packing; len(got) != 1 || got[0] != "gzip" || r.Offset() != int64(b.Len()) || r.Size() != int64(b.Len()) {
		t.Error(got, r.Offset(), r.Size())
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(path, b.Bytes()[:b.Len()-4], 0o600); err != nil {
		t.Fatal(err)
	}
	if r, err = Open(file, Options{}); err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, _, err = r.Next()
	}
	if !errors.Is(err, unpack.ErrTruncated) || !strings.HasSuffix(err.Error(), "; reading stopped at line 102") || strings.Count(err.Error(), file.Name) != 1 {
		t.Error(err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}
