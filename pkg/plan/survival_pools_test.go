package plan

import (
	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// pooled is the highest part of the time that connections may be in use (MODEL
// section 5), which no profile here changes.
const pooled = 0.80

// traitsOf are what the kind of a component tells others.
func (a *auditor) traitsOf(name string) (*workload.Component, sizing.Traits) {
	c, ok := a.p.Component(name)
	require.True(a.t, ok, name)
	k, ok := sizing.Find(c.Kind)
	require.True(a.t, ok, c.Kind)
	return c, k.Traits(c.Spec)
}

// held is how long a read or a write of a store holds a connection of a region,
// while another region may be lost: as long as it is in the store, which the store
// itself tells, and the way there and back. It is 0 where the store does not tell.
func (a *auditor) held(name string, from, lost int, write bool) float64 {
	c, traits := a.traitsOf(name)
	if traits.Residence == nil {
		return 0
	}
	task, at := a.r.System.Task(c), from
	if scopeOf(c) == workload.ScopePrimary && (write || !traits.ReadsIn(task, from)) {
		if at = 0; lost == 0 {
			at = 1
		}
	}
	read, written := traits.Residence(task, at, lost)
	if write {
		read = written
	}
	if read <= 0 {
		return 0
	}
	if at == from {
		return read
	}
	way, err := a.r.System.Catalog.RoundTrip(a.p.Regions[from].Name, a.p.Regions[at].Name)
	require.NoError(a.t, err)
	return read + way.V
}

// storePools asks for the connections that the calls of all services on a pool hold
// at the same time, store by store.
func (a *auditor) storePools(x *pool, g guests) {
	for _, name := range g.names {
		spec := g.specs[name]
		c, _ := a.p.Component(name)
		workers := float64(x.node.VCPU)
		if spec.Workers.V > 0 {
			workers = float64(spec.Workers.V)
		}
		for i := range c.Calls {
			call := &c.Calls[i]
			if call.V.Mode == "async" || spec.Pool.V <= 0 {
				continue
			}
			share := a.count.classShare(call.V.Classes)
			hold := func(lost int) (read, write float64) {
				return a.held(call.Key, x.region, lost, false), a.held(call.Key, x.region, lost, true)
			}
			if read, write := hold(none); read <= 0 && write <= 0 {
				continue
			}
			x.asks = append(x.asks, ask{resource: "connection pool", have: float64(spec.Pool.V) * workers,
				own: pooled, loss: pooled,
				need: func(l map[string][]calls, _ int, state string) float64 {
					from, lost := l[name][x.region], none
					if state == regionLoss {
						lost = 1 - x.region // two regions
					}
					read, write := hold(lost)
					reads := from.reads*float64(call.V.PerRead.V) + from.writes*float64(call.V.ReadsPerWrite.V)
					return share * (reads*(1-float64(call.V.HitRatio.V))*(1-a.count.hits(c, call.Key))*read +
						from.writes*float64(call.V.PerWrite.V)*write)
				}})
		}
	}
}

// pooler counts what the nodes of a pooler have to do, and that it has a connection
// to the database for all transactions at the same time.
func (a *auditor) pooler(x *pool, spec *sizing.Pooler) {
	x.least["nodes, structure"] = a.spares(x)
	name := x.c.Component.Name
	transactions := func(l map[string][]calls) float64 { return l[name][x.region].reads + l[name][x.region].writes }
	clients := 0.0
	for _, e := range a.p.Components {
		if _, calls := e.V.Calls.Get(name); !calls {
			continue
		}
		for _, p := range choiceOf(a.t, a.r, e.Key).Layout.Pools {
			if p.Region == x.region {
				clients += float64(p.Max) * choiceOf(a.t, a.r, e.Key).Layout.Offers.Connections * 1.25
			}
		}
	}
	held := func(map[string][]calls, int, string) float64 { return clients }
	speed := a.vcpus(x.node, catalog.ClassGeneric, spec.Reference.V)
	x.asks = append(x.asks,
		ask{resource: "cpu", own: ownTarget, loss: lossTarget,
			carries: func(target float64) float64 { // one core of it
				return max(0, speed.PerVCPU*(speed.UsableCPU*target-reservedCPU))
			},
			need: func(l map[string][]calls, _ int, _ string) float64 {
				return transactions(l) * float64(spec.CPU.V)
			}},
		ask{resource: "memory", own: 1, loss: 1, need: held,
			have: (free(x.node) - float64(spec.Memory.V)) / float64(spec.MemoryClient.V)},
		ask{resource: "clients", own: connTarget, loss: connTarget, need: held, have: float64(spec.MaxClients.V)})
	x.network(ownTarget, lossTarget, func(l map[string][]calls, _ int, _ string) (in, out float64) {
		c := l[name][x.region]
		return c.in + c.answered, c.out + c.asked
	})
	a.connected(x, spec, transactions)
}

// connected holds the connections of a pooler against the transactions of one region
// that hold one at the same time.
func (a *auditor) connected(x *pool, spec *sizing.Pooler, transactions func(map[string][]calls) float64) {
	store := x.c.Component.Calls[0].Key
	least := min(a.held(store, x.region, none, false), a.held(store, x.region, none, true))
	for h := range a.load.normal {
		require.LessOrEqual(a.t, transactions(a.load.normal[h])*least,
			x.c.Layout.Offers.All*float64(spec.Busy.V)*(1+1e-9), "%s: %s", a.name, inWords(x.c))
	}
}
