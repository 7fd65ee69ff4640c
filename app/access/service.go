package access

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Config is what the composition root decides for this room.
type Config struct {
	// PublicURL is how browsers reach the server. With https the cookie is
	// __Host-gsl and Secure; anything else is for a loopback address only.
	PublicURL string
	Demo      bool             // the sign-in page offers the accounts of the demo
	Clock     func() time.Time // nil: time.Now
	Log       *slog.Logger     // nil: discarded
	// ParseRUN and FormatRUN come from people, which stands above this room.
	ParseRUN  func(text string) (body uint32, err error)
	FormatRUN func(body uint32) string
	// Published reports whether everybody knows the password of the account, as the
	// demo's: no second factor is demanded of it while this is a demo.
	Published func(body uint32) bool
}

// Service is the room's verbs. Build one per process with New.
type Service struct {
	files    *tenants.Files
	config   Config
	clock    func() time.Time
	log      *slog.Logger
	hasher   *hasher
	throttle *throttle
	cache    cache
	cookies  *cookies
	secret   []byte
	vault    vault
	demoHash func() (string, error)
}

// Secret is 32 bytes of this installation for what the edge seals.
func (s *Service) Secret() []byte { return s.secret }

// New makes the service on national.db; the first time it makes the
// installation's keys too.
func New(ctx context.Context, files *tenants.Files, config Config) (*Service, error) {
	if config.ParseRUN == nil || config.FormatRUN == nil {
		return nil, errors.New("access: ParseRUN and FormatRUN are needed")
	}
	s := &Service{files: files, config: config, clock: config.Clock, log: config.Log,
		hasher: newHasher(currentCost), throttle: newThrottle(), cache: cache{byHash: map[idHash]*session{}}}
	s.demoHash = sync.OnceValues(func() (string, error) { return s.hasher.encode(context.WithoutCancel(ctx), "", DemoPassword) })
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	key, err := s.installationKey(ctx, "cookie")
	if err != nil {
		return nil, err
	}
	s.cookies = newCookies(key, config.PublicURL)
	if s.secret, err = s.installationKey(ctx, "edge"); err != nil {
		return nil, err
	}
	s.vault, err = newVault(s.secret)
	return s, err
}

// installationKey is the key of that name, made at the first start.
func (s *Service) installationKey(ctx context.Context, name string) (key []byte, err error) {
	candidate := make([]byte, 32)
	_, _ = rand.Read(candidate) // never fails: crypto/rand ends the process instead
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) (err error) {
		key, err = ensureSecret(tx, name, candidate)
		return err
	})
	return key, err
}

// consoleID is nobody's of the roster: users have ULIDs.
const consoleID = "console"

// Console is the person at the machine's console, for the commands.
func Console() actor.Actor {
	return actor.Actor{UserID: consoleID, Name: "console", Role: NationalAdmin,
		Permissions: PermissionsOf(NationalAdmin, "")}
}

// AddUser adds a person to the roster and gives the id. A RUN that is there
// already is fault.Conflict; bad fields are fault.Invalid and named.
func (s *Service) AddUser(ctx context.Context, who actor.Actor, n NewUser) (id string, err error) {
	if !who.Can(Administer) {
		return "", fault.New(fault.Forbidden, "fault.forbidden")
	}
	if err := n.check(s.flaw); err != nil {
		return "", err
	}
	hash, err := s.newHash(ctx, n.Password)
	if err != nil {
		return "", err
	}
	return id, s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		_, err := findAccount(tx, n.RUN)
		if err == nil {
			return fault.New(fault.Conflict, "access.user.exists")
		}
		if !tenants.NotFound(err) {
			return err
		}
		id = tx.NewID()
		if err := insertUser(tx, id, n, hash); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "user.add", Object: id})
	})
}

// RosterEntry is a user with every membership, past and future ones too.
type RosterEntry struct {
	User
	Memberships []Membership
}

// ListUsers gives the whole roster by surname.
func (s *Service) ListUsers(ctx context.Context, who actor.Actor) ([]RosterEntry, error) {
	if !who.Can(Administer) {
		return nil, fault.New(fault.Forbidden, "fault.forbidden")
	}
	var entries []RosterEntry
	err := s.files.National().View(ctx, func(tx *tenants.Tx) error {
		users, err := listUsers(tx)
		if err != nil {
			return err
		}
		memberships, err := allMemberships(tx)
		entries = joinRoster(users, memberships)
		return err
	})
	return entries, err
}

