//go:build !linux

package schedule

// Quietly runs work. Only Linux gives a thread a priority of its own.
func Quietly(work func()) { work() }
