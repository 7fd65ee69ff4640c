package national

import "sync"

type exporting struct{ all sync.WaitGroup }

func (e *exporting) wait() { e.all.Wait() }
