package bounce

import (
	"bytes"
	"time"
)

// clock reads the times in logs.
type clock struct {
	loc *time.Location
	now time.Time

	last   [classicLength]byte // the time last read without a year, and what it was
	lastAt time.Time
}

func newClock(o Options) *clock {
	c := &clock{loc: o.Location, now: o.Now}
	if c.loc == nil {
		c.loc = time.UTC
	}
	return c
}

const (
	classicLength = len("Aug 24 15:04:05")
	dateLength    = len("2006-01-02")
	clockLength   = len("15:04:05")
	months        = "JanFebMarAprMayJunJulAugSepOctNovDec"
)

// syslog reads the time that a syslog line begins with, RFC 3339 or classic,
// and returns what stands behind it.
func (c *clock) syslog(b []byte) (at time.Time, rest []byte, ok bool) {
	if len(b) > 0 && b[0] >= '0' && b[0] <= '9' {
		return c.dated(b, 'T')
	}
	return c.classic(b)
}

// classic reads "Aug 24 15:04:05" (RFC 3164, 4.1.2).
func (c *clock) classic(b []byte) (time.Time, []byte, bool) {
	if len(b) < classicLength {
		return time.Time{}, nil, false
	}
	text, rest := b[:classicLength], b[classicLength:]
	if bytes.Equal(text, c.last[:]) {
		return c.lastAt, rest, true
	}
	month := bytes.Index([]byte(months), text[:3])
	day, dayOK := number(bytes.TrimLeft(text[4:6], " "))
	seconds, timeOK := ofDay(text[7:])
	if month < 0 || month%3 != 0 || text[3] != ' ' || text[6] != ' ' || !dayOK || !timeOK {
		return time.Time{}, nil, false
	}
	at, ok := c.year(time.Month(month/3+1), day, seconds)
	if ok {
		copy(c.last[:], text)
		c.lastAt = at
	}
	return at, rest, ok
}

// year finds the year of a time without one. February 29th may be eight years
// back.
func (c *clock) year(month time.Month, day, seconds int) (time.Time, bool) {
	latest := c.now.Add(24 * time.Hour)
	for year := latest.In(c.loc).Year(); year >= latest.Year()-9; year-- {
		at := time.Date(year, month, day, 0, 0, seconds, 0, c.loc)
		if !at.After(latest) && time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Day() == day {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}

// dated reads "2018-08-24T15:04:05.123456+02:00", with between in place of the
// T, and with or without fraction and zone. A zone may stand behind a space.
func (c *clock) dated(b []byte, between byte) (time.Time, []byte, bool) {
	if len(b) < dateLength+1+clockLength || b[4] != '-' || b[7] != '-' || b[dateLength] != between {
		return time.Time{}, nil, false
	}
	year, yearOK := number(b[:4])
	month, monthOK := number(b[5:7])
	day, dayOK := number(b[8:10])
	seconds, timeOK := ofDay(b[dateLength+1:])
	if !yearOK || !monthOK || !dayOK || !timeOK || month < 1 || month > 12 || day < 1 || day > 31 {
		return time.Time{}, nil, false
	}
	nanos, rest := fraction(b[dateLength+1+clockLength:])
	offset, rest, zoned := zone(rest)
	loc := c.loc
	if zoned {
		loc = time.UTC
	}
	at := time.Date(year, time.Month(month), day, 0, 0, seconds, nanos, loc)
	return at.Add(-offset).UTC(), rest, true
}

// ofDay reads "15:04:05" as seconds.
func ofDay(b []byte) (int, bool) {
	if len(b) < clockLength || b[2] != ':' || b[5] != ':' {
		return 0, false
	}
	h, hOK := number(b[:2])
	m, mOK := number(b[3:5])
	s, sOK := number(b[6:8])
	return h*3600 + m*60 + s, hOK && mOK && sOK && h < 24 && m < 60 && s <= 60
}

// fraction reads ".123", with '.' or ',', as nanoseconds.
func fraction(b []byte) (nanos int, rest []byte) {
	if len(b) == 0 || b[0] != '.' && b[0] != ',' {
		return 0, b
	}
	i, unit := 1, int(time.Second)
	for ; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
		unit /= 10
		nanos += int(b[i]-'0') * unit
	}
	return nanos, b[i:]
}

// zone reads Z, +02:00 or +0200.
func zone(b []byte) (offset time.Duration, rest []byte, ok bool) {
	z := bytes.TrimPrefix(b, []byte(" "))
	switch {
	case len(z) == 0:
		return 0, b, false
	case z[0] == 'Z' && len(z) == len(b):
		return 0, z[1:], true
	case z[0] != '+' && z[0] != '-' || len(z) < 5:
		return 0, b, false
	}
	minutes := z[3:]
	if minutes[0] == ':' {
		minutes = minutes[1:]
	}
	if len(minutes) < 2 {
		return 0, b, false
	}
	h, hOK := number(z[1:3])
	m, mOK := number(minutes[:2])
	if !hOK || !mOK {
		return 0, b, false
	}
	offset = time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	if z[0] == '-' {
		offset = -offset
	}
	return offset, minutes[2:], true
}

// number reads a few digits and nothing else.
func number(b []byte) (n int, ok bool) {
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(b) > 0 && len(b) < 10
}
