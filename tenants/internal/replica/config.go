package replica

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// The names that litestream.yml stands for each file with. The stock Litestream
// reads them from the environment, so the very same file serves it for a
// restore: GSL_FILE=… GSL_REPLICA=… litestream restore -config litestream.yml …
const (
	fileName     = "GSL_FILE"         // the file's path
	replicaName  = "GSL_REPLICA"      // its prefix: municipalities/<id>/e1/main
	municipality = "GSL_MUNICIPALITY" // the id, or national, or registry
)

// Config is litestream.yml: where the copies go and how often. The keys are
// Litestream's own, fewer of them; an unknown one is an error, because a
// misspelt retention is found when somebody needs what it deleted.
type Config struct {
	from     string // the file it was read from; "" for the default
	text     document
	environ  func(string) string
	replica  target
	database database
}

type document struct {
	settings `yaml:",inline"`

	Levels                   []level        `yaml:"levels"`
	Snapshot                 snapshot       `yaml:"snapshot"`
	L0Retention              *time.Duration `yaml:"l0-retention"`
	L0RetentionCheckInterval *time.Duration `yaml:"l0-retention-check-interval"`
	VerifyCompaction         *bool          `yaml:"verify-compaction"`
	DBs                      []database     `yaml:"dbs"`
}

type level struct {
	Interval time.Duration `yaml:"interval"`
}

type snapshot struct {
	Interval  *time.Duration `yaml:"interval"`
	Retention *time.Duration `yaml:"retention"`
}

type database struct {
	Path               string         `yaml:"path"`
	CheckpointInterval *time.Duration `yaml:"checkpoint-interval"`
	BusyTimeout        *time.Duration `yaml:"busy-timeout"`
	MinCheckpointPageN *int           `yaml:"min-checkpoint-page-count"`
	TruncatePageN      *int           `yaml:"truncate-page-n"`
	Replica            *target        `yaml:"replica"`
}

// target is one place for copies.
type target struct {
	settings `yaml:",inline"`

	Type string `yaml:"type"`
	Path string `yaml:"path"`
}

// settings may stand at the top of the file or in the block of the replica, which wins.
type settings struct {
	SyncInterval *time.Duration `yaml:"sync-interval"`

	AccessKeyID          string `yaml:"access-key-id"`
	SecretAccessKey      string `yaml:"secret-access-key"`
	Region               string `yaml:"region"`
	Bucket               string `yaml:"bucket"`
	Endpoint             string `yaml:"endpoint"`
	ForcePathStyle       *bool  `yaml:"force-path-style"`
	SignPayload          *bool  `yaml:"sign-payload"`
	SkipVerify           *bool  `yaml:"skip-verify"`
	StorageClass         string `yaml:"storage-class"`
	Concurrency          *int   `yaml:"concurrency"`
	SSECustomerAlgorithm string `yaml:"sse-customer-algorithm"`
	SSECustomerKey       string `yaml:"sse-customer-key"`
	SSECustomerKeyPath   string `yaml:"sse-customer-key-path"`
	SSEKMSKeyID          string `yaml:"sse-kms-key-id"`
}

// What Litestream is told where litestream.yml says nothing. Its own defaults
// are for one file: with 345 they ask the store 46 times a second what is there.
const (
	syncInterval       = time.Second
	snapshotInterval   = 24 * time.Hour
	snapshotRetention  = 30 * 24 * time.Hour
	l0Retention        = 5 * time.Minute
	l0RetentionCheck   = 5 * time.Minute
	checkpointInterval = time.Minute
	checkpointPages    = 4000 // each holds writers up for a moment: seldom enough not to be felt
)

var levelIntervals = []time.Duration{5 * time.Minute, time.Hour}

