package words

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/remark"
)

func TestCounted(t *testing.T) {
	require.Equal(t, "0 months", Counted(0, "month"))
	require.Equal(t, "1 month", Counted(1, "month"))
	require.Equal(t, "2 months", Counted(2, "month"))
}

// What there is one of is said in the singular.
func TestOneOfAThingIsSingular(t *testing.T) {
	for want, r := range map[string]remark.Remark{
		"1 read replica of each primary in us-east-1": remark.New("database.replicas", "replicas", 1, "stated", 1,
			"in", "us-east-1"),
		"1 partition, RF 3":          remark.New("log.partitions", "partitions", 1, "replication", 3),
		"1 ALB in us-east-1, 1 zone": remark.New("balancer.here", "balancers", 1, "type", "ALB", "in", "us-east-1", "zones", 1),
		"1 member, majority 1":       remark.New("quorum.members", "members", 1, "majority", 1),
		"the only layout that carries the load, at $5.00 a month; 1 does not": remark.New("why.cheapest", "layouts", 1,
			"rejected", 1, "month", 5.0),
	} {
		require.Equal(t, want, Say(r))
	}
	require.Equal(t, "the only layout that carries the load; 1 fails",
		ShortWhy(remark.New("why.cheapest", "layouts", 1, "rejected", 1)))
}

// No sentence has a fixed plural behind a count: Counted makes it.
func TestNoFixedPluralBehindACount(t *testing.T) {
	fixed := regexp.MustCompile(`%d [a-z]+s\b`)
	least2 := []string{ // of which there are never fewer than two where it is said
		"%d regions", "%d profiles", "%d systems", "%d times", "%d systems cannot", "%d points", "%d vintages", "%d items",
		"%d layouts", "%d tables", "%d copies", "%d values", "%d inputs",
	}
	for _, dir := range []string{".", "../report", "../cli", "../insight", "../serve"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		require.NoError(t, err)
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			src, err := os.ReadFile(f)
			require.NoError(t, err)
			for i, line := range strings.Split(string(src), "\n") {
				if strings.Contains(line, "Sscanf") { // reads what a version before wrote
					continue
				}
				for _, m := range fixed.FindAllString(line, -1) {
					ok := m == "%d ways" || m == "%d is"
					for _, l := range least2 {
						ok = ok || strings.HasPrefix(l, m)
					}
					require.Truef(t, ok, "%s:%d: %s: use words.Counted", f, i+1, m)
				}
			}
		}
	}
}
