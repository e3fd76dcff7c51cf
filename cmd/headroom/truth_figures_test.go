package main

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
)

// figure is something that can be measured of a plan.
type figure struct {
	name string
	// of is the figure and what it is made of, for people; the detail may be empty.
	of       func(a *answer, component string) (float64, string)
	say      func(float64) string
	yes      bool // 1 is yes, 0 is no
	ofErrors bool // it is one of systems that cannot be planned, too
}

// count is a figure that is said as a number.
func count(name string, of func(*answer, string) (float64, string)) figure {
	return figure{name: name, of: of, say: func(x float64) string { return unit.Count(x).Human() }}
}

// whether is a figure that is said as yes or no.
func whether(name string, of func(*answer, string) (bool, string)) figure {
	f := count(name, func(a *answer, component string) (float64, string) {
		yes, detail := of(a, component)
		if yes {
			return 1, detail
		}
		return 0, detail
	})
	f.yes = true
	return f
}

// choice is a component's.
func (a *answer) choice(component string) *plan.Choice {
	for _, c := range a.Plan.Choices {
		if c.Component.Name == component {
			return c
		}
	}
	panic("no component is called " + component)
}

// workers are the most nodes of a choice in the first region, without masters,
// which do nothing of the work.
func workers(c *plan.Choice) int {
	n := 0
	for _, p := range c.Layout.Pools {
		if p.Region == 0 && p.Role != "master" {
			n += p.Max
		}
	}
	return n
}

// machines says which they are.
func machines(c *plan.Choice) string { return fmt.Sprintf("%d × %s", workers(c), c.Layout.Type.Name) }

// vcpus are those of all nodes at peak in the first region.
func vcpus() figure {
	return count("vCPU in all", func(a *answer, component string) (float64, string) {
		n, said := 0, []string{}
		for _, c := range a.Plan.Choices {
			if c.Layout.Type != nil && (component == "" || c.Component.Name == component) {
				n += workers(c) * c.Layout.Type.VCPU
				said = append(said, machines(c))
			}
		}
		return float64(n), strings.Join(said, ", ")
	})
}

func nodes() figure {
	return count("nodes at peak", func(a *answer, component string) (float64, string) {
		c := a.choice(component)
		return float64(workers(c)), c.Layout.Type.Name
	})
}

func nodeVCPUs() figure {
	return count("vCPU of a node", func(a *answer, component string) (float64, string) {
		t := a.choice(component).Layout.Type
		return float64(t.VCPU), t.Name
	})
}

func nodeGiB() figure {
	return count("GiB of a node", func(a *answer, component string) (float64, string) {
		t := a.choice(component).Layout.Type
		return float64(t.Memory) / (1 << 30), t.Name
	})
}

func notBurstable() figure {
	return whether("not burstable", func(a *answer, component string) (bool, string) {
		t := a.choice(component).Layout.Type
		return !t.Burstable, t.Name
	})
}

// general are the families that anybody would take first: compute, general
// purpose and memory, with their variants of local disks and network.
var general = regexp.MustCompile(`^[cmr]\d+[agi]?d?n?$`)

func generalFamily() figure {
	return whether("a general family", func(a *answer, component string) (bool, string) {
		t := a.choice(component).Layout.Type
		return general.MatchString(t.Family), t.Name
	})
}

// writers are primaries: as many as there are shards and partitions.
func writers() figure {
	return count("primaries", func(a *answer, component string) (float64, string) {
		n := 0
		for _, p := range a.choice(component).Layout.Pools {
			if p.Role == "primary" {
				n += p.Max
			}
		}
		return float64(n), ""
	})
}

// uneven is how many nodes are too many to be spread evenly over the zones.
func uneven() figure {
	return count("nodes beyond a multiple of the zones", func(a *answer, component string) (float64, string) {
		c := a.choice(component)
		zones := int(a.Plan.Profile.Regions[0].Zones.V)
		return float64(workers(c) % zones), fmt.Sprintf("%s in %d zones", machines(c), zones)
	})
}

