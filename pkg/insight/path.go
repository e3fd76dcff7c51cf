package insight

import (
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/plan"
	"headroom/pkg/queueing"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Path is how long one sort of requests takes from end to end at the peak: its own
// component, all calls that it waits for one after the other, and the round trips
// to other regions (docs/model.md section 3, point 7).
type Path struct {
	Class  string
	Region int // of the users, an index into Demand.Regions
	Write  bool
	Time   queueing.Moments // of the whole path
	Away   float64          // seconds of the mean that are round trips to other regions
	// Unknown are the components on the path whose response times are not modelled,
	// or of which the way to another region is not in the tables: they count as
	// nothing. Late are those whose nodes do not keep up.
	Unknown, Late []string
}

// Paths are the ways of all requests that enter at a component: of each class and
// region, reads and writes, where there are any.
func Paths(p *plan.Plan, entry string) ([]Path, error) {
	w := walk{plan: p}
	var out []Path
	for i := range p.Demand.Classes {
		class := &p.Demand.Classes[i]
		if class.Entry != entry {
			continue
		}
		for _, region := range p.System.Flow.Of(entry).Regions {
			for _, write := range []bool{false, true} {
				if !write && class.Reads <= 0 || write && class.Writes <= 0 {
					continue
				}
				path := Path{Class: class.Name, Region: region, Write: write}
				if err := w.visit(&path, entry, region, write, 1); err != nil {
					return nil, err
				}
				out = append(out, path)
			}
		}
	}
	return out, nil
}

// walk follows calls through a plan.
type walk struct{ plan *plan.Plan }

// visit adds so many calls of a component, from a region of its caller, to a path.
func (w *walk) visit(path *Path, name string, region int, write bool, times float64) error {
	if times <= 0 {
		return nil
	}
	load := w.plan.System.Flow.Of(name)
	at := w.plan.System.AnsweredIn(load, region, write)
	away, known, err := w.plan.System.RoundTrip(region, at)
	if err != nil {
		return err
	}
	path.Away += float64(away * times)
	path.Time.Mean += float64(away * times)
	own, late, modelled := w.residence(name, at, write)
	path.Time = path.Time.Plus(own.Times(times))
	path.note(name, !known || !modelled, late)
	for i := range load.Component.Calls {
		call := &load.Component.Calls[i]
		if call.V.Async() || !call.V.Takes(path.Class) {
			continue
		}
		reads, writes := callsPer(&call.V, 1-load.Edges[i].Hits, write)
		if err := w.visit(path, call.Key, at, false, times*reads); err != nil {
			return err
		}
		if err := w.visit(path, call.Key, at, true, times*writes); err != nil {
			return err
		}
	}
	return nil
}

// callsPer is how many reads and writes a read or a write sends along an edge, of the reads
// the part that caches miss.
// Subscribers of a fan-out are served at the same time: their time counts once.
func callsPer(c *workload.Call, missed float64, write bool) (reads, writes float64) {
	if write {
		return float64(float64(c.ReadsPerWrite.V) * missed), float64(c.PerWrite.V)
	}
	return float64(float64(c.PerRead.V) * missed), 0
}

// note remembers what is not known of a component.
func (p *Path) note(name string, unknown, late bool) {
	if unknown && !slices.Contains(p.Unknown, name) {
		p.Unknown = append(p.Unknown, name)
	}
	if late && !slices.Contains(p.Late, name) {
		p.Late = append(p.Late, name)
	}
}

// residence is how long one call is in a component at its busiest nodes in a region;
// late says that they do not keep up.
func (w *walk) residence(name string, region int, write bool) (m queueing.Moments, late, modelled bool) {
	k := slices.IndexFunc(w.plan.Choices, func(c *plan.Choice) bool { return c.Component.Name == name })
	if k < 0 || w.plan.Choices[k].Layout.Queue == nil {
		return m, false, false
	}
	layout := w.plan.Choices[k].Layout
	layout.Detail()
	busy := 0.0
	for i := range layout.Limits {
		if l := &layout.Limits[i]; l.Of == capacity.CPU && l.State == capacity.Own && l.Region == region {
			busy = math.Max(busy, l.Utilisation())
		}
	}
	q, err := layout.At(region, busy)
	if err != nil {
		return m, true, true
	}
	s, err := q.Solve()
	if err != nil {
		return m, true, true
	}
	m = s.Residence()
	if write {
		m.Mean += layout.Commit
	}
	return m, false, true
}

// paths says how long the requests that enter at the component take.
func (w *reasoning) paths() ([]Derived, error) {
	p := w.r.Plan
	if p.System == nil {
		return nil, nil
	}
	list, err := Paths(p, w.s.Choice.Component.Name)
	if err != nil {
		return nil, err
	}
	var out []Derived
	for i := range list {
		out = append(out, list[i].derived(p.Demand))
	}
	return out, nil
}

// derived is the path as a step of a derivation.
func (p *Path) derived(d *workload.Demand) Derived {
	kind := "reads"
	if p.Write {
		kind = "writes"
	}
	step := remark.Derive("{kind} of {class} from {region}, end to end", "MODEL section 3", nil,
		"mean {mean}", "mean", unit.Duration(p.Time.Mean)).
		Naming("kind", kind, "class", p.Class, "region", d.Regions[p.Region].Name)
	if p.Away > 0 || len(p.Unknown) > 0 {
		step = step.Noting("step.path", "away", p.Away, "unknown", p.Unknown)
	}
	p99, err := p.Time.Percentile(0.99)
	switch {
	case len(p.Late) > 0:
		step = step.Adding("step.late", "components", p.Late)
	case err != nil:
		step.Beside = remark.Verbatim(err.Error())
	default:
		step.Result = remark.Notate("p99 {p99}", "p99", unit.Duration(p99))
	}
	return Derived{Step: step}
}
