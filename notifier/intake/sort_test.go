package intake

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Whatever the keys and however little memory there is, the records come out in
// the order of their keys, and those of one key as they came.
func TestSorter(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		s := newSorter(dir, 0, rapid.SampledFrom([]int{100, 400, 1 << 20}).Draw(t, "memory"))
		defer s.spill.close()
		var want []judged
		for i := range rapid.IntRange(0, 120).Draw(t, "rows") {
			j := judged{ordinal: int64(i), name: rapid.StringN(0, 30, -1).Draw(t, "name")}
			// Few different bytes, so that keys share long beginnings.
			for k := range j.key {
				j.key[k] = rapid.SampledFrom([]byte{0, 0, 0, 0, 0, 0, 0, 255}).Draw(t, "byte")
			}
			record, _ := j.encode(nil)
			if err := s.add(&j.key, record); err != nil {
				t.Fatal(err)
			}
			want = append(want, j)
		}
		slices.SortFunc(want, func(a, b judged) int {
			return cmp.Or(bytes.Compare(a.key[:], b.key[:]), cmp.Compare(a.ordinal, b.ordinal))
		})
		n := 0
		for record, err := range s.sorted(context.Background()) {
			var j judged
			if err != nil || j.decode(record, 0) != nil {
				t.Fatal(err)
			}
			if n == len(want) || j.key != want[n].key || j.ordinal != want[n].ordinal || j.name != want[n].name {
				t.Fatalf("row %d is the one with the ordinal %d", n, j.ordinal)
			}
			n++
		}
		if n != len(want) {
			t.Fatalf("%d rows, want %d", n, len(want))
		}
	})
	if files, _ := os.ReadDir(dir); len(files) > 0 {
		t.Errorf("%s is left", files[0].Name())
	}
}

// A part that is all one person goes out without being held in memory, and
// beside others it is parted from them.
func TestSorterOnePerson(t *testing.T) {
	for _, others := range []int{0, 3} {
		s := newSorter(t.TempDir(), 0, 4096)
		defer s.spill.close()
		const rows = 500
		for i := range rows {
			j := judged{ordinal: int64(i), number: fmt.Sprint(i)}
			if others > 0 && i%100 == 99 {
				j.key[5] = byte(i % others)
			}
			record, _ := j.encode(nil)
			if err := s.add(&j.key, record); err != nil {
				t.Fatal(err)
			}
		}
		n := 0
		var before judged
		for record, err := range s.sorted(context.Background()) {
			var j judged
			if err != nil || j.decode(record, 0) != nil {
				t.Fatal(err)
			}
			if n > 0 && cmp.Or(bytes.Compare(before.key[:], j.key[:]), cmp.Compare(before.ordinal, j.ordinal)) >= 0 {
				t.Fatalf("%d stands before %d", before.ordinal, j.ordinal)
			}
			before = j
			n++
		}
		if n != rows {
			t.Errorf("%d rows, want %d", n, rows)
		}
	}
}

// A file that was changed behind our back is an error and not another person.
func TestSorterDamage(t *testing.T) {
	s := newSorter(t.TempDir(), 0, 64)
	defer s.spill.close()
	for i := range 4 {
		j := judged{ordinal: int64(i)}
		record, _ := j.encode(nil)
		if err := s.add(&j.key, record); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.spill.file.Truncate(0); err != nil {
		t.Fatal(err)
	}
	var last error
	for _, last = range s.sorted(context.Background()) {
	}
	if last == nil {
		t.Error("no error")
	}
}
