package relay

import (
	"bytes"
	"time"
)

// finalDot ends a message (RFC 5321, 4.1.1.4). The CRLF in front of it is the
// end of the message's last line.
const finalDot = ".\r\n"

// graceReply is how long a relay that broke off the content, or spoke before it,
// is listened to.
const graceReply = time.Second

// appendDotStuffed appends content and the final dot to b. A dot at the
// beginning of a line is doubled (RFC 5321, 4.5.2); so is one behind a bare LF,
// which some relays take for a line's end, so that no content can end the
// message early. A missing CRLF at the end is added.
func appendDotStuffed(b, content []byte) []byte {
	if len(content) > 0 && content[0] == '.' {
		b = append(b, '.')
	}
	for {
		i := bytes.Index(content, []byte("\n."))
		if i < 0 {
			break
		}
		b = append(b, content[:i+2]...)
		b = append(b, '.')
		content = content[i+2:]
	}
	b = append(b, content...)
	if !bytes.HasSuffix(b, []byte("\r\n")) {
		b = append(b, '\r', '\n')
	}
	return append(b, finalDot...)
}

// content sends the message, behind it the envelope that flies with it, and
// reads the reply to the dot.
func (d *delivery) content(body []byte) {
	d.buf = appendDotStuffed(d.buf[:0], body)
	tail := len(finalDot) // what stands from the dot on
	if d.flown != nil {
		end := len(d.buf)
		d.buf = d.appendCommands(d.buf, atMail|atRcpt|atData, &d.flown.Envelope)
		tail += len(d.buf) - end
	}
	unsent, err := d.write(d.buf)
	stoppedShort := err != nil && d.conn.short && unsent >= tail
	wait := d.config.Timeouts.Final
	if stoppedShort {
		wait = min(wait, graceReply)
	} else {
		d.messages++
	}
	r, readErr := d.readReply(wait)
	switch {
	case readErr != nil && err != nil:
		d.silence(classifySilence(atDot, stoppedShort), d.reason(err))
	case readErr != nil:
		d.silence(classifySilence(atDot, false), d.reason(readErr))
	case stoppedShort && r.class() == 2:
		d.silence(unknown, "the relay said yes to half a message") // there is no such yes
	case d.flown != nil && d.replyMissing():
		d.silence(unknown, errMissing.Error())
		d.drop()
	default:
		d.decide(atDot, r)
	}
	if err != nil || readErr != nil || r.code == 421 || r.class() == 3 {
		d.drop()
	}
}

// write sends b in one Write, and returns how many of its bytes the connection
// did not take.
//
// It is one Write because the bufio.Writer of Text is empty before, hands what
// is larger than itself straight on, and what is smaller on Flush. Either way
// what it did not hand on can be counted.
//
// A write proves that the relay has not seen the message's end when two things
// hold. The raw connection below TLS took less than it was given (conn.short):
// the kernel was never handed those bytes, and there is no later write that
// could. And of b at least the final dot, its CRLF and the envelope behind it,
// if one flies, are unsent: a relay that is lenient about line ends could act on
// a dot. In the clear both count the same bytes. With TLS the unsent bytes are
// those of records not wholly written, and half a record can be neither
// decrypted nor trusted by anyone; one that holds the dot and what follows it
// is unsent as a whole. Any other failure, like a whole write that reports an
// error, proves nothing.
func (s *Session) write(b []byte) (unsent int, err error) {
	out := s.client.Text.W
	s.arm(s.config.Timeouts.Command)
	s.conn.short = false
	n, err := out.Write(b)
	if err == nil {
		err = out.Flush()
	}
	return len(b) - n + out.Buffered(), err
}
