// Package app is the composition root: it opens the files, builds each
// capability by hand, fills the hooks between them, mounts the routes, runs and
// shuts down in order. It is the only package that knows everyone.
package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"gsl/app/access"
	"gsl/app/agenda"
	"gsl/app/announce"
	"gsl/app/attention"
	"gsl/app/benefit"
	"gsl/app/casework"
	"gsl/app/catalogue"
	"gsl/app/demo"
	"gsl/app/diagnosis"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/mail"
	"gsl/app/kit/pdf"
	"gsl/app/kit/schedule"
	"gsl/app/kit/web"
	"gsl/app/monitor"
	"gsl/app/national"
	"gsl/app/people"
	"gsl/app/plan"
	"gsl/app/referral"
	"gsl/app/report"
	"gsl/app/restore"
	"gsl/app/screening"
	"gsl/app/settings"
	"gsl/app/trail"
	"gsl/app/visit"
	"gsl/tenants"
)

// App is the whole program, open on one data directory.
type App struct {
	Files     *tenants.Files
	Access    *access.Service
	Announce  *announce.Service
	Document  *document.Service
	People    *people.Service
	Attention *attention.Service
	Catalogue *catalogue.Service
	Benefit   *benefit.Service
	Screening *screening.Service
	Names     *screening.Names
	Referral  *referral.Service
	Letters   *referral.Letters
	Plan      *plan.Service
	Casework  *casework.Service
	Report    *report.Service
	Visit     *visit.Service
	Agenda    *agenda.Service
	Diagnosis *diagnosis.Service
	Signing   *report.Signing
	National  *national.Service
	Restore   *restore.Service
	Trail     *trail.Service

	config     Config
	registry   screening.SocialRegistry // behind its guard
	doors      *doors                   // nil in tests: a listener is all there is
	run        runner                   // of the commands that come by the control socket; nil: there is none
	log        *slog.Logger
	clock      func() time.Time
	server     *web.Server
	percent    int // of the collector while serving
	press      *pdf.Press
	profiles   *settings.Profiles
	courier    *mail.Courier // nil: no mail server
	sweeper    *referral.Sweeper
	scheduler  *schedule.Scheduler
	ownAddress bool        // nobody said how others reach us: by where we listen
	stopping   atomic.Bool // told to stop: no longer ready
}

