package app

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A flag wins over the environment, the environment over the file, and all of
// them over the default; --check says which it was, and no secret.
func TestCheckSaysWhatCountsAndWhereItIsFrom(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	token := write("token", "a token that nobody guesses\n")
	file := write("gsl.conf", "# of this office\nGSL_MAX_OPEN=33\nGSL_IDLE_AFTER=\"7m\"\nGSL_ADDR=127.0.0.1:1\nGSL_PROXIES=10.0.0.0/8\nGSL_METRICS_TOKEN_FILE="+token+"\n")
	t.Setenv("GSL_PUBLC_URL", "https://x.example.cl") // misspelt
	env := map[string]string{"GSL_DATA": filepath.Join(dir, "data"), "GSL_ADDR": "127.0.0.1:2", "GSL_IDLE_AFTER": "8m",
		"GSL_SMTP_PASSWORD": "muy secreta", "GSL_CONFIG": file}
	code, out, errOut := gslEnv(t, env, "serve", "--check", "--idle-after", "9m")
	if code != exitDone {
		t.Fatalf("%d %q %q", code, out, errOut)
	}
	for name, want := range map[string][2]string{
		"idle-after": {"9m0s", "flag"}, "addr": {"127.0.0.1:2", "environment"}, "max-open": {"33", file},
		"proxies": {"10.0.0.0/8", file}, "gc-percent": {"400", "default"}, "GSL_SMTP_PASSWORD": {"set", "environment"}, "GSL_METRICS_TOKEN": {"set", "file " + token},
	} {
		found := false
		for _, line := range strings.Split(out, "\n") {
			words := strings.Fields(line)
			found = found || len(words) > 2 && words[0] == name && words[1] == want[0] && strings.Join(words[2:], " ") == want[1]
		}
		if !found {
			t.Errorf("%s is not said to be %v:\n%s", name, want, out)
		}
	}
	if strings.Contains(out, "secreta") || strings.Contains(out, "nobody guesses") {
		t.Errorf("a secret is printed:\n%s", out)
	}
	if !strings.Contains(out, "GSL_PUBLC_URL is no setting") || !strings.HasSuffix(out, "ok: gsl serve would start\n") {
		t.Errorf("%s", out)
	}
}

func gslEnv(t *testing.T, env map[string]string, args ...string) (code int, out, errOut string) {
	t.Helper()
	var stdout, stderr strings.Builder
	code = run(t.Context(), args, terminal{in: strings.NewReader(""), out: &stdout, err: &stderr, getenv: func(name string) string { return env[name] }})
	return code, stdout.String(), stderr.String()
}

// A configuration file that means something else than it says stops the program,
// with the line.
func TestABadConfigurationFileIsRefused(t *testing.T) {
	for text, says := range map[string]string{
		"GSL_ADR=127.0.0.1:1\n":                  "line 1",
		"\n\nnothing\n":                          "line 3",
		"GSL_MAX_OPEN=1\nGSL_MAX_OPEN=2\n":       "line 2",
		"GSL_MAX_OPEN=many\n":                    "GSL_MAX_OPEN",
		"GSL_METRICS_TOKEN_FILE=/no/such/file\n": "GSL_METRICS_TOKEN_FILE",
		"GSL_LOG_LEVEL=loud\n":                   "GSL_LOG_LEVEL",
	} {
		path := filepath.Join(t.TempDir(), "gsl.conf")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		code, _, errOut := gslEnv(t, map[string]string{"GSL_DATA": t.TempDir()}, "serve", "--check", "--config="+path)
		if code != exitUsage || !strings.Contains(errOut, says) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%q: %d %q", text, code, errOut)
		}
	}
	if code, _, errOut := gslEnv(t, nil, "serve", "--check", "--config", "/no/such/file"); code != exitUsage || !strings.Contains(errOut, "--config") {
		t.Errorf("%d %q", code, errOut)
	}
}