func joinRoster(users []User, memberships []Membership) []RosterEntry {
	entries := make([]RosterEntry, len(users))
	at := make(map[string]*RosterEntry, len(users))
	for i, u := range users {
		entries[i].User = u
		at[u.ID] = &entries[i]
	}
	for _, m := range memberships {
		if e := at[m.UserID]; e != nil {
			e.Memberships = append(e.Memberships, m)
		}
	}
	return entries
}

// DisableUser ends every session of the person and lets them in no more.
func (s *Service) DisableUser(ctx context.Context, who actor.Actor, run uint32) error {
	return s.changeUser(ctx, who, run, "user.disable", func(tx *tenants.Tx, a account) error {
		if err := setDisabled(tx, a.ID); err != nil {
			return err
		}
		return deleteSessionsOf(tx, a.ID)
	})
}

// ResetPassword gives the person a new password and ends every session.
func (s *Service) ResetPassword(ctx context.Context, who actor.Actor, run uint32, password string) error {
	if key := s.flaw(password, run, ""); key != "" {
		return fault.InvalidFields(fault.Field{Name: "password", Key: key, Args: passwordArgs})
	}
	hash, err := s.newHash(ctx, password)
	if err != nil {
		return err
	}
	return s.changeUser(ctx, who, run, "user.reset_password", func(tx *tenants.Tx, a account) error {
		if err := setPassword(tx, a.ID, hash); err != nil {
			return err
		}
		return deleteSessionsOf(tx, a.ID)
	})
}

// AddMembership gives the person a role and gives the membership's id. Open
// sessions of the person can switch to it at once.
func (s *Service) AddMembership(ctx context.Context, who actor.Actor, n NewMembership) (id string, err error) {
	if err := n.complete(calendar.On(s.clock())); err != nil {
		return "", err
	}
	return id, s.changeUser(ctx, who, n.RUN, "membership.add", func(tx *tenants.Tx, a account) (err error) {
		id, err = addMembership(tx, a.ID, n)
		return err
	})
}

func addMembership(tx *tenants.Tx, user string, n NewMembership) (id string, err error) {
	municipality := ""
	if n.Municipality != "" {
		municipality, err = municipalityByCode(tx, n.Municipality)
		if tenants.NotFound(err) {
			return "", fault.InvalidField("municipality", "access.field.municipality")
		}
		if err != nil {
			return "", err
		}
		if n.Unit != "" && n.UnitName != "" {
			if err := setUnitName(tx, municipality, n.Unit, n.UnitName); err != nil {
				return "", err
			}
		}
	}
	id = tx.NewID()
	return id, insertMembership(tx, id, user, municipality, n)
}

// EndMembership takes a role away after the last day; a zero day ends it at
// once, with every session that works in it.
func (s *Service) EndMembership(ctx context.Context, who actor.Actor, membership string, lastDay calendar.Date) error {
	if !who.Can(Administer) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	if lastDay.IsZero() {
		lastDay = calendar.On(s.clock()).AddDays(-1)
	}
	var user string
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) (err error) {
		user, err = ownerOfMembership(tx, membership)
		if tenants.NotFound(err) {
			return fault.New(fault.NotFound, "fault.not_found")
		}
		if err != nil {
			return err
		}
		if err := setMembershipEnd(tx, membership, lastDay.String()); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "membership.end", Object: membership,
			Detail: map[string]string{"last_day": lastDay.String()}})
	})
	s.cache.dropUser(user)
	return err
}

// changeUser is the frame of every change to one person of the roster: the
// change and its audit entry in one transaction, then no session goes on with
// what it knew before.
func (s *Service) changeUser(ctx context.Context, who actor.Actor, run uint32, action string, change func(*tenants.Tx, account) error) error {
	if !who.Can(Administer) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	var user string
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		a, err := findAccount(tx, run)
		if tenants.NotFound(err) {
			return fault.New(fault.NotFound, "access.user.unknown")
		}
		if err != nil {
			return err
		}
		user = a.ID
		if err := change(tx, a); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: action, Object: a.ID})
	})
	s.cache.dropUser(user)
	return err
}
