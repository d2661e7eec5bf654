// Package report turns what a campaign holds into tables, pictures and lists
// that people read.
//
// Its types are plain values, filled by package campaign; its pages are single
// files without scripts or anything remote, that open from a disk.
package report
