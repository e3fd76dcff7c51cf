// Package drawn is for tests only. It runs properties on random cases, with
// pgregory.net/rapid, so that everybody gets the same cases: rapid's own Check
// takes another seed on every run.
//
// The seed of a test is made from its name. So a test draws the same cases alone
// or with all others, on every machine. Three things change that, each of them
// on purpose:
//
//	EXPLORE=7 go test …           other cases, from the seed 7 and the test's name,
//	                              ten times as many if they are quick: make explore
//	go test … -rapid.seed=7       one case again, as a failure's message says
//	go test … -rapid.checks=5000  more of the usual cases
//
// Environment variables and files of rapid have no effect here.
package drawn

import (
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// usual is how many cases a property gets. From so many on, the part of cases
// that could not be planned is judged: that of fewer says little.
const usual = 100

// explored is how many cases a property gets while exploring.
const explored = 10 * usual

// Names of the environment variables of an exploration: its seed, and for how
// long a property goes on after the usual number of cases.
const (
	exploreSeed = "EXPLORE"
	exploreTime = "EXPLORE_TIME"
)

// Check runs a property on random cases. Every one of them must show something.
func Check(t *testing.T, prop func(*rapid.T)) {
	t.Helper()
	CheckMost(t, 0, func(rt *rapid.T) bool {
		prop(rt)
		return true
	})
}

// MakeCheck is Check as a function for t.Run.
func MakeCheck(prop func(*rapid.T)) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		Check(t, prop)
	}
}

// CheckMost is Check for cases some of which cannot be planned, such as a load
// that no machine carries. The property returns false for these. They are
// counted, and the test fails when they are more than the given part of all:
// otherwise a test could go on passing while it looks at hardly anything.
func CheckMost(t *testing.T, unplanned float64, prop func(*rapid.T) bool) {
	t.Helper()
	r, err := readRun()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.Background(), context.CancelFunc(func() {})
	if r.exploring() {
		ctx, cancel = context.WithTimeout(ctx, r.time)
	}
	defer cancel()
	n, none, failed := 0, 0, false
	r.check(t, func(rt *rapid.T) {
		// Enough. But once a case has failed, rapid runs it again to make it
		// smaller, and that must not depend on time.
		if n >= usual && ctx.Err() != nil && !failed {
			return
		}
		ended := false
		defer func() { failed = failed || !ended || rt.Failed() }()
		n++
		if !prop(rt) {
			none++
		}
		ended = true
	})
	if none > 0 {
		t.Logf("%d of %d drawn cases cannot be planned; at most %v %% may", none, n, unplanned*100)
	}
	if n >= usual && float64(none) > unplanned*float64(n) {
		t.Fatalf("too many drawn cases cannot be planned, so the test looks at too few\n%s", again(t, r.env(), ""))
	}
}

// run is how this process draws.
type run struct {
	explore string // the seed, or "" for the usual cases
	time    time.Duration
	given   map[string]bool // flags on the command line
}

// one tells whether the caller wants one case again, that of a seed.
func (r run) one() bool { return r.given["rapid.seed"] }

func (r run) exploring() bool { return r.explore != "" && !r.one() }

// env is what has to stand before a command that draws the same cases again.
func (r run) env() string {
	if r.exploring() {
		return exploreSeed + "=" + r.explore + " "
	}
	return ""
}

// seed is where the cases of a test begin. Zero would be random for rapid.
func (r run) seed(test string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(test + "\x00" + r.explore))
	return max(h.Sum64(), 1)
}

// onCommandLine are the flags that the caller gave. The first call comes before
// any flag is set here.
var onCommandLine = sync.OnceValue(func() map[string]bool {
	given := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { given[f.Name] = true })
	return given
})

// readRun reads the command line and the environment, and sets the flags of
// rapid that are the same for all tests.
func readRun() (run, error) {
	r := run{explore: os.Getenv(exploreSeed), time: 5 * time.Second, given: onCommandLine()}
	if r.explore != "" {
		if _, err := strconv.ParseUint(r.explore, 10, 64); err != nil {
			return r, fmt.Errorf("%s=%s: the seed of an exploration is a whole number", exploreSeed, r.explore)
		}
	}
	if text := os.Getenv(exploreTime); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil || d <= 0 {
			return r, fmt.Errorf("%s=%s: a time is like 5s", exploreTime, text)
		}
		r.time = d
	}
	setAll.Do(func() {
		for name, value := range r.settings() {
			r.set(name, value)
		}
	})
	return r, nil
}

// setAll sees to it that these flags are set before the first test, and not while
// another reads them.
var setAll = new(sync.Once)

// settings are the flags of rapid but for the seed. Their defaults would come
// from environment variables (RAPID_CHECKS and others).
func (r run) settings() map[string]string {
	cases := usual
	switch {
	case r.one():
		cases = 1
	case r.exploring():
		cases = explored
	}
	return map[string]string{"rapid.checks": strconv.Itoa(cases), "rapid.steps": "30", "rapid.failfile": "",
		"rapid.nofailfile": "true", "rapid.shrinktime": "20s"}
}

// set sets a flag, unless the caller did.
func (r run) set(name, value string) {
	if r.given[name] {
		return
	}
	if err := flag.Set(name, value); err != nil {
		panic(err) // rapid has no such flag any more
	}
}

// seeding is held from when the seed is set, which is one flag for all tests,
// until rapid has read it: some tests run in parallel.
var seeding = new(sync.Mutex)

func (r run) check(t *testing.T, prop func(*rapid.T)) {
	t.Helper()
	seeding.Lock()
	read := sync.OnceFunc(seeding.Unlock)
	defer read()
	r.set("rapid.seed", strconv.FormatUint(r.seed(t.Name()), 10))
	rapid.Check(reporter{t}, func(rt *rapid.T) {
		read() // rapid did, before the first case
		prop(rt)
	})
}

// reporter is a test as rapid sees it.
type reporter struct{ *testing.T }

// Name is the test's. The slash means nothing to -run; but rapid, which would
// begin with cases from files under testdata/rapid/<name>, finds none: such a
// file is on one machine only.
func (r reporter) Name() string { return r.T.Name() + "/" }

// Errorf turns rapid's advice, which names flags, into a whole command.
func (r reporter) Errorf(format string, args ...any) {
	r.T.Helper()
	advice := regexp.MustCompile(`To (?:try to )?reproduce, specify .*-rapid\.seed=(\d+)\)?`)
	text := advice.ReplaceAllStringFunc(fmt.Sprintf(format, args...), func(s string) string {
		return again(r.T, "", " -rapid.seed="+advice.FindStringSubmatch(s)[1])
	})
	r.T.Error(text)
}

// again is the line that runs a test once more.
func again(t *testing.T, env, flags string) string {
	parts := strings.Split(t.Name(), "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return fmt.Sprintf("To see it again: %sgo test %s -run '%s'%s", env, folder(), strings.Join(parts, "/"), flags)
}

// folder is where the running test is, as go test wants it. The test program of
// headroom/pkg/plan has the path headroom/pkg/plan.test.
func folder() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "."
	}
	path := strings.TrimSuffix(info.Path, ".test")
	return "." + strings.TrimPrefix(path, info.Main.Path)
}
