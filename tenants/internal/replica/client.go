package replica

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/benbjohnson/litestream"
	"github.com/benbjohnson/litestream/file"
	"github.com/benbjohnson/litestream/s3"
)

// Client gives the client of one place below the target, such as
// municipalities/<id>/e1/main. It connects to nothing; call Init before use.
func (c *Config) Client(prefix string) (litestream.ReplicaClient, error) {
	at := c.replica.expand(func(name string) string {
		switch name {
		case replicaName:
			return prefix
		case municipality:
			return Whose(prefix)
		}
		return c.environ(name)
	})
	if at.Type == "file" {
		place, err := filepath.Abs(filepath.FromSlash(at.Path))
		if err != nil {
			return nil, err
		}
		return file.NewReplicaClient(place), nil
	}
	client, err := at.s3()
	if err != nil && c.from != "" {
		return nil, fmt.Errorf("%s: %w", c.from, err)
	}
	return client, err
}

// Whose is the municipality that a prefix belongs to, or national, or registry.
func Whose(prefix string) string {
	parts := strings.Split(prefix, "/")
	if parts[0] == "municipalities" && len(parts) > 1 {
		return parts[1]
	}
	return parts[0]
}

// expand fills in the variables.
func (t target) expand(variable func(string) string) target {
	for _, text := range []*string{
		&t.Path, &t.AccessKeyID, &t.SecretAccessKey, &t.Region, &t.Bucket, &t.Endpoint, &t.StorageClass,
		&t.SSECustomerAlgorithm, &t.SSECustomerKey, &t.SSECustomerKeyPath, &t.SSEKMSKeyID,
	} {
		*text = os.Expand(*text, variable)
	}
	return t
}

// unsetCABundle takes away a variable with which Amazon's library refuses the
// HTTP client that Litestream gives it, so that every request fails.
func unsetCABundle() { _ = os.Unsetenv("AWS_CA_BUNDLE") }

func (t target) s3() (litestream.ReplicaClient, error) {
	unsetCABundle()
	if t.Bucket == "" {
		return nil, errors.New("an s3 replica needs a bucket")
	}
	if (t.AccessKeyID == "") != (t.SecretAccessKey == "") {
		return nil, errors.New("access-key-id and secret-access-key go together")
	}
	// By its address, because the factory knows what each provider needs.
	made, err := litestream.NewReplicaClientFromURL((&url.URL{Scheme: "s3", Host: t.Bucket, Path: "/" + t.Path, RawQuery: t.query().Encode()}).String())
	if err != nil {
		return nil, err
	}
	client, ok := made.(*s3.ReplicaClient)
	if !ok {
		return nil, fmt.Errorf("an s3 replica became a %T", made)
	}
	client.Bucket, client.Path = t.Bucket, strings.Trim(path.Clean("/"+t.Path), "/")
	client.AccessKeyID, client.SecretAccessKey = t.AccessKeyID, t.SecretAccessKey // empty: Amazon's chain of environment and files
	client.SSEKMSKeyID = t.SSEKMSKeyID
	return client, t.encrypt(client)
}

func (t target) query() url.Values {
	query := url.Values{}
	set := func(key, value string) {
		if value != "" {
			query.Set(key, value)
		}
	}
	flag := func(key string, value *bool) {
		if value != nil {
			query.Set(key, fmt.Sprint(*value))
		}
	}
	if t.Endpoint != "" && !strings.Contains(t.Endpoint, "://") {
		t.Endpoint = "https://" + t.Endpoint
	}
	set("endpoint", t.Endpoint)
	set("region", t.Region)
	set("storageClass", t.StorageClass)
	flag("forcePathStyle", t.ForcePathStyle)
	flag("signPayload", t.SignPayload)
	flag("skipVerify", t.SkipVerify)
	if t.Concurrency != nil {
		query.Set("concurrency", fmt.Sprint(*t.Concurrency))
	}
	return query
}

// encrypt hands the store the key with which it encrypts what we send and that it forgets.
func (t target) encrypt(client *s3.ReplicaClient) error {
	client.SSECustomerKey, client.SSECustomerAlgorithm = t.SSECustomerKey, ""
	if t.SSECustomerKeyPath != "" {
		key, err := os.ReadFile(t.SSECustomerKeyPath)
		if err != nil {
			return fmt.Errorf("sse-customer-key-path: %w", err)
		}
		client.SSECustomerKey = strings.TrimSpace(string(key))
	}
	if client.SSECustomerKey != "" {
		client.SSECustomerAlgorithm = first(t.SSECustomerAlgorithm, "AES256")
	}
	return nil
}

func first(values ...string) string {
	for _, value := range values {
		if value != "" {
			return value
		}
	}
	return ""
}

// Target names the place for people, without secrets.
func (c *Config) Target() string {
	at := c.replica.expand(func(name string) string {
		if perFile(name) {
			return ""
		}
		return c.environ(name)
	})
	if at.Type == "file" {
		return "file " + filepath.Clean(at.Path)
	}
	place := "s3 " + strings.Trim(path.Join(at.Bucket, at.Path), "/")
	if at.Endpoint != "" {
		place += " (" + at.Endpoint + ")"
	}
	return place
}

// SameDisk reports whether the copies lie on the disk of the data directory:
// then they are no backup.
func (c *Config) SameDisk(dir string) bool {
	if c.replica.Type != "file" {
		return false
	}
	return sameDisk(dir, strings.TrimPrefix(c.Target(), "file "))
}

// existing is the nearest directory above a path that is there already.
func existing(path string) os.FileInfo {
	for {
		info, err := os.Stat(path)
		if err == nil {
			return info
		}
		up := filepath.Dir(path)
		if up == path {
			return nil
		}
		path = up
	}
}

// Newest gives the highest epoch that holds anything, looking upwards from one
// that is known; 0 when there is none. place makes the prefix of an epoch.
func (c *Config) Newest(ctx context.Context, known int, place func(epoch int) string) (newest int, err error) {
	const gap = 3 // an epoch may have been begun and never written to
	for epoch := max(known, 1); epoch <= newest+gap || epoch <= known+gap; epoch++ {
		held, err := c.holds(ctx, place(epoch))
		if err != nil {
			return 0, err
		}
		if held {
			newest = epoch
		}
	}
	return newest, nil
}

func (c *Config) holds(ctx context.Context, prefix string) (bool, error) {
	client, err := c.Client(prefix)
	if err != nil {
		return false, err
	}
	if err := client.Init(ctx); err != nil {
		return false, err
	}
	for _, level := range []int{litestream.SnapshotLevel, 0, 1, 2} {
		files, err := client.LTXFiles(ctx, level, 0, false)
		if err != nil {
			return false, err
		}
		found := files.Next()
		if err := files.Close(); err != nil || found {
			return found, err
		}
	}
	return false, nil
}
