package report

import "testing"

func TestNumber(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 12345: "12,345", 2000000: "2,000,000", -1000: "-1,000", -100: "-100"} {
		if got := Number(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}

func TestShare(t *testing.T) {
	for _, c := range []struct {
		part, total int64
		want        string
	}{
		{0, 0, "0.0%"}, {0, 5, "0.0%"}, {5, 5, "100.0%"}, {1, 3, "33.3%"}, {1, 1000, "0.1%"},
		{1, 1001, "<0.1%"}, {999, 1000, "99.9%"}, {1_999_999, 2_000_000, ">99.9%"},
	} {
		if got := share(c.part, c.total); got != c.want {
			t.Errorf("%d of %d: got %s, want %s", c.part, c.total, got, c.want)
		}
	}
}
