package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"breachmail/notifier/campaign"
)

// number writes n with thousands separators.
func number(n int64) string { return campaign.Number(n) }

// padded writes n as wide as ten million.
func padded(n int64) string { return fmt.Sprintf("%10s", number(n)) }

// cut shortens s to n characters.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// many writes n with the word for one or for several.
func many(n int64, one, several string) string { return campaign.Many(n, one, several) }

// about says how long d is, as exactly as anybody needs it.
func about(d time.Duration) string {
	d = d.Round(time.Second)
	minutes := int64(d.Round(time.Minute) / time.Minute)
	switch {
	case d < time.Minute:
		return many(int64(d/time.Second), "second", "seconds")
	case minutes < 60:
		return many(minutes, "minute", "minutes")
	case minutes < 48*60:
		return join(many(minutes/60, "hour", "hours"), minutes%60, "minute", "minutes")
	}
	hours := (minutes + 30) / 60
	return join(many(hours/24, "day", "days"), hours%24, "hour", "hours")
}

func join(whole string, rest int64, one, several string) string {
	if rest == 0 {
		return whole
	}
	return whole + " " + many(rest, one, several)
}

// printList prints names, each with what is said of it.
func printList(w io.Writer, lines [][2]string) {
	width := 0
	for _, l := range lines {
		width = max(width, utf8.RuneCountInString(l[0]))
	}
	for _, l := range lines {
		fmt.Fprintf(w, "  %-*s  %s\n", width, l[0], l[1])
	}
}

// printTable prints rows under their heads: the second column and numbers
// right, the others left.
func printTable(w io.Writer, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			fill := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 1 {
				line.WriteString("  " + fill + cell)
			} else {
				line.WriteString("  " + cell + fill)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
	fmt.Fprintln(w)
}
