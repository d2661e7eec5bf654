package send

import (
	"sync"
	"time"
)

// claims are those on their way to the disk, the oldest first: the ledger writes
// them in the order in which they come. While it is late nobody is let through:
// whoever has a token by then waits for the disk, and all would leave at once
// when that comes back.
type claims struct {
	mu    sync.Mutex
	since []time.Time
}

// tooLate is how long a claim may take. A disk that is merely slow needs less.
const tooLate = 250 * time.Millisecond

// queued notes that a claim is on its way.
func (c *claims) queued(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.since = append(c.since, at)
}

// written notes that the oldest claim is durable, or failed.
func (c *claims) written() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.since) > 0 {
		c.since = c.since[1:]
	}
}

// late reports whether the oldest claim takes too long.
func (c *claims) late(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.since) > 0 && now.Sub(c.since[0]) > tooLate
}
