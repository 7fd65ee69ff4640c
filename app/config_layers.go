package app

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

// layers is where what a run is told comes from, below its flags: the
// environment, the files that NAME_FILE of the environment names (so that a
// secret stands in a file of its own), and the configuration file.
type layers struct {
	env   func(string) string
	known []string          // every name
	path  string            // of the configuration file, "" for none
	file  map[string]string // what it says
	err   error             // the first file that could not be read
}

// largestSetting bounds what is read of a file that holds one value.
const largestSetting = 64 << 10

// readSettings reads the configuration file that --config or GSL_CONFIG names.
func readSettings(env func(string) string, args []string) (*layers, error) {
	s := &layers{env: env, known: settingNames(), path: first(configArg(args), env("GSL_CONFIG"))}
	if s.path == "" {
		return s, nil
	}
	text, err := os.ReadFile(s.path) //nolint:gosec // the operator names it
	if err != nil {
		return nil, usagef("--config: %v", err)
	}
	s.file, err = parseSettings(text, s.known)
	if err != nil {
		return nil, usagef("%s: %v", s.path, err)
	}
	return s, nil
}

// configArg finds --config before the flags are read: their defaults come of it.
func configArg(args []string) string {
	for i, arg := range args {
		name, value, inOne := strings.Cut(strings.TrimPrefix(arg, "-"), "=")
		if name != "-config" && name != "config" || !strings.HasPrefix(arg, "-") {
			continue
		}
		if inOne {
			return value
		}
		if i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}

// parseSettings reads lines NAME=value, as systemd and container engines do:
// empty lines and those that begin with # say nothing, quotes around a value are
// not part of it. A name that the program does not know is refused: a setting
// that is misspelt must not be taken for one that is made.
func parseSettings(text []byte, known []string) (map[string]string, error) {
	values := map[string]string{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		name = strings.TrimSpace(name)
		switch {
		case !ok:
			return nil, fmt.Errorf("line %d: write NAME=value", n)
		case !slices.Contains(known, strings.TrimSuffix(name, fileSuffix)):
			return nil, fmt.Errorf("line %d: no setting is named %q; gsl serve --help lists them", n, name)
		}
		if _, twice := values[name]; twice {
			return nil, fmt.Errorf("line %d: %s is given twice", n, name)
		}
		values[name] = unquote(strings.TrimSpace(value))
	}
	return values, lines.Err()
}

func unquote(value string) string {
	if n := len(value); n >= 2 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
		return value[1 : n-1]
	}
	return value
}

// fileSuffix makes the name of a setting that of the file its value stands in.
const fileSuffix = "_FILE"

// get gives a setting, "" for none. It is a getenv that knows files.
func (s *layers) get(name string) string {
	for _, layer := range []func(string) string{s.env, s.fromFile} {
		if value := layer(name); value != "" {
			return value
		}
		if path := layer(name + fileSuffix); path != "" && slices.Contains(s.known, name) {
			return s.read(name, path)
		}
	}
	return ""
}

func (s *layers) fromFile(name string) string { return s.file[name] }

func (s *layers) read(name, path string) string {
	text, err := os.ReadFile(path) //nolint:gosec // the operator names it
	if err == nil && len(text) > largestSetting {
		err = fmt.Errorf("%d bytes are no setting", len(text))
	}
	if err != nil && s.err == nil {
		s.err = usagef("%s%s: %v", name, fileSuffix, err)
	}
	return strings.TrimRight(string(text), "\r\n")
}

// origin says which layer a setting comes from, "" for none.
func (s *layers) origin(name string) string {
	for _, layer := range []struct {
		of   func(string) string
		name string
	}{{s.env, "environment"}, {s.fromFile, s.path}} {
		if layer.of(name) != "" {
			return layer.name
		}
		if path := layer.of(name + fileSuffix); path != "" {
			return "file " + path
		}
	}
	return ""
}

// secretSettings are never flags, because the list of processes shows those, and
// never printed.
var secretSettings = []string{"GSL_SMTP_PASSWORD", "GSL_METRICS_TOKEN", "LITESTREAM_ACCESS_KEY_ID", "LITESTREAM_SECRET_ACCESS_KEY"}

// secretFiles are the files that secrets are read from.
func (s *layers) secretFiles() (paths []string) {
	for _, name := range secretSettings {
		paths = append(paths, s.env(name+fileSuffix), s.fromFile(name+fileSuffix))
		if s.fromFile(name) != "" {
			paths = append(paths, s.path)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// envName is how the text of a flag names its twin of the environment.
var envName = regexp.MustCompile(`GSL_[A-Z0-9_]+`)

// settingNames is every setting by its name in the environment: the flags' texts
// name theirs.
func settingNames() []string {
	names := slices.Clone(secretSettings)
	for _, c := range commands {
		flags, config := flag.NewFlagSet(c.name, flag.ContinueOnError), Config{}
		commonFlags(flags, &config, "")
		c.prepare(flags, &config)
		flags.VisitAll(func(f *flag.Flag) { names = append(names, envName.FindAllString(f.Usage, -1)...) })
	}
	slices.Sort(names)
	return slices.Compact(names)
}
