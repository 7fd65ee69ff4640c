package replica

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/benbjohnson/litestream/file"
	"github.com/benbjohnson/litestream/s3"
)

const sample = `
access-key-id: ${STORE_KEY}
secret-access-key: ${STORE_SECRET}
snapshot:
  interval: 12h
  retention: 2160h
levels:
  - interval: 10m
dbs:
  - path: ${GSL_FILE}
    replica:
      type: s3
      endpoint: http://127.0.0.1:9000
      bucket: gsl
      path: chile/${GSL_REPLICA}
      sync-interval: 2s
`

func environ(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestParseReadsTheKeysOfLitestream(t *testing.T) {
	c, err := Parse("litestream.yml", []byte(sample), environ("STORE_KEY", "k", "STORE_SECRET", "top-secret"))
	if err != nil {
		t.Fatal(err)
	}
	if c.SyncInterval() != 2*time.Second || c.SnapshotInterval() != 12*time.Hour || c.SnapshotRetention() != 90*24*time.Hour {
		t.Errorf("intervals %v, %v, %v", c.SyncInterval(), c.SnapshotInterval(), c.SnapshotRetention())
	}
	if got := c.Target(); got != "s3 gsl/chile (http://127.0.0.1:9000)" {
		t.Errorf("target %q", got)
	}
	made, err := c.Client("municipalities/u1/e3/access")
	if err != nil {
		t.Fatal(err)
	}
	client := made.(*s3.ReplicaClient)
	if client.Bucket != "gsl" || client.Path != "chile/municipalities/u1/e3/access" || client.AccessKeyID != "k" ||
		client.SecretAccessKey != "top-secret" || !client.ForcePathStyle || client.Endpoint != "http://127.0.0.1:9000" {
		t.Errorf("client %+v", client)
	}
}

func TestEachMunicipalityMayHaveAKeyOfItsOwn(t *testing.T) {
	dir := t.TempDir()
	for _, whose := range []string{"u1", "national"} {
		key := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(whose[:1], 32)))
		if err := os.WriteFile(filepath.Join(dir, whose+".key"), []byte(key+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text := sample + "      sse-customer-key-path: " + dir + "/${GSL_MUNICIPALITY}.key\n"
	c, err := Parse("litestream.yml", []byte(text), environ("STORE_KEY", "k", "STORE_SECRET", "s"))
	if err != nil {
		t.Fatal(err)
	}
	made, err := c.Client("municipalities/u1/e1/main")
	if err != nil {
		t.Fatal(err)
	}
	if client := made.(*s3.ReplicaClient); client.SSECustomerKey != base64.StdEncoding.EncodeToString([]byte(strings.Repeat("u", 32))) ||
		client.SSECustomerAlgorithm != "AES256" {
		t.Errorf("the key of u1 is %q (%s)", client.SSECustomerKey, client.SSECustomerAlgorithm)
	}
	if _, err := c.Client("municipalities/u2/e1/main"); err == nil || !strings.Contains(err.Error(), "u2.key") {
		t.Errorf("a municipality whose key is missing: %v", err)
	}
}

// What is wrong is said with its line: the one who wrote the file looks for it there.
func TestParseRefusesWithTheLine(t *testing.T) {
	good := environ("STORE_KEY", "k", "STORE_SECRET", "s")
	for _, test := range []struct{ name, old, fresh, want string }{
		{"unknown key", "retention: 2160h", "retension: 2160h", "litestream.yml:6: retension is not a key that we know"},
		{"unknown key below", "bucket: gsl", "buckett: gsl", "litestream.yml:14: buckett is not a key that we know"},
		{"no time", "interval: 12h", "interval: often", "litestream.yml: line 5"},
		{"not set", "${STORE_KEY}", "${STORE_KEX}", "litestream.yml:2: the variable STORE_KEX is not set"},
		{"all files in one place", "path: chile/${GSL_REPLICA}", "path: chile", "litestream.yml:15: path of the replica must hold ${GSL_REPLICA}"},
		{"one file only", "path: ${GSL_FILE}", "path: data/national.db", "litestream.yml:10: path of the entry must be ${GSL_FILE}"},
		{"unknown type", "type: s3", "type: nats", `litestream.yml:12: type "nats"`},
		{"no bucket", "bucket: gsl", "region: x", "litestream.yml: an s3 replica needs a bucket"},
		{"half a credential", "secret-access-key: ${STORE_SECRET}", "region: x", "access-key-id and secret-access-key go together"},
		{"kept too short", "retention: 2160h", "retention: 2h", "litestream.yml:4: snapshots are kept for less time"},
		{"levels in disorder", "  - interval: 10m", "  - interval: 10m\n  - interval: 10m", "litestream.yml:7: each level"},
		{"no database", "dbs:", "#", "litestream.yml"},
		{"tab", "  interval: 12h", "\tinterval: 12h", "litestream.yml: line 5"},
	} {
		text := strings.Replace(sample, test.old, test.fresh, 1)
		if text == sample {
			t.Fatalf("%s: nothing replaced", test.name)
		}
		_, err := Parse("litestream.yml", []byte(text), good)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
		if err != nil && strings.Contains(err.Error(), "top-secret") {
			t.Errorf("%s: the secret is in the error", test.name)
		}
	}
	if _, err := Parse("litestream.yml", nil, good); err == nil {
		t.Error("an empty file was taken")
	}
}

func TestCredentialsMayStandInFiles(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("from-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("STORE_KEY", "k")
	t.Setenv("STORE_SECRET_FILE", secret)
	c, err := Parse("litestream.yml", []byte(sample), nil)
	if err != nil {
		t.Fatal(err)
	}
	made, err := c.Client("national/e1")
	if err != nil {
		t.Fatal(err)
	}
	if client := made.(*s3.ReplicaClient); client.SecretAccessKey != "from-file" {
		t.Errorf("secret %q", client.SecretAccessKey)
	}
}

// With AWS_CA_BUNDLE in the environment every request of Litestream's client fails.
func TestACABundleOfTheEnvironmentIsTakenAway(t *testing.T) {
	t.Setenv("AWS_CA_BUNDLE", "/etc/ssl/certs/ca-certificates.crt")
	unsetCABundle()
	if value, set := os.LookupEnv("AWS_CA_BUNDLE"); set {
		t.Errorf("it is still %q", value)
	}
}

func TestWithoutAFileTheReplicasLieBesideTheFiles(t *testing.T) {
	dir := t.TempDir()
	c := Default(dir)
	if !c.SameDisk(dir) || c.Target() != "file "+filepath.Join(dir, "replicas") {
		t.Errorf("same disk %v, %q", c.SameDisk(dir), c.Target())
	}
	made, err := c.Client("municipalities/u1/e1/main")
	if err != nil {
		t.Fatal(err)
	}
	if got := made.(*file.ReplicaClient).Path(); got != filepath.Join(dir, "replicas/municipalities/u1/e1/main") {
		t.Errorf("path %q", got)
	}
}

// The example that operators copy is one that we take.
func TestTheExampleIsTaken(t *testing.T) {
	text, err := os.ReadFile("../../../litestream.yml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := Parse("litestream.yml", text, environ("STORE_ACCESS_KEY", "k", "STORE_SECRET_KEY", "s"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Target() != "s3 gsl (https://store.example.cl)" || c.SnapshotRetention() != 30*24*time.Hour {
		t.Errorf("target %q, kept %v", c.Target(), c.SnapshotRetention())
	}
}
