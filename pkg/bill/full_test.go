package bill

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/sizing"
)

// The fullest limit is the one nearest to its ceiling; neither what must be there whatever
// the load nor volumes that are bought to fit, unless the load fills next to nothing.
func TestFullest(t *testing.T) {
	limit := func(of capacity.Resource, state capacity.State, need, have, target float64) sizing.RegionLimit {
		return sizing.RegionLimit{Limit: capacity.Limit{Of: of, State: state, Need: need, Have: have, Target: target}}
	}
	floor := limit(capacity.Nodes, capacity.Always, 3, 3, 1)
	floor.Floor = true
	volumes := limit(capacity.DiskBytes, capacity.Always, 80, 100, 0.80)
	own := limit(capacity.CPU, capacity.Own, 48, 100, 0.60)
	lost := limit(capacity.CPU, capacity.RegionLost, 83, 100, 0.85)
	l := &sizing.Layout{Storage: sizing.Storage{Volume: "gp3"}, Limits: []sizing.RegionLimit{floor, volumes, own, lost}}
	f := Fullest(l)
	require.Equal(t, &Full{Resource: "cpu", State: "region loss", Need: 83, Have: 100, Unit: "vCPU", Ceiling: 0.85}, f)
	require.InDelta(t, 0.83, f.Used(), 1e-12)
	require.InDelta(t, 0.83/0.85, f.Filled(), 1e-12)

	l.Storage.Volume = sizing.VolumeLocal
	require.Equal(t, "disk bytes", Fullest(l).Resource, "local disks are what they are")

	idle := limit(capacity.CPU, capacity.Own, 1, 100, 0.60)
	broken := limit(capacity.Memory, capacity.Own, 1, 0, 1)
	endless := limit(capacity.Memory, capacity.Own, 1, math.Inf(1), 1)
	f = Fullest(&sizing.Layout{Limits: []sizing.RegionLimit{idle, broken, endless, floor}})
	require.Equal(t, &Full{Resource: "nodes", State: "structure", Need: 3, Have: 3, Ceiling: 1, Floor: true}, f)
	require.Nil(t, Fullest(&sizing.Layout{}))
}

// Every component with nodes of the default systems has a fullest limit below its ceiling.
func TestFullestOfDefaultSystems(t *testing.T) {
	for _, size := range []string{"small", "medium", "large"} {
		r, err := Make(parseProfile(t, profileSource(t, size)), testCatalog(t), Request{})
		require.NoError(t, err)
		for _, p := range r.Estimate.Parts {
			if p.Machine == "" { // such as a guest, which has the limits of its host
				continue
			}
			require.NotNil(t, p.Fullest, p.Name)
			require.LessOrEqual(t, p.Fullest.Filled(), 1+1e-9, "%s %+v", p.Name, p.Fullest)
		}
	}
}
