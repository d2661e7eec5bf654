package sqlite

import (
	"errors"
	"strconv"
	"strings"

	"breachmail/notifier"
)

// encodeAccounts writes accounts as lines of type and number, readable in SQL.
func encodeAccounts(accounts []notifier.Held) string {
	var b strings.Builder
	for i, a := range accounts {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(string(a.Type))
		b.WriteByte(' ')
		b.WriteString(a.Number.Reveal())
	}
	return b.String()
}

func decodeAccounts(s string) ([]notifier.Held, error) {
	if s == "" {
		return nil, nil
	}
	list := make([]notifier.Held, 0, strings.Count(s, "\n")+1)
	for line := range strings.SplitSeq(s, "\n") {
		kind, number, ok := strings.Cut(line, " ")
		if !ok {
			return nil, errors.New("its accounts cannot be read")
		}
		list = append(list, notifier.Held{Type: notifier.AccountType(kind), Number: notifier.NewAccountNumber(number)})
	}
	return list, nil
}

// extraOrNull writes extra columns as name, text, name, text, …, each behind
// its length in bytes and a colon, because a text may hold any character:
// "4:plan7:Premium". None at all is NULL.
func extraOrNull(extra []notifier.Extra) any {
	if len(extra) == 0 {
		return nil
	}
	var b []byte
	for _, e := range extra {
		for _, s := range [...]string{e.Name, e.Text.Reveal()} {
			b = strconv.AppendInt(b, int64(len(s)), 10)
			b = append(append(b, ':'), s...)
		}
	}
	return string(b)
}

func decodeExtra(s string) ([]notifier.Extra, error) {
	var list []notifier.Extra
	for s != "" {
		name, rest, ok := cutCounted(s)
		text, rest, also := cutCounted(rest)
		if !ok || !also {
			return nil, errors.New("its extra columns cannot be read")
		}
		list = append(list, notifier.Extra{Name: name, Text: notifier.NewCell(text)})
		s = rest
	}
	return list, nil
}

// cutCounted cuts off the first text and returns what follows it.
func cutCounted(s string) (text, rest string, ok bool) {
	count, rest, ok := strings.Cut(s, ":")
	n, err := strconv.Atoi(count)
	if !ok || err != nil || n < 0 || n > len(rest) || strconv.Itoa(n) != count {
		return "", "", false
	}
	return rest[:n], rest[n:], true
}
