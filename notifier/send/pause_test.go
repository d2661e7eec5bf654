package send

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestALongPauseIsLookedAtAnew: a limit holds everything up for an hour, and half
// an hour later somebody has just looked whether it still does, and said so.
func TestALongPauseIsLookedAtAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"rest": 10}, "rest")
		o := options(&desk{t: t}, 2, 5, Wave{Name: "rest"})
		o.Pace.PerHour = 5
		o.Progress = new(Progress)
		ctx, cancel := context.WithTimeout(bg, 30*time.Minute)
		defer cancel()
		if _, err := Run(ctx, bg, b, b, paper{}, o); err != nil {
			t.Fatal(err)
		}
		n := o.Progress.Counts()
		if ago := time.Since(n.TroubleAt); n.Accepted != 5 || ago > longPause || !strings.HasPrefix(n.Trouble, "limits.per_hour allows no more until") {
			t.Errorf("%d were accepted; %v ago it said %q", n.Accepted, ago, n.Trouble)
		}
	})
}
