package relay

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"syscall"
	"time"
)

const (
	maxLines = 128  // of one reply
	maxText  = 4096 // bytes kept of one reply; further lines are read and left out
)

// errMalformed says that what the relay sent is no SMTP reply.
var errMalformed = errors.New("malformed reply")

// errTurn says that the relay sent a reply that nothing was asked for.
var errTurn = errors.New("the relay spoke out of turn")

// errMissing says that the relay left a reply out.
var errMissing = errors.New("the relay left a reply out")

// reply is one reply of the relay (RFC 5321, 4.2).
type reply struct {
	code     int
	enhanced string // RFC 3463; empty where there was none
	text     []byte // without codes, lines joined by LF; good until the next reply is read
}

func (r reply) class() int { return r.code / 100 }

// readReply reads one reply within d, which is for the whole of it however
// slowly it drips in. A malformed one is errMalformed: where it ends is then
// unknown, and with it the step the session is at.
func (s *Session) readReply(d time.Duration) (reply, error) {
	in := s.client.Text.R
	if ahead, _ := in.Peek(in.Buffered()); !wholeReply(ahead) {
		s.arm(d)
	}
	var r reply
	s.text = s.text[:0]
	for n := range maxLines {
		line, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return r, errMalformed
		}
		if err != nil {
			return r, err
		}
		code, more, text := parseLine(line)
		if code == 0 || n > 0 && code != r.code {
			return r, errMalformed
		}
		r.code = code
		s.keep(&r, text, n)
		if !more {
			r.text = s.text
			return r, nil
		}
	}
	return r, errMalformed
}

// cutReply cuts the first reply, if it is there to its end, off what was read.
// The code is 0 where it is not, or is malformed.
func cutReply(ahead []byte) (code int, rest []byte) {
	for {
		end := bytes.IndexByte(ahead, '\n') + 1
		code, more, _ := parseLine(ahead[:end])
		if code == 0 || !more {
			return code, ahead[end:]
		}
		ahead = ahead[end:]
	}
}

func wholeReply(ahead []byte) bool {
	code, _ := cutReply(ahead)
	return code != 0
}

// replyMissing reports whether what was read with the reply to the dot shows
// that this was none: the 354 for the envelope that flew is the third reply
// behind it. Found sooner, one is missing, and what was taken for the dot's is
// that of MAIL. A relay that leaves one out and says the rest later is found
// out only when the 354 answers RCPT, before any content leaves.
func (s *Session) replyMissing() bool {
	ahead, _ := s.client.Text.R.Peek(s.client.Text.R.Buffered())
	for range 2 {
		code, rest := cutReply(ahead)
		if code == 354 {
			return true
		}
		ahead = rest
	}
	return false
}

// keep adds line n to the reply, without its enhanced code. A line that has no
// room is left out as a whole, so that nothing in it is cut in two.
func (s *Session) keep(r *reply, line []byte, n int) {
	enhanced, text := cutEnhanced(r.code, line)
	if n == 0 {
		r.enhanced = enhanced
	}
	if enhanced != r.enhanced {
		text = line
	}
	if len(s.text)+1+len(text) > maxText {
		return
	}
	if n > 0 {
		s.text = append(s.text, '\n')
	}
	s.text = append(s.text, text...)
}

// parseLine takes a line of a reply apart: "250-text" or "250 text", or a bare
// "250" (RFC 5321, 4.2.1). The code is 0 when it is no such line.
func parseLine(line []byte) (code int, more bool, text []byte) {
	line = bytes.TrimSuffix(line, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	if len(line) < 3 || line[0] < '2' || line[0] > '5' || !digit(line[1]) || !digit(line[2]) {
		return 0, false, nil
	}
	code = int(line[0]-'0')*100 + int(line[1]-'0')*10 + int(line[2]-'0')
	switch {
	case len(line) == 3:
		return code, false, nil
	case line[3] == ' ' || line[3] == '-':
		return code, line[3] == '-', line[4:]
	}
	return 0, false, nil
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// cutEnhanced cuts the enhanced status code (RFC 3463, 2) from the front of a
// reply's text. One whose class is not that of the reply's code is none
// (RFC 2034, 4).
func cutEnhanced(code int, text []byte) (enhanced string, rest []byte) {
	end := bytes.IndexAny(text, " \t\n")
	if end < 0 {
		end = len(text)
	}
	status := text[:end]
	class, detail, _ := bytes.Cut(status, []byte("."))
	subject, detail, ok := bytes.Cut(detail, []byte("."))
	if !ok || len(class) != 1 || int(class[0]-'0') != code/100 || !number(subject) || !number(detail) {
		return "", text
	}
	return intern(status), bytes.TrimLeft(text[end:], " \t")
}

// number reports whether b is one to three digits.
func number(b []byte) bool {
	for _, c := range b {
		if !digit(c) {
			return false
		}
	}
	return 1 <= len(b) && len(b) <= 3
}

// intern returns b as a string, without allocating for the most frequent.
func intern(b []byte) string {
	switch string(b) {
	case "2.0.0":
		return "2.0.0"
	case "2.1.0":
		return "2.1.0"
	case "2.1.5":
		return "2.1.5"
	case "2.6.0":
		return "2.6.0"
	}
	return string(b)
}

// reason says in a few words, and without addresses, why no reply was read.
func (s *Session) reason(err error) string {
	var network net.Error
	switch {
	case s.conn.isCut():
		return "stopped while waiting"
	case errors.Is(err, errMalformed), errors.Is(err, errTurn), errors.Is(err, errTalkative):
		return err.Error()
	case errors.As(err, &network) && network.Timeout():
		return noReply
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "connection closed by the relay"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "connection reset by the relay"
	}
	return "connection lost"
}
