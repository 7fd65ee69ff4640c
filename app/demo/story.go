package demo

import (
	"context"
	"math/rand/v2"
	"net/url"
	"time"

	"gsl/app/access"
	"gsl/app/attention"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/app/plan"
	"gsl/app/screening"
)

// play tells the stories of a municipality: each person comes to the desk on a
// day of the last four months, and what follows, follows on later days. Where
// there is somebody in every role, the desks have a year behind them.
func (s *Stage) play(ctx context.Context, place Place, seed uint64) error {
	cast, err := s.cast(ctx, place)
	if err != nil {
		return err
	}
	heads, err := screening.NewEmbedded(s.Files.Registry()).Heads(ctx, place.Code, max(place.Stories, min(place.Households, registerHeads)))
	if err != nil {
		return err
	}
	if err := s.register(ctx, cast[access.CaseManager], heads, seed); err != nil {
		return err
	}
	if !place.Full {
		return s.attend(ctx, nil, cast, heads[:min(len(heads), place.Stories)], seed)
	}
	l := &log{Stage: s, ctx: ctx, place: place, cast: cast, now: s.Clock.Now(), today: calendar.On(s.Clock.Now()),
		rng: rand.New(rand.NewPCG(seed, uint64(len(place.Code)+place.Households)))} //nolint:gosec // stories need no secrets
	return l.year(heads, seed) //nolint:contextcheck // the log carries it
}

// atDesks is how many people only the desks know: they come at the end of the
// registry, far from those whom the demo proposes to look up.
const atDesks = 90

// year is everything that happened, the oldest first.
func (l *log) year(heads []people.RUN, seed uint64) error {
	known, fresh := heads[:min(len(heads), l.place.Stories)], heads[max(0, len(heads)-atDesks):]
	if err := l.furnish(l.ctx, l.cast, l.place); err != nil {
		return err
	}
	if err := l.conclude(l.ctx, l.cast, l.today); err != nil {
		return err
	}
	l.heads, l.known = fresh[len(tales)+1:], known
	if err := l.write(); err != nil {
		return err
	}
	l.Clock.Set(l.now)
	if err := l.attend(l.ctx, l, l.cast, known, seed); err != nil {
		return err
	}
	if err := l.seeHomes(l.ctx, l.cast, l.today); err != nil {
		return err
	}
	if err := l.keepLogs(l.ctx, l.cast, l.today); err != nil {
		return err
	}
	if err := l.handIn(l.ctx, l.cast, l.today); err != nil {
		return err
	}
	if err := l.tell(fresh[:len(tales)]); err != nil {
		return err
	}
	if err := l.protect(known[max(0, len(known)-2)]); err != nil {
		return err
	}
	return l.closeToday(fresh[len(tales)])
}

// attend tells the stories of the people of case managers.
func (s *Stage) attend(ctx context.Context, l *log, cast company, heads []people.RUN, seed uint64) error {
	today := calendar.On(s.Clock.Now())
	for i, run := range heads {
		day := today.AddDays(-daysOfStories + i*(daysOfStories-1)/max(1, len(heads)))
		sc := &scene{Stage: s, ctx: ctx, log: l, worker: cast[access.CaseManager], head: cast[access.UnitHead], desk: cast[access.FrontDesk],
			today: today, rng: rand.New(rand.NewPCG(seed, uint64(run.Body())))} //nolint:gosec // stories need no secrets
		if sc.desk.IsNobody() {
			sc.desk = sc.worker
		}
		if other := cast[second]; i%4 == 3 && !other.IsNobody() {
			sc.worker = other
		}
		s.Clock.Set(openingHour(day).Add(time.Duration(i%40) * 10 * time.Minute))
		if err := sc.tell(run, stories[i%len(stories)]); err != nil {
			return err
		}
	}
	return nil
}

// scene is one person's story under way.
type scene struct {
	*Stage
	ctx                context.Context
	worker, head, desk actor.Actor
	visitor            actor.Actor // at whose desk the person is
	log                *log        // of the desks that answer; nil where nobody does
	today              calendar.Date
	rng                *rand.Rand
	file               people.File
	plan               plan.Plan
}

// step is one thing that happens; a step that needs a later day than today does
// not happen yet.
type step func(*scene) error

// stories are what happens to people, one after the other round and round: every
// state of a plan is among them.
var stories = [][]step{
	{fill(3), agree("signed"), later(6), set(0, "in-progress", ""), judge(0)},
	{fill(2), agree("signed"), later(9), set(0, "confirmed", ""), later(4), set(1, "confirmed", "")},
	{fill(2)},
	{fill(4), agree("phone"), later(5), set(0, "confirmed", ""), later(8), set(1, "withdrawn", "La persona desistió de la solicitud.")},
	{},
	{fill(2), agree("signed"), later(12), set(0, "not-achieved", "No cumplió el puntaje que pide el programa."), set(1, "confirmed", ""), judge(1)},
	{add("E301"), fill(1), agree("signed")},
	{fill(2), agree("video"), later(7), set(0, "confirmed", ""), set(1, "confirmed", ""), later(20), fill(2), agree("signed")},
	{add("E301"), fill(2), agree("signed"), later(2), approve, later(3), set(0, "confirmed", "")},
	{fill(3), agree("mail")},
	{add("B001"), add("C001"), fill(2), agree("signed"), later(10), set(0, "confirmed", ""), writeReport},
	{},
}