// Open opens the data directory and builds every capability; nothing listens yet.
// clock nil is the machine's; log nil discards.
func Open(ctx context.Context, config Config, clock func() time.Time, log *slog.Logger) (*App, error) {
	if clock == nil {
		clock = time.Now
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	a := &App{config: config, log: log, clock: clock, percent: config.GCPercent}
	var replica *tenants.ReplicaConfig
	var err error
	if config.replicate {
		if replica, err = config.replica(); err != nil {
			return nil, err
		}
	}
	a.Files, err = tenants.Open(ctx, tenants.Options{
		Dir: config.Data, Clock: clock, Log: log,
		Open: config.MaxOpen, Idle: config.IdleAfter, AutoCheckpoint: config.Checkpoint, Reserve: config.Reserve, Unsynced: config.unsynced,
		Replica: replica, SecondLine: config.Copies,
		Seed: []func(*tenants.Tx, tenants.Identity) error{catalogue.Seed, seedTopics},
	})
	if err != nil {
		return nil, err
	}
	if config.replicate {
		config.tellReplica(log, replica) // not before: of a directory that is another's there is nothing to tell
	}
	if err := a.build(ctx, config); err != nil {
		return nil, errors.Join(err, a.Files.Close()) //nolint:contextcheck // closing outlives what was asked for
	}
	return a, nil
}

// build makes the services from the bottom of the house to the top, then hands
// each lower one what only a higher one knows.
func (a *App) build(ctx context.Context, config Config) error {
	var err error
	a.Access, err = access.New(ctx, a.Files, access.Config{
		PublicURL: config.PublicURL, Demo: config.Demo, Clock: a.clock, Log: a.log,
		ParseRUN: func(text string) (uint32, error) {
			run, err := people.ParseRUN(text)
			return run.Body(), err
		},
		FormatRUN: func(body uint32) string { return people.RUNOf(body).Format() },
		Published: demo.IsAccount,
	})
	if err != nil {
		return err
	}
	if err := catalogue.SeedNational(ctx, a.Files.National()); err != nil {
		return err
	}
	a.Document = document.NewService()
	a.People = people.NewService(a.log)
	a.Catalogue = catalogue.NewService(a.Files.National(), a.clock)
	a.Benefit = benefit.NewService()
	a.registry = screening.Guard(screening.NewEmbedded(a.Files.Registry()), screening.GuardOptions{Clock: a.clock})
	a.Screening = screening.NewService(a.registry, a.People, a.log)
	a.Referral = referral.NewService(a.People, a.Catalogue)
	a.Plan = plan.NewService(a.People, a.Catalogue, a.Benefit, a.Referral)
	a.Casework = casework.NewService(a.People)
	a.Visit = visit.NewService(a.People, a.Document)
	a.Agenda = agenda.NewService(a.People)
	a.Attention = attention.NewService(a.People, a.Catalogue, a.clock)
	a.openLetters(config)
	a.sweeper = referral.NewSweeper(a.Referral, a.Files, a.clock, a.log)
	if err := a.openRestores(ctx); err != nil {
		return err
	}
	a.openNational(config)
	if err := a.openAnnouncements(ctx); err != nil {
		return err
	}
	a.connect()
	a.connectCases()
	a.connectAttention()
	a.connectRestricted()
	a.connectDiagnoses()
	a.connectNotes()
	a.connectVisits()
	a.connectReports()
	a.connectSignedReports()
	a.connectDocuments()
	a.connectTrails()
	a.connectAgenda()
	a.mount(config) //nolint:contextcheck // handlers take the context of their request
	return nil
}

// connect fills the hooks by which a lower room asks or tells a higher one.
func (a *App) connect() {
	a.People.OnLookup = append(a.People.OnLookup, a.Attention.OnLookup)
	a.People.AfterLookup = append(a.People.AfterLookup, a.Screening.Refresh, a.sweeper.AfterLookup)
	a.People.OnFrame = append(a.People.OnFrame, a.Screening.OnFrame, a.Attention.OnFrame, tallies)
	a.People.Why = a.Attention.Why
	a.connectPeople()
	a.Document.Why = a.Attention.Why
	a.Screening.HouseholdWork = a.Plan.HouseholdWork
	a.Screening.CartPanel = a.Plan.CartPanel
	a.Plan.Facts = a.Screening.Facts
	a.Referral.Facts, a.Referral.Colleagues, a.Referral.OpenAttention = a.Screening.Facts, a.Access.Colleagues, a.Attention.Why
	a.Referral.OnChange = append(a.Referral.OnChange, a.Plan.OnReferral)
	a.Referral.PlanOpen = a.Plan.PlanOpen
	a.Attention.OpenPlans = a.openPlans
	a.Attention.Names = a.Access.Names
}

// plansOnTheBench is how many open plans the workbench shows.
const plansOnTheBench = 12

// openPlans says to the workbench, in its words, which plans wait for the worker.
func (a *App) openPlans(tx *tenants.Tx, who actor.Actor) ([]attention.Work, error) {
	plans, err := a.Plan.MyOpenPlans(tx, who, plansOnTheBench)
	if err != nil {
		return nil, err
	}
	veil, err := a.People.Veil(tx, who)
	list := make([]attention.Work, 0, len(plans))
	for _, p := range plans {
		p.Name = veil.Name(tx.Context(), p.FileID, p.Name)
		list = append(list, attention.Work{Kind: screening.PlanWork, FileID: p.FileID, Name: p.Name, Number: p.Folio,
			Href: "/plans/" + p.PlanID, Items: p.Pending + p.Confirmed, Pending: p.Pending, Confirmed: p.Confirmed, Since: p.ChangedAt})
	}
	return list, err
}

// mount builds the edge and gives each capability its routes.
func (a *App) mount(config Config) {
	a.server = web.New(web.Config{
		Gate: a.Access, Secret: a.Access.Secret(), PublicURL: config.PublicURL, Demo: config.Demo,
		Log: a.log, Clock: a.clock, Proxies: config.Proxies,
		Public: access.Public, SignedIn: access.SignedIn, Lookup: access.ReadFile, Newcomer: access.Attend, Emblem: a.emblem, Nav: navigation(), Announced: a.Announce.Shown,
	})
	r := a.server.Router()
	r.Object(web.Object{Param: "file", See: access.ReadFile, Exists: a.People.Exists, File: people.Itself})
	r.Object(web.Object{Param: "document", See: access.ReadFile, Exists: a.Document.Exists, File: document.FileOf})
	r.Object(web.Object{Param: "plan", See: access.ReadFile, Exists: a.Plan.Exists, File: plan.FileOf})
	r.Object(web.Object{Param: "restore", See: access.Administer, National: true, Exists: a.Restore.Exists})
	r.Object(web.Object{Param: "referral", See: access.ReadFile, Exists: a.Referral.Exists, File: referral.FileOf})
	r.Object(web.Object{Param: "protocol", See: access.ReadProtocols, Exists: a.Referral.ProtocolExists})
	pop := catalogue.NewHandlers(a.Catalogue, a.People)
	pop.FactsOf, pop.InCart = a.Screening.Facts, a.Plan.InCart
	pop.Spots, pop.Explained = a.Plan.Spots, a.Attention.Explained
	screen := screening.NewHandlers(a.Screening, a.Catalogue)
	screen.InCart, screen.Referred = a.Plan.InCart, a.Referral.Running
	access.NewHandlers(a.Access).Mount(r)
	people.NewHandlers(a.People).Mount(r)
	pop.Mount(r)
	screen.Mount(r)
	plan.NewHandlers(a.Plan, a.press).Mount(r)
	referral.NewProtocolHandlers(a.Referral, a.press).Mount(r)
	a.mountUnits(r)
	a.attentionObjects(r)
	a.mountReferrals(r)
	attention.NewHandlers(a.Attention, a.press).Mount(r)
	monitor.NewHandlers(monitor.NewService()).Mount(r)
	a.mountPublishing(r)
	a.mountRestores(r)
	a.mountNational(r)
	a.mountHealth(r)
	a.mountRestricted(r)
	a.mountDiagnoses(r)
	a.mountNotes(r)
	a.mountVisits(r)
	a.mountReports(r)
	a.mountSignedReports(r)
	a.mountDocuments(r)
	a.mountTrails(r)
	a.mountAgenda(r)
}

// Handler is the program as an http.Handler, for tests and benchmarks.
func (a *App) Handler() http.Handler { return a.server }

// Routes lists every route with the permission it asks for.
func (a *App) Routes() []web.Route { return a.server.Routes() }

// Serve answers on the listener until the context ends, then lets the requests
// that have begun finish.
func (a *App) Serve(ctx context.Context, listener net.Listener) error {
	jobs, stopJobs := context.WithCancel(context.WithoutCancel(ctx))
	var busy sync.WaitGroup
	busy.Go(func() { a.Access.Run(jobs) })
	busy.Go(func() { a.Names.Run(jobs) })
	if a.ownAddress {
		a.Letters.SetBase("http://" + listener.Addr().String())
		a.Access.SetBase("http://" + listener.Addr().String())
	}
	busy.Go(func() { a.runCourier(jobs) })
	busy.Go(func() { a.sweeper.Run(jobs) })
	busy.Go(func() { a.National.Run(jobs) })
	busy.Go(func() { a.scheduler.Run(jobs) })
	a.sides(ctx, busy.Go)
	defer func() { stopJobs(); busy.Wait() }()
	defer collectLess(a.percent)()

	server := a.server.HTTP(listener.Addr().String())
	ended := make(chan error, 1)
	go func() { ended <- a.answer(server, listener) }()
	tellSystemd("READY=1")
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	a.stopping.Store(true)
	tellSystemd("STOPPING=1")
	return shut(ctx, server)
}

// Close closes the files. Nothing may run any more.
func (a *App) Close() error {
	a.Restore.Close()
	return a.Files.Close()
}

func seedTopics(tx *tenants.Tx, _ tenants.Identity) error { return attention.Seed(tx) }
