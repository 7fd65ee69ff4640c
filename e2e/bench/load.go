package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// job is what the load generator is told on its standard input: whole HTTP
// requests, sent over keep-alive connections, each waiting for its answer.
type job struct {
	Addr        string
	Connections int
	Seconds     float64
	Rate        float64  // requests a second, whether or not the earlier ones were answered; 0: as fast as answers come
	Once        bool     // each request is sent at most once (a change), else they go round
	Status      int      // the only status that counts as an answer
	Requests    [][]byte // raw HTTP/1.1 requests
}

// sample is what the load generator prints: latencies in microseconds.
type sample struct {
	Requests int
	Seconds  float64
	P50, P99 float64
	Max      float64
	Bytes    int64 // of the bodies
	Wrong    int
	FirstBad string
}

// generate is the load generator, a process of its own that does as little as
// it can, so that the cores go to the server. It says when it is ready and
// begins when it is told, so that the server's clocks can be read in between.
func generate() error {
	in := bufio.NewReader(os.Stdin)
	var work job
	line, err := in.ReadBytes('\n')
	if err != nil {
		return err
	}
	if err := json.Unmarshal(line, &work); err != nil {
		return err
	}
	if _, err := fmt.Println("ready"); err != nil {
		return err
	}
	if _, err := in.ReadBytes('\n'); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(work.run())
}

func (j *job) run() sample {
	var next atomic.Int64
	var wait sync.WaitGroup
	results := make([]workerResult, j.Connections)
	begin := time.Now()
	for i := range results {
		wait.Go(func() { results[i] = j.work(&next, begin) })
	}
	wait.Wait()
	return summarise(results, time.Since(begin))
}

type workerResult struct {
	latencies []float64
	bytes     int64
	wrong     int
	firstBad  string
}

func (j *job) work(next *atomic.Int64, begin time.Time) (r workerResult) {
	conn, err := net.Dial("tcp", j.Addr)
	if err != nil {
		return workerResult{wrong: 1, firstBad: err.Error()}
	}
	defer func() { _ = conn.Close() }()
	reader := bufio.NewReaderSize(conn, 64<<10)
	deadline := begin.Add(time.Duration(j.Seconds * float64(time.Second)))
	for {
		n := next.Add(1) - 1
		due := j.due(n, begin)
		if due.After(deadline) || j.Once && n >= int64(len(j.Requests)) {
			return r
		}
		time.Sleep(time.Until(due))
		if _, err := conn.Write(j.Requests[n%int64(len(j.Requests))]); err != nil {
			return fail(r, err.Error())
		}
		status, size, err := readAnswer(reader)
		if err != nil {
			return fail(r, err.Error())
		}
		if status != j.Status {
			r = fail(r, fmt.Sprintf("request %d answered %d", n, status))
			continue
		}
		r.latencies = append(r.latencies, float64(time.Since(due).Nanoseconds())/1000)
		r.bytes += size
	}
}

// due is when request n is to be sent. With a rate the latency counts from that
// time, also when every connection was still waiting: people do not come slower
// because the server is slow.
func (j *job) due(n int64, begin time.Time) time.Time {
	if j.Rate == 0 {
		return time.Now()
	}
	return begin.Add(time.Duration(float64(n) / j.Rate * float64(time.Second)))
}

func fail(r workerResult, why string) workerResult {
	r.wrong++
	if r.firstBad == "" {
		r.firstBad = why
	}
	return r
}

// readAnswer reads one answer with a Content-Length and throws the body away.
func readAnswer(reader *bufio.Reader) (status int, size int64, err error) {
	if status, err = readStatus(reader); err != nil {
		return 0, 0, err
	}
	length := int64(-1)
	for {
		line, err := reader.ReadSlice('\n')
		if err != nil {
			return 0, 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if name, value, ok := bytes.Cut(line, []byte(":")); ok && bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.ParseInt(string(bytes.TrimSpace(value)), 10, 64); err != nil {
				return 0, 0, err
			}
		}
	}
	if status == http.StatusNoContent {
		return status, 0, nil
	}
	if length < 0 {
		return 0, 0, errors.New("an answer without Content-Length")
	}
	_, err = io.CopyN(io.Discard, reader, length)
	return status, length, err
}

func readStatus(reader *bufio.Reader) (int, error) {
	line, err := reader.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 12 {
		return 0, errors.New("no status line")
	}
	return strconv.Atoi(string(line[9:12]))
}

func summarise(results []workerResult, took time.Duration) sample {
	var all []float64
	s := sample{Seconds: took.Seconds()}
	for _, r := range results {
		all = append(all, r.latencies...)
		s.Bytes += r.bytes
		s.Wrong += r.wrong
		if s.FirstBad == "" {
			s.FirstBad = r.firstBad
		}
	}
	slices.Sort(all)
	s.Requests = len(all)
	if len(all) > 0 {
		s.P50 = all[len(all)/2]
		s.P99 = all[len(all)*99/100]
		s.Max = all[len(all)-1]
	}
	return s
}
