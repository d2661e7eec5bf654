package sqlite_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// image is what a directory's files hold after a crash.
type image map[string][]byte

// put writes the image into a directory.
func (im image) put(dir string) error {
	for name, data := range im {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// content is one file: what programs see of it, what the disk is sure to hold,
// and what leads from the one to the other.
type content struct {
	seen, kept []byte
	pending    []event
}

// platter replays the events of a disk.
type platter struct {
	seen, kept map[string]*content // the directory, likewise
}

func newPlatter(base image) *platter {
	p := &platter{map[string]*content{}, map[string]*content{}}
	for name, data := range base {
		c := &content{seen: bytes.Clone(data), kept: bytes.Clone(data)}
		p.seen[name], p.kept[name] = c, c
	}
	return p
}

func (p *platter) apply(e event) {
	switch c := p.seen[e.file]; e.kind {
	case eventCreate:
		p.seen[e.file] = new(content)
	case eventDelete:
		delete(p.seen, e.file)
	case eventWrite, eventTruncate:
		c.seen = e.on(c.seen)
		c.pending = append(c.pending, e)
	case eventSync:
		if !e.lost {
			for _, w := range c.pending {
				c.kept = w.on(c.kept)
			}
		}
		c.pending = nil
	}
	if e.flush {
		clear(p.kept)
		for name, c := range p.seen {
			p.kept[name] = c
		}
	}
}

// on returns b with a write or a truncation done to it.
func (e event) on(b []byte) []byte {
	end := e.off + int64(len(e.data))
	if n := end - int64(len(b)); n > 0 {
		b = append(b, make([]byte, n)...)
	}
	if e.kind == eventTruncate {
		return b[:e.off]
	}
	copy(b[e.off:], e.data)
	return b
}

// all is the image when everything reached the disk: the process was killed.
func (p *platter) all() image {
	im := image{}
	for name, c := range p.seen {
		im[name] = bytes.Clone(c.seen)
	}
	return im
}

// none is the image when nothing reached it that was not synced.
func (p *platter) none() image {
	im := image{}
	for name, c := range p.kept {
		im[name] = bytes.Clone(c.kept)
	}
	return im
}

// torn is all, and of one write more the first part: whole sectors, or for a
// write within a sector, and now and then, any number of bytes.
func (p *platter) torn(e event, random *rand.Rand) image {
	im := p.all()
	n := random.IntN(len(e.data))
	if len(e.data) > sector && random.IntN(4) > 0 {
		n -= n % sector
	}
	e.data = e.data[:n]
	im[e.file] = e.on(im[e.file])
	return im
}

const sector = 512

// some is the image when any of the sectors reached it that were not synced,
// those of next among them.
func (p *platter) some(next event, random *rand.Rand) image {
	im := image{}
	for _, name := range p.names() {
		c := p.kept[name]
		if random.IntN(2) == 0 {
			c = p.seen[name]
		}
		if c == nil {
			continue
		}
		b := bytes.Clone(c.kept)
		writes := c.pending
		if next.file == name && c == p.seen[name] && (next.kind == eventWrite || next.kind == eventTruncate) {
			writes = append(slices.Clip(writes), next)
		}
		often := 1 + random.IntN(4) // between nearly none and nearly all
		for _, w := range writes {
			b = w.sectorsOn(b, func() bool { return random.IntN(5) < often })
		}
		im[name] = b
	}
	return im
}

func (p *platter) names() []string {
	var list []string
	for name := range p.seen {
		list = append(list, name)
	}
	for name := range p.kept {
		if p.seen[name] == nil {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// sectorsOn is on for those sectors of a write that keep takes.
func (e event) sectorsOn(b []byte, keep func() bool) []byte {
	if e.kind == eventTruncate {
		if keep() {
			b = e.on(b)
		}
		return b
	}
	for from := 0; from < len(e.data); {
		to := min(len(e.data), from+sector-int(e.off+int64(from))%sector)
		if keep() {
			b = event{kind: eventWrite, off: e.off + int64(from), data: e.data[from:to]}.on(b)
		}
		from = to
	}
	return b
}