// What cannot work, or would show people's data, is refused before a port opens.
func TestSettingsThatDoNotFitAreRefused(t *testing.T) {
	for args, says := range map[string]string{
		"--tls-cert a.pem": "belong together",
		"--tls-cert /no/a.pem --tls-key /no/b.pem --public-url https://gsl.example.cl":               "no such file",
		"--tls-cert /no/a.pem --tls-key /no/b.pem":                                                   "--public-url",
		"--tls-cert a --tls-key b --acme-domains gsl.example.cl --public-url https://gsl.example.cl": "not both",
		"--acme-email a@example.cl":                                                                  "--acme-domains",
		"--acme-domains *.example.cl":                                                                "no name",
		"--acme-domains gsl.example.cl --acme-directory http://x":                                    "https://",
		"--acme-domains gsl.example.cl --acme-ca /no/such/file":                                      "no such file",
		"--redirect-addr 127.0.0.1:0":                                                                "--public-url",
		"--redirect-addr here --public-url https://gsl.example.cl":                                   "host:port",
		"--metrics-addr 0.0.0.0:9464":                                                                "GSL_METRICS_TOKEN",
		"--metrics-addr here":                                                                        "host:port",
		"--proxies nowhere":                                                                          "nowhere",
		"--log-level loud":                                                                           "loud",
		"--addr 0.0.0.0:8080 --metrics-addr 127.0.0.1:0":                                             "--acme-domains",
	} {
		code, _, errOut := gslEnv(t, map[string]string{"GSL_DATA": t.TempDir()}, append([]string{"serve", "--check"}, strings.Fields(args)...)...)
		if code == exitDone || !strings.Contains(errOut, says) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%s: %d %q", args, code, errOut)
		}
	}
}

// Every setting that the code asks for is one that a configuration file may hold.
func TestEverySettingIsKnown(t *testing.T) {
	known := settingNames()
	for _, src := range sources(t) {
		if src.isTest() || !strings.HasPrefix(src.path, "app/") {
			continue
		}
		text, err := os.ReadFile(filepath.Join("..", src.path))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range envName.FindAllString(string(text), -1) {
			name = strings.TrimSuffix(name, fileSuffix)
			ok := strings.HasSuffix(name, "_") || strings.HasPrefix(name, "GSL_TEST")
			for _, k := range known {
				ok = ok || k == name
			}
			if !ok {
				t.Errorf("%s: %s is no flag's and not among the secrets: a configuration file cannot hold it", src.path, name)
			}
		}
	}
}

// Each limit of the machine is told with what to do about it.
func TestLimitsAreToldWithWhatToDo(t *testing.T) {
	config := Config{Data: "/data", MaxOpen: 200}
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	if list := (machine{now: now}).findings(config); len(list) > 0 {
		t.Errorf("about a machine that says nothing: %v", list)
	}
	for what, m := range map[string]machine{
		"LimitNOFILE":  {descriptors: 1024},
		"make room":    {disk: 10 << 20},
		"local disk":   {system: "on NFS"},
		"at least 256": {memory: 100 << 20},
		"timedatectl":  {newest: now.Add(time.Hour)},
		"--tmpfs":      {noTemp: os.ErrPermission},
		"was built":    {built: now.Add(24 * time.Hour)},
	} {
		m.now = now
		if list := m.findings(config); len(list) != 1 || !strings.Contains(list[0].String(), what) {
			t.Errorf("%s: %v", what, list)
		}
	}
	good := machine{now: now, newest: now.Add(time.Minute), built: now, descriptors: 65536, disk: 1 << 40, memory: 1 << 30}
	if list := good.findings(config); len(list) > 0 {
		t.Errorf("about a good machine: %v", list)
	}
	here := look(Config{Data: t.TempDir()}, time.Now())
	if here.descriptors == 0 || here.disk == 0 || here.memory == 0 {
		t.Errorf("the machine was not asked: %+v", here)
	}
}

// The memory of a container is that of the tightest group above the process.
func TestMemoryOfTheTightestGroup(t *testing.T) {
	root := t.TempDir()
	for path, text := range map[string]string{
		"a/memory.max": "536870912\n", "a/b/memory.max": "max\n", "own": "0::/a/b\n", "info": "MemTotal:  8388608 kB\nMemFree: 1 kB\n",
	} {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at := func(name string) string { return filepath.Join(root, name) }
	if got := memoryLimit(at("own"), root, at("info")); got != 512<<20 {
		t.Errorf("%d", got)
	}
	if got := memoryLimit(at("none"), root, at("info")); got != 8<<30 {
		t.Errorf("%d", got)
	}
}

// A small container's heap is smaller than a machine's.
func TestTheHeapFitsTheContainer(t *testing.T) {
	for memory, want := range map[uint64]int64{0: enough, 256 << 20: 192 << 20, 24 << 30: enough} {
		if got := heapFor(memory); got != want {
			t.Errorf("%d: %d", memory, got)
		}
	}
}

func TestNetworksAreAFlag(t *testing.T) {
	var n networks
	if err := n.Set("10.1.2.3/8, ::1"); err != nil || n.String() != "10.0.0.0/8,::1/128" || len([]netip.Prefix(n)) != 2 {
		t.Errorf("%v %v", n, err)
	}
}
