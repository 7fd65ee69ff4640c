//go:build !linux

package app

// ask knows nothing about other systems.
func (m *machine) ask(string) {}

func systemMemory() uint64 { return 0 }