// Default is what counts without a litestream.yml: copies beside the files.
// They help against a mistake and a damaged file, not against a lost disk.
func Default(dir string) *Config {
	path, err := filepath.Abs(filepath.Join(dir, "replicas"))
	if err != nil {
		path = filepath.Join(dir, "replicas")
	}
	return &Config{environ: func(string) string { return "" }, replica: target{Type: "file", Path: path + "/${" + replicaName + "}"}}
}

// Read reads litestream.yml. environ gives the variables that it names; nil: the
// environment, where NAME_FILE may name a file that holds the value of NAME.
func Read(path string, environ func(string) string) (*Config, error) {
	text, err := os.ReadFile(path) //nolint:gosec // named by the operator
	if err != nil {
		return nil, err
	}
	return Parse(path, text, environ)
}

// Parse is Read of a text. Errors begin with the name and the line.
func Parse(name string, text []byte, environ func(string) string) (*Config, error) {
	if environ == nil {
		environ = Environment
	}
	c := &Config{from: name, environ: environ}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&c.text); err != nil && !errors.Is(err, io.EOF) {
		return nil, plain(name, err)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil, plain(name, err)
	}
	if err := c.checkVariables(&root); err != nil {
		return nil, err
	}
	if err := c.take(&root); err != nil {
		return nil, err
	}
	_, err := c.Client("national/e1") // what is missing is said now, not at the first copy
	return c, err
}

// Environment is the process's, with Docker's manner of handing over secrets.
func Environment(name string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	path := os.Getenv(name + "_FILE")
	if path == "" {
		return ""
	}
	value, err := os.ReadFile(path) //nolint:gosec // named by the operator
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(value))
}

var unknownKey = regexp.MustCompile(`^line (\d+): field (\S+) not found in type .*$`)

// plain says what is wrong with the text in words of the one who wrote it.
func plain(name string, err error) error {
	var wrong *yaml.TypeError
	if !errors.As(err, &wrong) {
		return fmt.Errorf("%s: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	var all []error
	for _, text := range wrong.Errors {
		if m := unknownKey.FindStringSubmatch(text); m != nil {
			all = append(all, fmt.Errorf("%s:%s: %s is not a key that we know", name, m[1], m[2]))
			continue
		}
		all = append(all, fmt.Errorf("%s: %s", name, text))
	}
	return errors.Join(all...)
}

// checkVariables refuses a variable that nobody has set: Litestream would take
// it for empty text, and a path without its prefix mixes all files in one place.
func (c *Config) checkVariables(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		var missing string
		os.Expand(node.Value, func(variable string) string {
			if !perFile(variable) && c.environ(variable) == "" {
				missing = variable
			}
			return ""
		})
		if missing != "" {
			return fmt.Errorf("%s:%d: the variable %s is not set, nor %s_FILE", c.from, node.Line, missing, missing)
		}
	}
	for _, child := range node.Content {
		if err := c.checkVariables(child); err != nil {
			return err
		}
	}
	return nil
}

func perFile(variable string) bool {
	return variable == fileName || variable == replicaName || variable == municipality
}

// take picks the one block that stands for all files.
func (c *Config) take(root *yaml.Node) error {
	line := func(path ...string) int { return lineOf(root, path) }
	if len(c.text.DBs) != 1 || c.text.DBs[0].Replica == nil {
		return fmt.Errorf("%s:%d: dbs needs one entry with its replica; it stands for every file", c.from, line("dbs"))
	}
	c.database = c.text.DBs[0]
	c.replica = *c.database.Replica
	c.replica.inherit(&c.text.settings)
	if strings.TrimSpace(c.database.Path) != "${"+fileName+"}" {
		return fmt.Errorf("%s:%d: path of the entry must be ${%s}, which stands for every file", c.from, line("dbs", "path"), fileName)
	}
	if !strings.Contains(c.replica.Path, "${"+replicaName+"}") {
		return fmt.Errorf("%s:%d: path of the replica must hold ${%s}, or all files would be mixed in one place",
			c.from, line("dbs", "replica", "path"), replicaName)
	}
	if c.replica.Type != "file" && c.replica.Type != "s3" {
		return fmt.Errorf("%s:%d: type %q: we write to file and s3", c.from, line("dbs", "replica", "type"), c.replica.Type)
	}
	return c.checkTimes(line)
}

// checkTimes refuses intervals that make no sense.
func (c *Config) checkTimes(line func(...string) int) error {
	for i, at := range c.text.Levels {
		if at.Interval <= 0 || (i > 0 && at.Interval <= c.text.Levels[i-1].Interval) {
			return fmt.Errorf("%s:%d: each level needs an interval longer than the one before", c.from, line("levels"))
		}
	}
	for key, value := range map[string]*time.Duration{
		"sync-interval": c.replica.SyncInterval, "l0-retention": c.text.L0Retention,
		"l0-retention-check-interval": c.text.L0RetentionCheckInterval,
	} {
		if value != nil && *value <= 0 {
			return fmt.Errorf("%s:%d: %s must be longer than nothing", c.from, line(key), key)
		}
	}
	if c.SnapshotRetention() < c.SnapshotInterval() || c.SnapshotInterval() <= 0 {
		return fmt.Errorf("%s:%d: snapshots are kept for less time than passes between two", c.from, line("snapshot"))
	}
	return nil
}

// lineOf finds the line of a key; sequences are passed through.
func lineOf(node *yaml.Node, path []string) int {
	switch node.Kind {
	case yaml.DocumentNode, yaml.SequenceNode:
		if len(node.Content) > 0 {
			return lineOf(node.Content[0], path)
		}
	case yaml.MappingNode:
		for i := 0; len(path) > 0 && i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value != path[0] {
				continue
			}
			if len(path) == 1 {
				return node.Content[i].Line
			}
			return lineOf(node.Content[i+1], path[1:])
		}
	}
	return max(node.Line, 1)
}

