//go:build !unix

package atomicfile

// syncDir does nothing where directories cannot be flushed.
func syncDir(string) error { return nil }