func (sc *scene) tell(run people.RUN, story []step) error {
	visitor := sc.worker
	if len(story) == 0 {
		visitor = sc.desk
	}
	var err error
	if sc.file, err = sc.People.Lookup(sc.ctx, visitor, run); err != nil {
		return err
	}
	if _, err = sc.Screening.Compile(sc.ctx, visitor, sc.file.ID); err != nil {
		return err
	}
	sc.visitor = visitor
	for _, step := range story {
		if sc.today.Before(calendar.On(sc.Clock.Now())) {
			break // the rest is still to come
		}
		sc.Clock.Forward(2 * time.Minute)
		if err := step(sc); err != nil {
			return err
		}
	}
	if err := sc.leave(); err != nil || sc.log == nil {
		return err
	}
	return sc.log.until(sc.log.now)
}

// reasons are what the people of the stories come for.
var reasons = []string{"T03", "T05", "T06", "T04", "T07", "T16", "T10"}

// leave ends the attention in which the person came; one of today goes on.
func (sc *scene) leave() error {
	if !calendar.On(sc.Clock.Now()).Before(sc.today) {
		return nil
	}
	c := attention.Closing{Topic: reasons[sc.rng.IntN(len(reasons))], Channel: attention.InPerson}
	return sc.finish(sc.ctx, sc.visitor, sc.file.ID, c)
}

// later lets days pass.
func later(days int) step {
	return func(sc *scene) error {
		if err := sc.leave(); err != nil {
			return err
		}
		sc.Clock.Forward(time.Duration(days) * 24 * time.Hour)
		return sc.pass()
	}
}

// fill puts n of the things into the cart that the household could have.
func fill(n int) step {
	return func(sc *scene) error {
		facts, err := sc.Screening.Facts(sc.ctx, sc.worker, sc.file.ID)
		if err != nil {
			return err
		}
		suggestions, err := sc.Catalogue.Suggest(sc.ctx, sc.worker, facts, 8)
		if err != nil {
			return err
		}
		codes := []string{}
		for _, s := range suggestions {
			codes = append(codes, s.Item.Code)
		}
		sc.rng.Shuffle(len(codes), func(i, j int) { codes[i], codes[j] = codes[j], codes[i] })
		codes = append(codes, "B001", "E804", "D202", "C001") // for those to whom nothing else is open
		for _, code := range codes[:n] {
			if err := sc.put(code, facts); err != nil {
				return err
			}
		}
		return nil
	}
}

// add puts one item into the cart.
func add(code string) step {
	return func(sc *scene) error {
		facts, err := sc.Screening.Facts(sc.ctx, sc.worker, sc.file.ID)
		if err != nil {
			return err
		}
		return sc.put(code, facts)
	}
}

func (sc *scene) put(code string, facts *catalogue.Facts) error {
	item, err := sc.Catalogue.Item(sc.ctx, sc.worker, code)
	if err != nil {
		return err
	}
	form := url.Values{"item": {code}}
	for _, field := range item.Fields {
		if field.Required {
			form.Set(field.Name, answer(field, facts))
		}
	}
	judged := item.Judge(facts)
	if judged.NeedsReason {
		form.Set("override_reason", "Situación de emergencia acreditada en la entrevista.")
	}
	_, err = sc.Plan.Add(sc.ctx, sc.worker, sc.file.ID, form)
	return err
}

// answer fills a required field with something believable.
func answer(field catalogue.Field, facts *catalogue.Facts) string {
	switch field.Type {
	case "member":
		return facts.Members[len(facts.Members)-1].Holder
	case "choice":
		return field.Choices[0]
	case "date":
		return facts.Today.AddDays(-40).Chilean()
	case "number":
		return "1"
	case "file":
		return "Documento exhibido en el mesón"
	}
	return "Según documento presentado"
}

// agree checks the cart out.
func agree(how string) step {
	return func(sc *scene) error {
		review, err := sc.Plan.Review(sc.ctx, sc.worker, sc.file.ID)
		if err != nil || len(review.Cart.Lines) == 0 {
			return err
		}
		if sc.plan, err = sc.Plan.Checkout(sc.ctx, sc.worker, sc.file.ID, plan.CheckoutForm{Key: review.Key, Agreed: how}); err != nil {
			return err
		}
		return sc.settle()
	}
}

// set gives an item of the plan its status; aid that waits for approval waits on.
func set(item int, status, reason string) step {
	return func(sc *scene) error {
		if item >= len(sc.plan.Items) {
			return nil
		}
		_, err := sc.Plan.Save(sc.ctx, sc.worker, sc.plan.ID, plan.SaveForm{Items: map[string]plan.Wanted{
			sc.plan.Items[item].ID: {Status: status, Reason: reason}}})
		if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
			return nil // not without the head's approval: the worker leaves it for now
		}
		return err
	}
}

// approve lets the head agree to what waits for it.
func approve(sc *scene) error {
	if sc.head.IsNobody() {
		return nil
	}
	for _, item := range sc.plan.Items {
		if item.Approval.State != plan.Waiting {
			continue
		}
		if _, err := sc.Plan.Approve(sc.ctx, sc.head, sc.plan.ID, item.ID); err != nil {
			return err
		}
	}
	return nil
}
