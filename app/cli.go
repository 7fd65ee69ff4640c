package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/tenants"
)

// Exit codes, as promised to scripts.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// terminal is where a command reads its settings and writes what it did.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string

	settings *layers // what getenv and the files say

	run   runner          // every command, for the server that runs some of them
	host  *App            // the server that the command runs in; nil: a process of its own
	files *controlSession // who opens the files that the arguments name, there
}

// runner runs the command of a line of arguments and gives its exit code.
type runner func(ctx context.Context, args []string, term terminal) int

// open opens a file that the arguments name, with the rights and from the
// directory of who typed them.
func (term terminal) open(path string) (*os.File, error) {
	return term.file(controlFile{Path: path})
}

// create makes a new file of that name; it refuses to write over one.
func (term terminal) create(path string) (*os.File, error) {
	return term.file(controlFile{Path: path, Create: true})
}

func (term terminal) file(wanted controlFile) (*os.File, error) {
	if term.files != nil {
		return term.files.open(wanted)
	}
	return openLocal(wanted)
}

// command is one verb of the program. It declares its flags, then runs with
// what is left of the arguments.
type command struct {
	name    string // "import registry"
	args    string // "FILE…", for the usage line
	summary string
	prepare func(flags *flag.FlagSet, config *Config) work
}

// work is what a command does once its flags are read.
type work func(ctx context.Context, term terminal, args []string) error

func say(term terminal, format string, args ...any) { _, _ = fmt.Fprintf(term.out, format, args...) }

// Main runs the program and gives its exit code: 0 done, 1 failed, 2 bad use.
func Main(args []string, out, errOut io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // whoever asks twice is not asked to wait
	return run(ctx, args, terminal{in: os.Stdin, out: out, err: errOut, getenv: os.Getenv})
}

func run(ctx context.Context, args []string, term terminal) int {
	term.run = run
	if len(args) > 0 && slices.Contains([]string{"help", "-h", "--help"}, args[0]) {
		printCommands(term.out)
		return exitDone
	}
	chosen, rest := choose(args)
	if chosen == nil && printGroup(term.out, args) {
		return exitDone
	}
	if chosen == nil {
		_, _ = fmt.Fprintf(term.err, "gsl: no command %q; gsl --help lists them\n", strings.Join(args, " "))
		return exitUsage
	}
	err := runCommand(ctx, chosen, rest, term)
	var usage usageError
	var code endedError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitDone
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &usage):
		_, _ = fmt.Fprintf(term.err, "gsl %s: %s\n", chosen.name, oneLine(chosen.inWords(ctx, err)))
		return exitUsage
	}
	_, _ = fmt.Fprintf(term.err, "gsl %s: %s\n", chosen.name, oneLine(chosen.inWords(ctx, err)))
	return exitFailed
}

// choose finds the command whose words the arguments begin with. Nothing, or a
// flag first, means serve.
func choose(args []string) (*command, []string) {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		args = append([]string{"serve"}, args...)
	}
	for i := range commands {
		words := strings.Fields(commands[i].name)
		if len(args) >= len(words) && slices.Equal(args[:len(words)], words) {
			return &commands[i], args[len(words):]
		}
	}
	return nil, nil
}

