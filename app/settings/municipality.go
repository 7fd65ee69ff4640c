package settings

import (
	"context"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Profile is how a municipality presents itself: on top of its pages, and on
// every document that it prints.
type Profile struct {
	OfficialName string // "Ilustre Municipalidad de Limache"; "" the usual
	Address      string
	Phone        string
	Email        string
	Shield       []byte // PNG, nil for none
	Mark         []byte // the same, small
	Version      int64
}

// Contact is one line for the foot of a letter, "" when nothing is known.
func (p *Profile) Contact() string {
	text := ""
	for _, part := range []string{p.Address, p.Phone, p.Email} {
		if part != "" && text != "" {
			text += " · "
		}
		text += part
	}
	return text
}

const longestLine = 120 // characters of a name or an address

func (p *Profile) check() error {
	var wrong []fault.Field
	for _, f := range []struct{ name, value string }{
		{"official_name", p.OfficialName}, {"address", p.Address}, {"phone", p.Phone}, {"email", p.Email},
	} {
		if utf8.RuneCountInString(f.value) > longestLine {
			wrong = append(wrong, fault.Field{Name: f.name, Key: "web.field.max", Args: map[string]any{"Count": longestLine}})
		}
	}
	if len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	return nil
}

// Profile gives how the municipality presents itself.
func (s *Service) Profile(ctx context.Context, who actor.Actor) (p Profile, err error) {
	if err := may(who); err != nil {
		return p, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		p, err = loadProfile(tx)
		return err
	})
	return p, err
}

// SaveProfile changes name, address, phone and e-mail. Version is that of what was
// shown: fault.Conflict when somebody changed it meanwhile, and what comes back is
// how it is.
func (s *Service) SaveProfile(ctx context.Context, who actor.Actor, wanted Profile) (now Profile, err error) {
	if err := may(who); err != nil {
		return now, err
	}
	if err := wanted.check(); err != nil {
		return now, err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if now, err = loadProfile(tx); err != nil || now.same(&wanted) {
			return err // sent twice: one effect
		}
		if now.Version != wanted.Version {
			return fault.New(fault.Conflict, "settings.error.changed_meanwhile")
		}
		detail := now.changes(&wanted)
		now.OfficialName, now.Address, now.Phone, now.Email = wanted.OfficialName, wanted.Address, wanted.Phone, wanted.Email
		if err := saveProfile(tx, &now); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "settings.profile", Object: who.Municipality.ID, Detail: detail})
	})
	s.Profiles.drop(who.Municipality.ID)
	return now, err
}

func (p *Profile) same(o *Profile) bool {
	return p.OfficialName == o.OfficialName && p.Address == o.Address && p.Phone == o.Phone && p.Email == o.Email
}

// changes says for the trail what becomes what.
func (p *Profile) changes(o *Profile) map[string]string {
	detail := map[string]string{}
	for _, f := range []struct{ name, was, is string }{
		{"official_name", p.OfficialName, o.OfficialName}, {"address", p.Address, o.Address}, {"phone", p.Phone, o.Phone}, {"email", p.Email, o.Email},
	} {
		if f.was != f.is {
			detail[f.name] = f.was + " → " + f.is
		}
	}
	return detail
}

// SetShield keeps the picture as the municipality's shield, drawn anew by us; nil
// takes it away. What is no picture, or too large, is fault.Invalid and names "shield".
func (s *Service) SetShield(ctx context.Context, who actor.Actor, picture []byte) error {
	if err := may(who); err != nil {
		return err
	}
	var shield, mark []byte
	if picture != nil {
		var err error
		if shield, mark, err = s.Profiles.redraw(picture); err != nil {
			return err
		}
	}
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		if err := saveShield(tx, shield, mark); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "settings.shield", Object: who.Municipality.ID,
			Detail: map[string]string{"bytes": strconv.Itoa(len(shield))}})
	})
	s.Profiles.drop(who.Municipality.ID)
	return err
}

// SetLegal says whether legal acts of the municipality wait for their replica. It
// cannot be switched on where no replica is kept: no act could be done any more.
func (s *Service) SetLegal(ctx context.Context, who actor.Actor, on bool) error {
	if err := may(who); err != nil || who.Municipality.Legal() == on {
		return err
	}
	if on {
		replicated, _, err := s.Replicated(ctx, who)
		if err != nil {
			return err
		}
		if !replicated {
			return fault.InvalidField("legal", "municipality.legal.no_replica")
		}
	}
	return s.files.SetLegal(ctx, who.Municipality.ID, on, func(tx *tenants.Tx) error {
		return audit.Record(tx, who, audit.Change{Action: "settings.legal", Object: who.Municipality.ID,
			Detail: map[string]string{"to": strconv.FormatBool(on)}})
	})
}

// Replicated reports whether the municipality's files have a replica, and whether
// it lies on the same disk.
func (s *Service) Replicated(ctx context.Context, who actor.Actor) (yes, sameDisk bool, err error) {
	if err := may(who); err != nil {
		return false, false, err
	}
	list, err := s.files.Replicas(ctx)
	for i := range list {
		if list[i].MunicipalityID == who.Municipality.ID && list[i].Target != "" {
			return true, list[i].SameDisk, err
		}
	}
	return false, false, err
}

// Profiles remembers how municipalities present themselves: every page asks.
type Profiles struct {
	clock func() time.Time
	turn  sync.Mutex // one picture at a time: they are large while they are drawn
	mu    sync.Mutex
	kept  map[string]keptProfile
}

type keptProfile struct {
	profile Profile
	until   time.Time
}

// How long a profile is believed: a file that was restored may say something else.
const profileLife = time.Minute

// NewProfiles makes the memory.
func NewProfiles(clock func() time.Time) *Profiles {
	return &Profiles{clock: clock, kept: map[string]keptProfile{}}
}

// Of gives how the municipality presents itself.
func (p *Profiles) Of(ctx context.Context, m *tenants.Municipality) (Profile, error) {
	now := p.clock()
	p.mu.Lock()
	known, ok := p.kept[m.ID]
	p.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.profile, nil
	}
	var profile Profile
	err := m.View(ctx, func(tx *tenants.Tx) (err error) {
		profile, err = loadProfile(tx)
		return err
	})
	if err != nil {
		return Profile{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept[m.ID] = keptProfile{profile, now.Add(profileLife)}
	return profile, nil
}

func (p *Profiles) drop(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.kept, id)
}

// Agreements are what a municipality adds to the confidentiality agreement;
// access keeps them.
type Agreements interface {
	OwnAgreement(ctx context.Context, who actor.Actor) (access.OwnText, error)
	PublishAgreement(ctx context.Context, who actor.Actor, body string, number int) error
}
