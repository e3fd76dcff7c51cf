package plan

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/sizing"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// transferred is a month's quantity of data transfer in a region, in bytes.
func transferred(t require.TestingT, r *Plan, region int, item string) float64 {
	return quantityOf(choiceOf(t, r, "transfer"), region, "data-transfer", item) * (1 << 30)
}

// quantityOf is a month's quantity of a row of the price tables.
func quantityOf(c *Choice, region int, service, item string) float64 {
	t := 0.0
	for _, u := range c.Layout.Usage {
		if u.Region == region && u.Meter.Service() == service && u.Meter.Item() == item {
			t += u.Quantity
		}
	}
	return t
}

// monthly is the volume of a month of a rate, added up over the hours of a week
// in the normal state.
func (a *auditor) monthly(rate func(l map[string][]calls) float64) float64 {
	return a.weekly(rate) / workload.Hours * float64(a.p.HoursPerMonth.V)
}

// What crosses regions to a database and back are the calls that are answered
// elsewhere, and the journal: recounted hour by hour for each way to read.
func TestOnlyWhatIsAnsweredElsewhereCrossesRegions(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	for _, reads := range []string{"auto", "primary", "replicas", "nearest"} {
		for _, replicas := range []unit.Count{0, 1} {
			p := fixtureOf(t, "database")
			c, _ := p.Component("it")
			spec := c.Spec.(*sizing.Database)
			spec.Reads, spec.Replicas.V = reads, replicas
			r := searchAny(t, p, cat, Options{})
			require.NotNil(t, r)
			name := fmt.Sprintf("reads: %s, replicas: %v", reads, replicas)
			a := newAuditor(t, name, r)
			api, _ := p.Component("api")
			call, _ := api.Calls.Get("it")
			// Calls of us-west-2 that are answered in us-east-1.
			far := a.monthly(func(l map[string][]calls) float64 {
				x := l["api"][1]
				n := x.writes * float64(call.PerWrite.V)
				if reads == "primary" || reads == "replicas" {
					n += x.reads*float64(call.PerRead.V) + x.writes*float64(call.ReadsPerWrite.V)
				}
				return n
			})
			// Every copy in us-west-2 has the journal of all writes: 3 bytes for
			// each that they carry (MODEL section 5).
			copies := 0.0
			for _, pool := range choiceOf(t, r, "it").Layout.Pools {
				if pool.Region == 1 {
					copies += float64(pool.Max)
				}
			}
			require.Positive(t, copies)
			journal := 3 * copies * a.data()
			require.InEpsilon(t, far*float64(call.Request.V), transferred(t, r, 1, "to us-east-1"), 1e-9, name)
			require.InEpsilon(t, far*float64(call.Response.V)+journal, transferred(t, r, 0, "to us-west-2"), 1e-9, name)
		}
	}
}

// Calls through NAT gateways cross zones on their way from those that have
// no gateway, and nowhere else.
func TestWaysOutCrossZonesThatHaveNoGateway(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	for zones := 1; zones <= 4; zones++ {
		for gateways := 0; gateways <= 4; gateways++ { // 0: not given
			for _, survive := range [][]string{{"node"}, {"node", "zone"}} {
				if zones == 1 && len(survive) == 2 {
					continue // a single zone cannot be lost
				}
				p := fixtureOf(t, "nat")
				p.Policy.Survive = survive
				for i := range p.Regions {
					p.Regions[i].Zones.V = unit.Count(zones)
				}
				c, _ := p.Component("it")
				if gateways > 0 {
					c.Spec.(*sizing.NAT).Gateways = &strict.Value[unit.Count]{V: unit.Count(gateways), Set: true}
				}
				r := searchAny(t, p, cat, Options{})
				require.NotNil(t, r)
				a := newAuditor(t, "", r)
				api, _ := p.Component("api")
				call, _ := api.Calls.Get("it")
				without := zones // zones without a gateway
				switch {
				case gateways > 0:
					without -= gateways
				case len(survive) == 2:
					without = 0
				default:
					without--
				}
				for i := range p.Regions {
					through := a.monthly(func(l map[string][]calls) float64 {
						x := l["api"][i]
						n := x.reads*float64(call.PerRead.V) + x.writes*float64(call.PerWrite.V+call.ReadsPerWrite.V)
						return n * float64(call.Request.V+call.Response.V)
					})
					for _, item := range []string{"between AZs, out", "between AZs, in"} {
						want := through * float64(max(0, without)) / float64(zones)
						require.InDelta(t, want, transferred(t, r, i, item), 1e-9*through,
							"%d gateways in %d zones, %v", gateways, zones, survive)
					}
				}
			}
		}
	}
}
