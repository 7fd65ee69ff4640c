package app

import (
	"context"
	"time"

	"gsl/app/kit/calendar"
	"gsl/app/kit/schedule"
	"gsl/app/kit/web"
	"gsl/app/restore"
	"gsl/tenants"
)

// betweenFiles is how long a job of the night rests between two files.
const betweenFiles = 100 * time.Millisecond

// openRestores builds the room of restores and the jobs of the night that see to
// it that there is something to restore.
func (a *App) openRestores(ctx context.Context) (err error) {
	a.Restore, err = restore.New(ctx, a.Files, a.Access, a.clock, a.log)
	if err != nil {
		return err
	}
	a.Access.Looking = a.Restore.Looking
	a.People.AtCopy = a.Restore.MayLookUp
	a.Files.OnSwap = append(a.Files.OnSwap, a.forget)
	a.scheduler = schedule.New(a.Files.National(), a.clock, a.log)
	a.scheduler.Add(schedule.Job{Name: "copies", Hour: 2, Minute: 20, Run: a.copyAll})
	a.scheduler.Add(schedule.Job{Name: "drill", Hour: 3, Minute: 40, Run: a.drillAll})
	return nil
}

// forget drops what rooms remember of a municipality whose file was exchanged.
func (a *App) forget(m *tenants.Municipality) {
	a.Catalogue.Forget(m.ID)
	a.Screening.Forget(m.ID)
}

// copyAll makes the second line's copy of every file.
func (a *App) copyAll(ctx context.Context, day calendar.Date, since time.Time) error {
	return a.Files.CopyAll(ctx, day.String(), tenants.Rounds{Since: since, Pause: betweenFiles, Tell: a.tellBad("a file could not be copied")})
}

// drillAll restores every file into a scratch file and judges it.
func (a *App) drillAll(ctx context.Context, _ calendar.Date, since time.Time) error {
	if !a.Files.Replicated() {
		return nil
	}
	return a.Files.DrillAll(ctx, tenants.Rounds{Since: since, Pause: betweenFiles, Tell: a.tellBad("a file could not be restored in the drill")})
}

func (a *App) tellBad(what string) func(file string, err error) {
	return func(file string, err error) {
		if err != nil {
			a.log.Error(what, "file", file, "error", err)
		}
	}
}

// mountRestores gives the room its routes.
func (a *App) mountRestores(r *web.Router) {
	restore.NewHandlers(a.Restore).Mount(r)
}
