package replica

// SameDisk reports whether two folders, the second of which may not be there
// yet, lie on the same disk, as far as the system can tell.
func SameDisk(a, b string) bool { return sameDisk(a, b) }
