// Package replica keeps a copy of every file elsewhere: Litestream as a
// library, told by litestream.yml what goes where.
//
// Litestream is made for few files and looks at each once a second. Here are
// hundreds, and this process is their only writer, so it is told instead of
// asked: Changed says that a file has something new, and the Engine has it
// copied a moment later. What waits, for how long and why is known in memory,
// without asking the place where the copies are.
package replica
