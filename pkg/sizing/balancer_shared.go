package sizing

import (
	"math"

	"headroom/pkg/catalog"
	"headroom/pkg/workload"
)

// Sharing is what a region has several of that a single one could do the work of.
type Sharing struct {
	Region int           // index into Demand.Regions
	Type   string        // ALB, NLB or CLB
	Number int           // that there are
	Hours  catalog.Meter // of each, whatever passes it
	// Stated are the rules of the profile, which are taken whatever is merged, and Rules those
	// that a single one has at least: one for each whose work it does. 0 where there are none.
	Stated, Rules float64
	// Units is what these rules add to the capacity units of a month, of the meter Unit.
	Units float64
	Unit  catalog.Meter
}

// shared is what a single balancer would be instead of those of a region: the hours and the
// addresses of one, and the units that all take together, as these follow what passes. Only
// its rules grow, as it has to tell apart what came to one balancer each.
func (b *balancerBill) shared(r *balancerRegion) Sharing {
	t := b.spec.priced()
	x := Sharing{Region: r.Index, Type: t.String(), Number: int(r.count),
		Hours: catalog.BalancerHours(t), Unit: catalog.BalancerUnits(t)}
	if b.spec.Type != "alb" {
		return x
	}
	x.Stated = float64(b.spec.Rules.V)
	x.Rules = math.Max(x.Stated, r.count)
	d := b.c.Flow.Demand
	dims, mean := b.spec.dims(b.c, b.load, x.Rules), 0.0
	for _, g := range r.Groups {
		units, _ := dims.at(g, d.Intra)
		mean += float64(units * float64(g.Hours) / workload.Hours)
	}
	x.Units = math.Max(0, mean-r.mean) * d.Hours
	return x
}
