package timeline

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/plan"
	"headroom/pkg/workload"
)

// Notable is the part by which a number has to differ from the last one that was told for a
// change of it, where it follows the load or the data by itself: nodes that scale, and sizes
// of volumes. It is judged: limits of scaling groups and quotas are set with about a fifth of
// room, so that a smaller step asks nothing of anybody.
const Notable = 0.2

// What of a component changes.
const (
	OfComponent  = "component" // itself: false → true is added, true → false is removed
	OfMachine    = "machine"
	OfStorage    = "storage"
	OfClusters   = "clusters"
	OfPartitions = "partitions"
	OfShards     = "shards"
	OfCopies     = "copies"
	OfNodes      = "nodes"
	OfDisks      = "disks"       // of each node
	OfVolume     = "volume"      // bytes of each node
	OfIOPS       = "volume iops" // of each node
)

// Change is one thing that somebody does about a component between two periods.
type Change struct {
	Period    int    `json:"period"` // the first in which it is done
	Component string `json:"component"`
	System    string `json:"system"`
	What      string `json:"what"` // machine, storage, clusters, partitions, shards, copies, nodes, disks, …
	Role      string `json:"role"` // of the nodes: replica, standby, master, …; "" for all of them
	// Was and Is are names of machines and storages, and numbers of the rest: over all regions
	// of nodes, of one region of partitions, shards and copies, of one node of disks and
	// volumes, the latter in bytes.
	Was     any      `json:"was"`
	Is      any      `json:"is"`
	Because Stimulus `json:"because"`
}

// Stimulus is what causes a change.
type Stimulus struct {
	// Resource is what the old one lacks, or what makes it dear, or else what decides the new
	// size: a limit, or the data of shards and the load of partitions; "" where nothing does
	// alone.
	Resource string `json:"resource"`
	State    string `json:"state"` // in which it does: region loss, …; "" in any
	// Month is that for the demand of which the size is: the one at hand, the lead month of
	// stores, the end of the horizon of partitions and shards.
	Month int `json:"month"`
	// Phase is a step of the demand that is within this time now and was not before, or a
	// stage that begins.
	Phase string `json:"phase,omitempty"`
	// Saves is what leaving a machine that would still do takes off the running cost of a
	// month, in dollars; nil where it would not.
	Saves *float64 `json:"saves,omitempty"`
}

// phaseName is what a phase is called.
func phaseName(p *workload.Phase) string { return cmp.Or(p.Name, "phase") }

// shape is what a component is built of.
type shape struct {
	machine, storage string
	masters          string // machine of masters where they have one of their own
	nodes            map[string]int
	store            bool
	clusters         int
	partitions       int
	shards           int
	copies           int
	disks            int     // of the largest node
	bytes, iops      float64 // of it
}

func shapeOf(p *bill.Part) shape {
	s := shape{machine: p.Machine, storage: p.Storage, nodes: map[string]int{}, store: len(p.Disks) > 0}
	for i := range p.Pools {
		pool := &p.Pools[i]
		s.nodes[pool.Role] += pool.Max
		s.masters = cmp.Or(s.masters, pool.Machine)
	}
	for _, d := range p.Disks {
		s.disks = max(s.disks, d.Count)
		s.bytes = max(s.bytes, float64(float64(d.Count)*d.Bytes))
		s.iops = max(s.iops, float64(float64(d.Count)*d.IOPS))
	}
	for _, d := range p.Divided {
		s.clusters, s.partitions = max(s.clusters, d.Clusters), max(s.partitions, d.Partitions)
		s.shards, s.copies = max(s.shards, d.Shards), max(s.copies, d.Copies)
	}
	return s
}

// watch remembers what was told last of each component.
type watch struct {
	weekly bool
	told   map[string]shape
	before *bill.Period
	there  []bill.Part // of the period before
	stage  string      // that begins, or ""
}

func newWatch(weekly bool) *watch { return &watch{weekly: weekly, told: map[string]shape{}} }

// changes are those of the n-th period, in which stages may begin.
func (w *watch) changes(n int, p *bill.Period, e *bill.Estimate, stages []string) []Change {
	w.stage = strings.Join(stages, ", ")
	out := w.comeAndGo(n, p.Month, e.Parts[:len(p.Plan.Choices)]) // after them what is paid for still
	for i, c := range p.Plan.Choices {
		part := &e.Parts[i]
		if part.Machine == "" {
			continue
		}
		is := shapeOf(part)
		was, known := w.told[part.Name]
		if w.told[part.Name] = is; !known {
			continue
		}
		x := &differing{was: was, is: is, n: n, part: part}
		x.all()
		for k := range x.list {
			x.list[k].Because = w.stimulus(&x.list[k], p, c, part)
		}
		out, w.told[part.Name] = append(out, x.list...), x.is
	}
	w.before = p
	return out
}

