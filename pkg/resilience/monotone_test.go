package resilience

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/catalog"
	"headroom/pkg/drawn"
	"headroom/pkg/outage"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// drawnPlan is a small shop: what differs from plan to plan is drawn.
type drawnPlan struct {
	users, zones, replicas int
	survive                []string
	sync, checks, backup   bool
}

func (d *drawnPlan) profile() string {
	yes := func(on bool, text string) string {
		if on {
			return text
		}
		return ""
	}
	return fmt.Sprintf(`apiVersion: headroom/v1
name: drawn
regions: [{name: us-east-1, zones: %[1]d}, {name: us-west-2, zones: %[1]d}]
peak: {users: %[2]d, requests_per_user: 1/s, write_ratio: 5%%, stored_per_write: 1KB, request: 500B, response: 3KB}
policy: {survive: [%[3]s]}
dns: {health_check: %[4]s}
recovery: {on_call: 30min, rebuild: 1h, restore_rate: 100MiB/s}
components:
  web:
    kind: stateless
    entry: true
    cpu: 5ms
    calls: {db: {per_read: 1, per_write: 1, request: 300B, response: 2KB}}
  db:
    kind: database
    cpu_read: 0.4ms
    cpu_write: 2ms
%[5]s%[6]s%[7]s`, d.zones, d.users, strings.Join(d.survive, ", "),
		map[bool]string{true: "{interval: 30s}", false: "none"}[d.checks],
		yes(d.replicas > 0, fmt.Sprintf("    replicas: %d\n", d.replicas)),
		yes(d.sync, "    replication: sync\n    on_loss: degrade\n"),
		yes(d.backup, "  backups: {kind: objects, backup: {of: [db]}}\n"))
}

// outcomes are what comes of a plan's standard scenarios; nil where nothing carries it.
func (d *drawnPlan) outcomes(t require.TestingT, cat *catalog.Catalog,
	scenarios []outage.Scenario) ([]outage.Scenario, []*outage.Outcome) {
	p, err := workload.Parse("drawn.yaml", []byte(d.profile()), sizing.Specs(), nil)
	require.NoError(t, err)
	demand, err := p.In(workload.Situation{})
	require.NoError(t, err)
	r, err := plan.Search(demand, cat, plan.Options{})
	if err != nil {
		return nil, nil
	}
	f, err := cat.Facts()
	require.NoError(t, err)
	s, err := System(r, f)
	require.NoError(t, err)
	if scenarios == nil {
		scenarios = Standard(s)
	}
	var out []*outage.Outcome
	for _, x := range scenarios {
		o, err := s.Run(x)
		if err != nil { // another plan may have no node of which it speaks
			o = nil
		}
		out = append(out, o)
	}
	return scenarios, out
}

// More replicas, more zones, backups, commits that wait and checks of health never make an
// outcome worse, whatever the plan, which is made anew.
func TestProtectionNeverHarms(t *testing.T) {
	cat := testCatalog(t)
	plans, better := 0, 0
	drawn.Check(t, func(rt *rapid.T) {
		d := drawnPlan{users: rapid.IntRange(50, 5000).Draw(rt, "users"), zones: rapid.IntRange(2, 3).Draw(rt, "zones"),
			survive: []string{"node", "zone", "region"}[:rapid.IntRange(0, 3).Draw(rt, "survive")],
			sync:    rapid.Bool().Draw(rt, "sync"), checks: rapid.Bool().Draw(rt, "checks"),
			backup: rapid.Bool().Draw(rt, "backup")}
		more := d
		protection := rapid.IntRange(0, 4).Draw(rt, "protection")
		switch protection {
		case 0:
			more.replicas++
		case 1:
			more.zones++
		case 2:
			more.backup = true
		case 3:
			more.sync = true
		case 4:
			more.checks = true
		}
		scenarios, was := d.outcomes(rt, cat, nil)
		_, is := more.outcomes(rt, cat, scenarios)
		if was == nil || is == nil {
			return
		}
		plans++
		for i, x := range scenarios {
			// How many replicas answer reads follows from zones and from what commits wait for, and with
			// a replica more or less what nobody asked to survive may live on by chance.
			remade := protection == 1 || protection == 3
			if is[i] == nil || remade && !slices.Contains(d.survive, lossOf(x)) {
				continue
			}
			require.GreaterOrEqual(rt, is[i].Auto.Served(), was[i].Auto.Served(), "%s %+v %+v", x, d, more)
			require.GreaterOrEqual(rt, is[i].Hand.Served(), was[i].Hand.Served(), "%s %+v %+v", x, d, more)
			// Who goes on sooner, with another primary, may lose what that one did not have yet.
			if is[i].Auto.Served() == was[i].Auto.Served() && !is[i].Down.Less(was[i].Down) {
				require.LessOrEqual(rt, lossOfAll(is[i]), lossOfAll(was[i]), "%s %+v %+v", x, d, more)
			}
			if is[i].Auto.Served() > was[i].Auto.Served() || lossOfAll(is[i]) < lossOfAll(was[i]) {
				better++
			}
		}
	})
	require.Positive(t, plans, "nothing carries any of them")
	require.Positive(t, better, "no protection changes anything")
}

// lossOfAll is the longest loss in seconds; more than any for all, and for what is not known.
func lossOfAll(o *outage.Outcome) float64 {
	t := 0.0
	for i := range o.Losses {
		l := &o.Losses[i]
		if l.All || !l.Time.Known() {
			return 1e18
		}
		t = max(t, l.Time.Seconds)
	}
	return t
}
