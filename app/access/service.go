package access

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/mail"
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
	logins   logins
	cache    cache
	cookies  *cookies
	secret   []byte
	vault    vault
	demoHash func() (string, error)
	base     atomic.Pointer[string] // the address at which others reach us
	courier  *mail.Courier          // nil: no mail server, links are handed over
	tallies  tallies

	// Looking gives the restored copy that somebody with the membership looks into;
	// nil for the live municipality. It answers from memory; nil: nobody looks.
	Looking func(ctx context.Context, membership string) (*tenants.Municipality, error)
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
	if s.vault, err = newVault(s.secret); err != nil {
		return nil, err
	}
	s.SetBase(config.PublicURL)
	return s, files.National().Update(ctx, foldNames)
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
