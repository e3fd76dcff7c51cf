package sizing

import (
	"fmt"
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Boot is the boot volumes of all nodes of all components. A volume is billed
// while its node exists, so pools that scale count with their mean.
type Boot struct {
	strict.At
	// Size of each node's boot volume.
	Size strict.Value[unit.Bytes] `yaml:"size"`
	// Type of the volumes, at the IOPS and throughput that the price includes.
	Volume string `yaml:"volume" enum:"gp3|gp2"`
}

type bootKind struct{}

func (bootKind) Word() string { return "boot" }

func (bootKind) Traits(any) Traits { return Traits{Scope: workload.ScopeAll, Fails: nothingFails} }

func (bootKind) Spec() any {
	return &Boot{
		Size:   judged(unit.Bytes(20*gib), "operating system, agents and a few days of local logs"),
		Volume: "gp3",
	}
}

// Prepare counts the nodes of what was sized before: boot volumes come after
// everything that has nodes.
func (bootKind) Prepare(c *Task) (Sizer, error) {
	if err := c.noLoad(); err != nil {
		return nil, err
	}
	spec := c.Component.Spec.(*Boot)
	limits, size, err := spec.gibibytes(c)
	if err != nil {
		return nil, err
	}
	n, nodes := newNodeless(c), make([]float64, len(c.Regions))
	meter := catalog.VolumeStorage(limits.Type)
	for i := range c.Regions {
		if c.Vintage.Site(c.Regions[i].Name) {
			continue // machines of one's own boot from disks of their own
		}
		nodes[i] = nodesIn(c, c.Regions[i].Index)
		n.bill(bootRow(c.Regions[i].Index).of(meter, nodes[i]*size*c.Profile.Held()).labelled("boot volumes"))
	}
	n.describe = func(l *Layout) {
		l.Grows = remark.New("nodes.grows", "with", "nodes")
		l.Structure = []remark.Remark{remark.New("boot.volume", "gib", size, "volume", spec.Volume)}
		l.derive = func() []remark.Step { return bootSteps(c, nodes, size) }
	}
	return n, nil
}

// bootSteps are one for each region, with its mean number of nodes.
func bootSteps(c *Task, nodes []float64, size float64) []remark.Step {
	out := make([]remark.Step, len(nodes))
	for i, k := range nodes {
		all := remark.Notate("{size} GiB", "size", unit.Rough(float64(k*size), 5).In("GiB"))
		out[i] = remark.Derive("boot volumes in {region}", "input size", all,
			"{nodes} nodes in the mean of the week × {size} GiB", "nodes", k,
			"size", unit.WithDecimals(size, 0).In("GiB")).Naming("region", c.Regions[i].Name)
	}
	return out
}

// bootRow is what is billed in a region.
func bootRow(region int) Usage { return Usage{Region: region, Category: "storage"} }

// gibibytes is the size of each volume as EBS sells it, with the limits of its type.
func (s *Boot) gibibytes(c *Task) (*catalog.VolumeLimits, float64, error) {
	limits, ok := c.Limits.Volume(s.Volume)
	if !ok {
		return nil, 0, &diag.Problem{Pos: s.Pos, Summary: fmt.Sprintf("volume type %q is not known", s.Volume),
			Hint: "use gp3"}
	}
	size, err := wholeGiB(s.Size.V)
	if err == nil {
		_, err = limits.Provision(unit.Bytes(size*gib), 0, 0)
	}
	if err != nil {
		return nil, 0, &diag.Problem{Pos: s.Size.Pos, Summary: "boot volume: " + err.Error(),
			Hint: "give a size such as 20GiB"}
	}
	return limits, max(size, float64(limits.MinSize/gib)), nil
}

// EachNode is what one node of whatever component adds to the bill of boot
// volumes.
func (bootKind) EachNode(c *Task) ([]Usage, error) {
	spec := c.Component.Spec.(*Boot)
	limits, size, err := spec.gibibytes(c)
	if err != nil {
		return nil, err
	}
	var out []Usage
	for i := range c.Regions {
		if c.Vintage.Site(c.Regions[i].Name) {
			continue
		}
		out = append(out, bootRow(c.Regions[i].Index).of(catalog.VolumeStorage(limits.Type), size*c.Profile.Held()))
	}
	return out, nil
}

// wholeGiB rounds a size up to what EBS sells.
func wholeGiB(b unit.Bytes) (float64, error) {
	n, err := unit.CeilCount(float64(b) / gib)
	return float64(n), err
}

// nodesIn is the mean number of nodes in a region that boot from volumes, of all components
// sized so far, in the order of the profile.
func nodesIn(c *Task, region int) float64 {
	t := 0.0
	for _, e := range c.Profile.Components {
		l := c.Sized[e.Key]
		if l == nil || e.V.Colocate != "" || e.Key == c.Component.Name {
			continue // what runs on another's nodes has none of its own
		}
		for i := range l.Pools {
			if p := &l.Pools[i]; p.Region == region && !BootsItself(c.Profile, region, l.TypeOf(p)) {
				t += p.Mean
			}
		}
	}
	return t
}

// BootsItself tells whether a machine in a region boots from a disk of its own: one that is
// not rented from AWS, and no instance stands in its place there.
func BootsItself(p *workload.Profile, region int, t *catalog.NodeType) bool {
	if t == nil || !t.Own {
		return false
	}
	for _, e := range p.Components {
		k, _ := Find(e.V.Kind)
		kind, ok := k.(Provider)
		if !ok || !slices.Contains(e.V.Regions, p.Regions[region].Name) {
			continue
		}
		provided, problem := kind.Provides(e.V, 0)
		if problem != nil {
			continue // which is told where the site is sized
		}
		for i := range provided.Machines {
			if m := &provided.Machines[i]; m.Type.Name == t.Name {
				return m.As == ""
			}
		}
	}
	return true
}

// ImplicitTitle makes boot volumes a part of every system with nodes.
func (bootKind) ImplicitTitle() string { return "Boot volumes" }
