package timeline

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const inStages = `apiVersion: headroom/v1
name: app
regions: [{name: us-east-1, tz: -5h}]
peak: {users: 400, requests_per_user: 60/min, write_ratio: 2%, response: 4KB, request: 500B}
data: {dataset: 20GB}
policy: {survive: [node]}
components:
  web: {kind: stateless, entry: true, cpu: 40ms, calls: {old: {per_read: 1, per_write: 1}}}
  old: {kind: stateless, cpu: 40ms}
stages:
  - name: the new one
    month: 2
    set:
      components: |
        lb: {kind: balancer, entry: true, calls: {web: {per_read: 1, per_write: 1}}}
        web: {kind: stateless, cpu: 40ms, calls: {new: {per_read: 1, per_write: 1}}}
        new: {kind: stateless, cpu: 20ms}
  - {name: two regions, month: 4, set: {regions: "[{name: us-east-1, tz: -5h}, {name: eu-west-1, tz: 0h}]"}}
`

// What stages add and remove is told with their name; the bill has what there is.
func TestStagesInATimeline(t *testing.T) {
	s := over(t, parse(t, inStages), Options{Periods: 6})
	require.Equal(t, []string{"the new one"}, s.Periods[2].Phases)
	var told []string
	for _, c := range s.Periods[2].Changes {
		require.Equal(t, "the new one", c.Because.Phase, "%+v", c)
		if c.What == OfComponent {
			require.NotEqual(t, c.Was, c.Is)
			told = append(told, c.Component)
			require.Equal(t, c.Component != "old", c.Is)
		}
	}
	require.ElementsMatch(t, []string{"old", "lb", "new", "boot", "transfer"}, append(told, "boot", "transfer"))
	names := func(n int) (out []string) {
		for i := range s.Periods[n].Components {
			out = append(out, s.Periods[n].Components[i].Name)
		}
		return out
	}
	require.Contains(t, names(1), "old")
	require.NotContains(t, names(2), "old")
	require.Contains(t, names(2), "lb")
	require.Equal(t, []string{"us-east-1", "eu-west-1"}, s.Regions)
	require.Empty(t, s.Periods[3].Changes)
	require.NotEmpty(t, s.Periods[4].Changes)
	weekly := over(t, parse(t, inStages), Options{Periods: 12, Weekly: true})
	require.Equal(t, []string{"the new one"}, weekly.Periods[9].Phases)
}

// A commitment is paid for until its end, also where a stage has removed its component.
func TestCommitmentsOutliveTheirComponent(t *testing.T) {
	late := strings.NewReplacer("month: 2", "month: 9", "month: 4", "month: 10").Replace(inStages)
	s := over(t, parse(t, late+"purchase: {option: optimal}\n"), Options{Periods: 14})
	held := func(n int) (nodes int, used float64) {
		for _, h := range s.Periods[n].Held {
			if h.Component == "old" {
				nodes, used = nodes+h.Nodes, used+h.Used
			}
		}
		return nodes, used
	}
	nodes, used := held(1)
	require.Positive(t, nodes)
	require.Positive(t, used)
	later, idle := held(11)
	require.Equal(t, nodes, later)
	require.Zero(t, idle)
	last, _ := held(12)
	require.Zero(t, last)
	for _, c := range s.Periods[9].Changes {
		if c.Component == "old" {
			require.Equal(t, OfComponent, c.What)
		}
	}
}