// clusterNodes are the data nodes of one cluster.
func clusterNodes() figure {
	return count("data nodes of a cluster", func(a *answer, component string) (float64, string) {
		c := a.choice(component)
		c.Layout.Detail()
		clusters := 1.0
		for _, x := range c.Layout.Brief.Args {
			if x.Name == "clusters" {
				clusters = x.Value.(float64)
			}
		}
		return math.Ceil(float64(workers(c)) / clusters), machines(c)
	})
}

// thousandsAYear is what machines and disks cost, without traffic.
func thousandsAYear() figure {
	f := count("machines and disks, k$ a year", func(a *answer, component string) (float64, string) {
		sum := 0.0
		for i := range a.Estimate.Lines {
			l := &a.Estimate.Lines[i]
			if l.Component == component && (l.Category == "compute" || l.Category == "storage") {
				sum += l.Cost.Expected.Float64()
			}
		}
		return sum * 12 / 1000, machines(a.choice(component))
	})
	f.say = func(x float64) string { return fmt.Sprintf("%.3g", x) }
	return f
}

// diskGB are the bytes of all EBS volumes.
func diskGB() figure {
	return count("GB of disks", func(a *answer, component string) (float64, string) {
		sum := 0.0
		for i := range a.Estimate.Lines {
			l := &a.Estimate.Lines[i]
			if l.Component == component && l.Service == "ebs" && l.Unit == "GB-month" {
				sum += l.Quantity.Float64() * (1 << 30) / 1e9
			}
		}
		return math.Round(sum), ""
	})
}

// busiest is how busy the CPU of the node with the most copies is by queries
// alone, where copies are placed whole: not all nodes have one.
func busiest() figure {
	return count("CPU of the busiest node, %", func(a *answer, component string) (float64, string) {
		c := a.choice(component)
		spec := c.Component.Spec.(*sizing.Search)
		c.Layout.Detail()
		said := map[string]float64{}
		for _, x := range c.Layout.Brief.Args {
			if v, ok := x.Value.(float64); ok {
				said[x.Name] = v
			}
		}
		copies := said["shards"] * said["copies"]
		share := math.Ceil(copies/float64(workers(c))) / copies
		ref, _ := a.Catalog.NodeType(spec.Reference.V)
		speed, err := a.Plan.System.Speeds.Speed(c.Layout.Type, catalog.ClassSearchIndex, ref)
		if err != nil {
			panic(err)
		}
		users := a.Plan.Profile.Peak
		work := float64(users.Users.V) * float64(users.RequestsPerUser.V) * float64(spec.CPUQuery.V)
		node := float64(c.Layout.Type.VCPU) * speed.PerVCPU
		return math.Round(100 * work * share / node), fmt.Sprintf("%g copies on %s", copies, machines(c))
	})
}

// plans is whether there is a plan at all.
func plans() figure {
	f := whether("plans", func(a *answer, _ string) (bool, string) { return a.err == nil, "" })
	f.ofErrors = true
	return f
}

// refused is whether it is an error that says this.
func refused(text string) figure {
	f := whether(fmt.Sprintf("an error that says %q", text), func(a *answer, _ string) (bool, string) {
		if a.err == nil {
			return false, "accepted"
		}
		return strings.Contains(a.err.Error(), text), a.err.Error()
	})
	f.ofErrors = true
	return f
}

// scaling is by how much more a machine of so many cores does than one of four,
// by the law of contention for HTTP, at full load.
func scaling(cores float64) figure {
	f := count(fmt.Sprintf("%g cores against 4", cores), func(*answer, string) (float64, string) {
		law := catalog.ClassHTTP.Scalability()
		many, err := law.Throughput(cores)
		if err != nil {
			panic(err)
		}
		four, err := law.Throughput(4)
		if err != nil {
			panic(err)
		}
		return many / four, ""
	})
	f.say = func(x float64) string { return fmt.Sprintf("%.2f", x) }
	return f
}
