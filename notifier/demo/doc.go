// Package demo tells the whole story on made-up accounts, against a relay
// inside the program.
package demo