// comeAndGo are the components that stages remove and add.
func (w *watch) comeAndGo(n, month int, parts []bill.Part) []Change {
	var out []Change
	list := func(in, from []bill.Part, added bool) {
		for i := range in {
			x := &in[i]
			if n > 0 && !slices.ContainsFunc(from, func(y bill.Part) bool { return y.Name == x.Name }) {
				out = append(out, Change{Period: n, Component: x.Name, System: x.System, What: OfComponent, Was: !added,
					Is: added, Because: Stimulus{Phase: w.stage, Month: month}})
				delete(w.told, x.Name)
			}
		}
	}
	list(w.there, parts, false)
	list(parts, w.there, true)
	w.there = parts
	return out
}

// differing compares two shapes of a component; is keeps the old value of what is not worth
// telling.
type differing struct {
	was, is shape
	n       int
	part    *bill.Part
	list    []Change
}

func (x *differing) add(what, role string, was, is any) {
	if was != is {
		x.list = append(x.list, Change{Period: x.n, Component: x.part.Name, System: x.part.System, What: what,
			Role: role, Was: was, Is: is})
	}
}

func (x *differing) all() {
	a, b := &x.was, &x.is
	x.add(OfMachine, "", a.machine, b.machine)
	x.add(OfMachine, "master", a.masters, b.masters)
	x.add(OfStorage, "", a.storage, b.storage)
	x.add(OfClusters, "", a.clusters, b.clusters)
	x.add(OfPartitions, "", a.partitions, b.partitions)
	x.add(OfShards, "", a.shards, b.shards)
	x.add(OfCopies, "", a.copies, b.copies)
	roles := slices.Collect(maps.Keys(a.nodes))
	for role := range b.nodes {
		if !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	slices.Sort(roles)
	for _, role := range roles {
		if !b.store && a.machine == b.machine && !notable(float64(a.nodes[role]), float64(b.nodes[role])) {
			b.nodes[role] = a.nodes[role]
			continue
		}
		x.add(OfNodes, role, a.nodes[role], b.nodes[role])
	}
	x.add(OfDisks, "", a.disks, b.disks)
	x.sized(OfVolume, &a.bytes, &b.bytes)
	x.sized(OfIOPS, &a.iops, &b.iops)
}

// sized compares sizes that grow by themselves.
func (x *differing) sized(what string, was, is *float64) {
	if !notable(*was, *is) {
		*is = *was
		return
	}
	x.add(what, "", *was, *is)
}

// notable tells whether two numbers differ by so much that it is told.
func notable(was, is float64) bool {
	return was != is && (was == 0 || is >= was*(1+Notable) || is <= was*(1-Notable))
}

// stimulus is what causes a change.
func (w *watch) stimulus(x *Change, p *bill.Period, c *plan.Choice, part *bill.Part) Stimulus {
	var s Stimulus
	d, before := p.Plan.Demand, w.before.Plan.Demand
	s.Month = sizedFor(x.What, d, part)
	if part.Binds != nil {
		s.Resource, s.State = part.Binds.Resource, part.Binds.Lost()
	}
	switch x.What {
	case OfMachine, OfStorage:
		if k := c.Kept; k != nil && !k.Held() {
			s.Resource, s.State = k.Why.Text("resource"), ""
			if saves := k.Why.Number("saves"); saves > 0 {
				s.Saves = &saves
			}
		}
	case OfShards, OfClusters:
		if part.Kind != database {
			s.Resource, s.State = "data", ""
		}
	case OfPartitions:
		s.Resource, s.State = "load", ""
	case OfVolume, OfDisks:
		s.Resource, s.State = "disk", ""
	case OfIOPS:
		s.Resource, s.State = "iops", ""
	}
	until := sizedFor(x.What, before, part)
	for i := range d.Profile.Growth.Phases {
		f := &d.Profile.Growth.Phases[i]
		begins := f.StartMonth() > until && f.StartMonth() <= s.Month
		if w.weekly && s.Month == d.Month { // of the week at hand
			begins = f.StartWeek() > weekOf(before) && f.StartWeek() <= weekOf(d)
		}
		if begins {
			s.Phase = phaseName(f)
		}
	}
	if w.stage != "" {
		s.Phase = w.stage
	}
	return s
}

// weekOf is the week of a demand.
func weekOf(d *workload.Demand) int {
	if d.Situation.Week == nil {
		return workload.FirstWeek(d.Month)
	}
	return *d.Situation.Week
}

// database is the kind whose shards are added while it runs.
const database = "database"

// sizedFor is the month for the demand of which something is sized (docs/model.md section
// 1).
func sizedFor(what string, d *workload.Demand, part *bill.Part) int {
	fixed := what == OfPartitions || what == OfShards || what == OfCopies || what == OfClusters
	switch {
	case fixed && part.Kind != database:
		return max(int(d.Months), d.Month)
	case fixed || len(part.Disks) > 0:
		return d.LeadMonth
	}
	return d.Month
}