// inherit takes from the top of the file what the block does not say.
func (s *settings) inherit(top *settings) {
	s.SyncInterval = or(s.SyncInterval, top.SyncInterval)
	s.ForcePathStyle = or(s.ForcePathStyle, top.ForcePathStyle)
	s.SignPayload = or(s.SignPayload, top.SignPayload)
	s.SkipVerify = or(s.SkipVerify, top.SkipVerify)
	s.Concurrency = or(s.Concurrency, top.Concurrency)
	for _, pair := range []struct{ own, top *string }{
		{&s.AccessKeyID, &top.AccessKeyID}, {&s.SecretAccessKey, &top.SecretAccessKey}, {&s.Region, &top.Region},
		{&s.Bucket, &top.Bucket}, {&s.Endpoint, &top.Endpoint}, {&s.StorageClass, &top.StorageClass},
		{&s.SSECustomerAlgorithm, &top.SSECustomerAlgorithm}, {&s.SSECustomerKey, &top.SSECustomerKey},
		{&s.SSECustomerKeyPath, &top.SSECustomerKeyPath}, {&s.SSEKMSKeyID, &top.SSEKMSKeyID},
	} {
		if *pair.own == "" {
			*pair.own = *pair.top
		}
	}
}

func or[T any](own, top *T) *T {
	if own != nil {
		return own
	}
	return top
}

func value[T any](set *T, fallback T) T {
	if set != nil {
		return *set
	}
	return fallback
}

// SyncInterval is how long a change waits for others to be copied with it.
func (c *Config) SyncInterval() time.Duration { return value(c.replica.SyncInterval, syncInterval) }

// SnapshotInterval is the time between two whole copies of a file.
func (c *Config) SnapshotInterval() time.Duration {
	return value(c.text.Snapshot.Interval, snapshotInterval)
}

// SnapshotRetention is how far back a file can be restored.
func (c *Config) SnapshotRetention() time.Duration {
	return value(c.text.Snapshot.Retention, snapshotRetention)
}
