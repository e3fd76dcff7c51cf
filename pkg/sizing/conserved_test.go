package sizing

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

// uploadsProfile writes 10 photos of 5 MB a second, and a row of 1 KB for each.
const uploadsProfile = `
apiVersion: headroom/v1
name: uploads
regions: [{name: us-east-1}]
curve: {preset: flat}
peak: {users: 1000, requests_per_user: 6/min, write_ratio: 10%, request: 1KB, response: 5KB, stored_per_write: 1KB}
data: {dataset: 10GB}
policy: {survive: []}
components:
  api:
    kind: stateless
    entry: true
    cpu: 5ms
    calls:
      db: {per_read: 1, per_write: 1, request: 1KB, response: 1KB}
      photos: {per_write: 1, request: 5MB, response: 100B}
  db: {kind: database, cpu_read: 1ms, cpu_write: 1ms}
  photos: {kind: objects}
`

// What calls bring to object storage is kept there, and not in the database.
func TestObjectsKeepWhatCallsBring(t *testing.T) {
	s := testSystem(t, testCatalog(t), uploadsProfile)
	month := 10 * 5e6 * 730 * 3600.0
	step := fitNodeless(t, s, "photos").Derive()[0]
	require.Contains(t, words.Formula(&step), "122,376 GiB written in a month")
	require.InDelta(t, 122_376, month/gib, 1, "the issue's figure")
	require.InDelta(t, month, writtenTo(t, s, "photos"), 1)
	photos := fitNodeless(t, s, "photos")
	require.InDelta(t, month/2/gib, usageOf(photos, 0, "s3", "standard storage"), 1, "S3 bills the mean of the month")
	require.InDelta(t, 10e9+10*1e3*730*3600, keptBy(s, "db"), 1)
}

// The dataset is the databases': what object storage keeps is backed up by its own size.
func TestBackupsOfObjectsNeedTheirSize(t *testing.T) {
	src := uploadsProfile + "  safe: {kind: objects, backup: {of: [photos]}}\n"
	s := testSystem(t, testCatalog(t), src)
	c, _ := s.Profile.Component("safe")
	_, err := objectsKind{}.Prepare(s.Task(c))
	require.ErrorContains(t, err, "data.dataset is not their size")
	s = testSystem(t, testCatalog(t), strings.Replace(src, "of: [photos]", "of: [photos], bytes: 1GiB", 1))
	require.InDelta(t, 1.68, usageOf(fitNodeless(t, s, "safe"), 0, "ebs", "snapshot standard storage"), 1e-9)
}

// writtenTo is what the first month's calls bring to the objects of all regions: at
// its end there is twice the mean.
func writtenTo(t testing.TB, s *System, name string) float64 {
	t.Helper()
	comp, ok := s.Profile.Component(name)
	require.True(t, ok)
	c := s.Task(comp)
	b := objectsBill{c: c, spec: comp.Spec.(*Objects), n: newNodeless(c), calls: c.arrivals()}
	total := 0.0
	for i := range c.Regions {
		total += 2 * b.added(c.Regions[i].MeanOwn(c.Need((*workload.Vec).Written)))
	}
	return total
}

// keptBy is the logical bytes of a database at the end of the first month.
func keptBy(s *System, name string) float64 {
	comp, _ := s.Profile.Component(name)
	c := s.Task(comp)
	now, _, _ := c.stored(c.Load.Global.Data(), s.Flow.Demand.MeanTotal)
	return now
}

// drawnStores is a random system of services in front of a database, a log and
// object storage, and how many of the services call the database.
func drawnStores(t *rapid.T) string {
	var b strings.Builder
	b.WriteString(`
apiVersion: headroom/v1
name: stores
regions: [{name: us-east-1}, {name: us-west-2}]
curve: {preset: consumer}
peak: {users: 500, requests_per_user: 6/min, write_ratio: 30%, request: 1KB, response: 5KB, stored_per_write: 400B}
classes:
  pages: {share: 80%}
  photos: {share: 20%, request: 3MB}
data: {dataset: 1GB}
components:
`)
	n := rapid.IntRange(1, 5).Draw(t, "services")
	part := rapid.SampledFrom([]string{"0.01", "0.3", "1", "2"})
	for i := range n {
		fmt.Fprintf(&b, "  s%d:\n    kind: stateless\n    cpu: 1ms\n    entry: %v\n    calls: {", i, i == 0)
		if i+1 < n {
			fmt.Fprintf(&b, "s%d: {per_read: 1, per_write: 1}, ", i+1)
		}
		// The first service always writes all there is to the database and the log.
		for _, store := range []string{"db", "log", "files"} {
			if i == 0 && store != "files" {
				fmt.Fprintf(&b, "%s: {per_write: 1, per_read: 1}, ", store)
			} else if rapid.Bool().Draw(t, "calls "+store) {
				size := rapid.SampledFrom([]string{"", ", request: 0B", ", request: 70KB", ", classes: [photos]"})
				fmt.Fprintf(&b, "%s: {per_write: %s%s}, ", store, part.Draw(t, "part"), size.Draw(t, "size"))
			}
		}
		b.WriteString("}\n")
	}
	b.WriteString("  db: {kind: database, cpu_read: 1ms, cpu_write: 1ms}\n  log: {kind: log}\n" +
		"  files: {kind: objects}\n")
	return b.String()
}

// However many services touch them, a database keeps each write's data once, and
// object storage and a log what their callers send, to the byte and class.
func TestStoresKeepWhatComes(t *testing.T) {
	cat := testCatalog(t)
	drawn.Check(t, func(rt *rapid.T) {
		s := testSystem(t, cat, drawnStores(rt))
		f, d := s.Flow, s.Flow.Demand
		writes := 500 * 0.1 * 0.3
		require.InEpsilon(rt, 1e9+d.Monthly(writes*400, d.MeanTotal), keptBy(s, "db"), 1e-9)
		for i := range d.Classes {
			stored := f.Of("db").Global.Stored[i]
			require.InEpsilon(rt, float64(d.Classes[i].Writes)*400, stored, 1e-9, d.Classes[i].Name)
		}
		brought := map[string]*workload.EdgeVec{"files": {}, "log": {}}
		for _, l := range f.Loads {
			for i := range l.Edges {
				if to, ok := brought[l.Edges[i].To]; ok {
					to.Written += l.Edges[i].Local.Written + l.Edges[i].Global.Written
					to.Request += l.Edges[i].Local.Request + l.Edges[i].Global.Request
				}
			}
		}
		require.InDelta(rt, d.Monthly(brought["files"].Written, d.MeanTotal), writtenTo(t, s, "files"),
			1e-9*d.Monthly(1e9, 1))
		_, sizer := prepare(t, s, "log")
		require.InEpsilon(rt, brought["log"].Request, sizer.(*brokers).total.Global, 1e-9)
	})
}
