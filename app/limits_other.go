//go:build !linux

package app

// ask knows nothing about other systems.
func (m *machine) ask(string) {}

func memoryLimit(string, string, string) uint64 { return 0 }