func runCommand(ctx context.Context, c *command, args []string, term terminal) error {
	below, err := term.below(args)
	if err != nil {
		return err
	}
	term.settings = below
	config, err := defaults(below.get)
	if term.host != nil {
		config, err = term.host.config, nil
	}
	if below.err != nil { // first: what stands on it only says the same again
		err = below.err
	}
	if err != nil {
		return usageError{err}
	}
	flags := flag.NewFlagSet("gsl "+c.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // one line on stderr, ours
	commonFlags(flags, &config, below.path)
	do := c.prepare(flags, &config)
	rest, err := parseAnywhere(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		printUsage(term.out, c, flags)
		return err
	}
	if err != nil {
		return usageError{err}
	}
	if c.args == "" && len(rest) > 0 {
		return usagef("%q: %s takes no arguments, only flags", rest[0], c.name)
	}
	if term.host != nil {
		if slices.Contains(stayHere, c.name) {
			return usagef("the server is one already")
		}
		config.Data, config.host = term.host.config.Data, term.host
		return do(ctx, term, rest)
	}
	return explain(config.Data, elsewhere(ctx, c, config.Data, args, term, func() error {
		if err := c.findsData(&config); err != nil {
			return err
		}
		return errors.Join(do(ctx, term, rest), giveToOwner(config.Data))
	}))
}

// makers are the commands that may begin a new data directory, and those that
// need none. Any other one in an empty place has been told a wrong place: made
// there, "all is well" would be said of nothing.
var makers = []string{"serve", "demo", "municipality add", "user add", "import registry", "restore", "version", "health"}

// findsData refuses a data directory that holds nothing of ours.
func (c *command) findsData(config *Config) error {
	if slices.Contains(makers, c.name) {
		return nil
	}
	if _, err := config.replica(); err != nil { // first: it names its line
		return err
	}
	data := config.Data
	for _, name := range []string{"national.db", filepath.Join("municipalities", "*.db")} {
		if found, err := filepath.Glob(filepath.Join(data, name)); err != nil || len(found) > 0 {
			return err
		}
	}
	return usagef("nothing of gsl is in %s: name the data directory with --data or GSL_DATA", data)
}

// explain adds to an error of the data directory what to do.
func explain(data string, err error) error {
	var path *fs.PathError
	var file *tenants.FileError
	switch {
	case errors.As(err, &path) && errors.Is(err, fs.ErrPermission) && strings.HasPrefix(path.Path, data):
		return fmt.Errorf("%w: run it as root, or as the user that owns %s", err, data)
	case errors.As(err, &file) && file.File == "national.db" && (file.Kind == tenants.ErrDamaged || file.Kind == tenants.ErrMissing):
		return fmt.Errorf("%w: without it nobody can sign in; with the server stopped, gsl restore --all brings it back with all the others", err)
	}
	return err
}

// below reads what stands below the flags. The server that a command runs in has
// read its own, and the client's files lie elsewhere.
func (term terminal) below(args []string) (*layers, error) {
	if term.host != nil {
		return &layers{env: func(string) string { return "" }}, nil
	}
	return readSettings(term.getenv, args)
}

// commonFlags declares what every command is told.
func commonFlags(flags *flag.FlagSet, config *Config, file string) {
	flags.StringVar(&config.Data, "data", config.Data, "the data directory (GSL_DATA)")
	flags.StringVar(&config.Litestream, "litestream", config.Litestream, "where the replicas go: a litestream.yml, or off (GSL_LITESTREAM; litestream.yml in the data directory when it is there)")
	flags.StringVar(&config.Copies, "copies", config.Copies, "folder of the daily copies; none: copies in the data directory (GSL_COPIES)")
	flags.String("config", file, "a file of lines NAME=value, with the names of the environment (GSL_CONFIG)")
}

// How long a command waits for a server that has the data directory and does not
// answer yet, because it starts, or no more, because it stops.
const (
	serverWait  = 2 * time.Second
	serverRetry = 50 * time.Millisecond
)

// elsewhere runs a command inside the server that holds the data directory, and
// here when there is none.
func elsewhere(ctx context.Context, c *command, data string, args []string, term terminal, here func() error) error {
	if slices.Contains(stayHere, c.name) {
		return here()
	}
	for end := time.Now().Add(serverWait); ; {
		code, err := inServer(ctx, data, append(strings.Fields(c.name), args...), term)
		if !errors.Is(err, errNoServer) {
			return errors.Join(err, endedError(code).orNil())
		}
		if err = here(); !errors.Is(err, tenants.ErrLocked) || time.Now().After(end) || ctx.Err() != nil {
			return err
		}
		time.Sleep(serverRetry)
	}
}

// endedError is how a command ended that said itself what was wrong.
type endedError int

func (c endedError) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

func (c endedError) orNil() error {
	if c == exitDone {
		return nil
	}
	return c
}

// parseAnywhere reads flags before, between and after the other arguments.
func parseAnywhere(flags *flag.FlagSet, args []string) ([]string, error) {
	var rest []string
	for {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		args = flags.Args()
		if len(args) == 0 {
			return rest, nil
		}
		rest = append(rest, args[0])
		args = args[1:]
	}
}

func printCommands(out io.Writer) {
	_, _ = fmt.Fprintln(out, "gsl runs Gestión Social Local.\n\nCommands (gsl COMMAND --help says more; no command means serve):")
	for _, c := range commands {
		_, _ = fmt.Fprintf(out, "  %-24s %s\n", c.name, c.summary)
	}
}

// printGroup lists the commands that begin with a word, "municipality --help",
// and reports whether it was that.
func printGroup(out io.Writer, args []string) (found bool) {
	if len(args) != 2 || !slices.Contains([]string{"help", "-h", "-help", "--help"}, args[1]) {
		return false
	}
	for _, c := range commands {
		if strings.HasPrefix(c.name, args[0]+" ") {
			_, _ = fmt.Fprintf(out, "  %-24s %s\n", c.name, c.summary)
			found = true
		}
	}
	return found
}

func printUsage(out io.Writer, c *command, flags *flag.FlagSet) {
	_, _ = fmt.Fprintf(out, "%s\n%s\n\nFlags:\n", strings.TrimSpace("gsl "+c.name+" [flags] "+c.args), c.summary)
	flags.VisitAll(func(f *flag.Flag) {
		_, _ = fmt.Fprintf(out, "  --%-18s %s (default %q)\n", f.Name, f.Usage, f.DefValue)
	})
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// inWords gives the sentence of a fault, as a screen would show it, with the
// flags that are wrong; any other error speaks for itself.
func (c *command) inWords(ctx context.Context, err error) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	ctx = i18n.With(ctx, i18n.Spanish)
	var parts []string
	if len(f.Fields) == 0 {
		parts = append(parts, i18n.Tf(ctx, f.Key, f.Args))
	}
	for _, field := range f.Fields {
		parts = append(parts, c.flagOf(field.Name)+": "+i18n.Tf(ctx, field.Key, field.Args))
	}
	if f.Cause != nil {
		parts = append(parts, "("+f.Cause.Error()+")")
	}
	return errors.New(strings.Join(parts, " "))
}

// flagOf names the flag that fills a field: run is --counterpart-run of a new municipality.
func (c *command) flagOf(field string) string {
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	c.prepare(flags, &Config{})
	name := strings.ReplaceAll(field, "_", "-")
	for _, known := range []string{name, name + "s", "counterpart-" + name} {
		if flags.Lookup(known) != nil {
			return "--" + known
		}
	}
	return field
}
