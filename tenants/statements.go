package tenants

// Statements gives the texts of SQL that the idle readers of the main file have
// prepared, each with the number of its parameters. It is for tests that ask SQLite
// how it answers what pages ask.
func (m *Municipality) Statements() map[string]int {
	texts := map[string]int{}
	m.main.mu.Lock()
	f := m.main.current
	m.main.mu.Unlock()
	if f == nil {
		return texts
	}
	f.readers.mu.Lock()
	defer f.readers.mu.Unlock()
	for _, conn := range f.readers.idle {
		conn.Statements(texts)
	}
	return texts
}
