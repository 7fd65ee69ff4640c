package schedule

import (
	"runtime"
	"syscall"
)

// niceness of the jobs: they take what the desks leave.
const niceness = 15

// Quietly runs work on a thread of low priority and waits for it. The thread is
// given up afterwards: its priority cannot be raised again.
func Quietly(work func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		_ = syscall.Setpriority(syscall.PRIO_PROCESS, syscall.Gettid(), niceness)
		work()
	}()
	<-done
}
