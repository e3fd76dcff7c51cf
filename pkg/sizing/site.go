package sizing

import (
	"fmt"
	"strings"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Site is a place, a region of the profile, with what no table has of it: its uplink, what
// costs nothing there, and machines of one's own or of a provider without tables.
type Site struct {
	strict.At
	// What the site can send, to users and to other regions together, of which policy.own may be filled, and
	// policy.degraded with another region lost; without it nothing is checked.
	Uplink *strict.Value[unit.ByteRate] `yaml:"uplink"`
	// What costs nothing there beside the machines. Without egress, what leaves needs a price in an overlay.
	Includes []string `yaml:"includes" enum:"egress|addresses|zones"`
	// Machines by the name that components have them by. One that stands in several sites counts in all of
	// them as the least of it.
	Machines strict.Map[Host] `yaml:"machines" format:"name"`
	// Whether what lies on the disks of its machines is not meant to outlive a stop.
	Ephemeral strict.Value[bool] `yaml:"ephemeral" bill:"none"`
	// Files on its disks that are no component's.
	Files *SiteFiles `yaml:"files"`
}

// SiteFiles are files on a site's disks that are no component's, such as what users upload.
type SiteFiles struct {
	strict.At
	// How its disks are put together: 10 and 5 outlive a lost disk, 6 two at once, 0 none.
	RAID strict.Value[string] `yaml:"raid" required:"true" enum:"0|10|5|6" bill:"none"`
	// Bytes of all of them; without it how long it takes to restore them is not known.
	Size *strict.Value[unit.Bytes] `yaml:"size" bill:"none"`
	// Whether they are not meant to outlive a stop.
	Ephemeral strict.Value[bool] `yaml:"ephemeral" bill:"none"`
}

// Default is files that are there to stay.
func (s *SiteFiles) Default() { s.Ephemeral = judged(false, "files are meant to stay") }

// Host is a machine of a site: what it is, what it costs, and how many there are.
type Host struct {
	strict.At
	// How many there are. All are paid for, used or not, by production, and a plan that needs more is none.
	// Without it there are as many as it takes.
	Hosts *strict.Value[unit.Count] `yaml:"hosts" min:"1" max:"100000" whole:"true"`
	// EC2 instance type that is rented in its place, where the site is a region of the tables: at least as
	// large. All else is stated where it stands.
	As string `yaml:"as"`
	// Name of the physical server of which it is a part: machines that name the same one are lost together.
	Server *strict.Value[string] `yaml:"server" format:"name" bill:"none"`
	// Hardware threads.
	VCPU strict.Value[unit.Count] `yaml:"vcpu" min:"1" max:"2048" whole:"true"`
	// Physical cores; without it not known.
	Cores *strict.Value[unit.Count] `yaml:"cores" min:"1" max:"2048" whole:"true"`
	// Memory of one.
	Memory strict.Value[unit.Bytes] `yaml:"memory"`
	// Architecture of its processors.
	Arch string `yaml:"arch" enum:"x86_64|arm64"`
	// What its network sustains each way; without it 0.1 Gbit/s for each thread, assumed.
	Network *strict.Value[unit.ByteRate] `yaml:"network"`
	// Its disks. Nothing else is attached to it: components that keep data there have storage: [local].
	Disks *HostDisks `yaml:"disks"`
	// EC2 instance type that one thread is as fast as, or speed times as fast. Without it no component
	// that needs CPU can run there.
	Like *strict.Value[string] `yaml:"like"`
	// How many times as fast as a thread of like.
	Speed *strict.Value[unit.Count] `yaml:"speed" above:"0" max:"100"`
	// US dollars for one; 0 only where it costs nothing.
	Price *strict.Value[workload.Dollars] `yaml:"price" min:"0"`
	// What the price is of: an hour it runs, a month, a year, or the machine, which is bought once.
	Every *strict.Value[string] `yaml:"every" enum:"hour|month|year|once"`
	// Months that a machine that is bought once is used, of which each bears a part of its price.
	Life *strict.Value[unit.Count] `yaml:"life" min:"1" max:"240" whole:"true"`
}

// HostDisks are disks in a machine that are alike, without the one it boots from.
type HostDisks struct {
	strict.At
	// What they are.
	Class string `yaml:"class" required:"true" enum:"nvme|ssd|hdd"`
	// How many one machine has.
	Count strict.Value[unit.Count] `yaml:"count" required:"true" min:"1" max:"1000"`
	// Bytes of one, before RAID.
	Size strict.Value[unit.Bytes] `yaml:"size" required:"true"`
	// Random reads a second of one; hard disks do 100 where nothing is said.
	ReadIOPS *strict.Value[unit.Count] `yaml:"read_iops" above:"0"`
	// Random writes a second of one; without it as many as reads.
	WriteIOPS *strict.Value[unit.Count] `yaml:"write_iops" above:"0"`
}

// Check refuses disks that are kept twice for files that are not to be kept.
func (s *Site) Check(c *strict.Checker) {
	f := s.Files
	if f == nil || f.RAID.V == "0" || !s.Ephemeral.V && !f.Ephemeral.V {
		return
	}
	c.Errorf(f.RAID.Pos, "write raid: '0', or leave ephemeral out",
		"raid %s keeps files when a disk is lost, but ephemeral says that they need not be kept", f.RAID.V)
}

// Keeps says that there are files, and on which servers the machines are.
func (s *Site) Keeps() workload.Keeping {
	k := workload.Keeping{Files: true}
	for _, e := range s.Machines {
		if e.V.Server != nil {
			k.Servers = append(k.Servers, *e.V.Server)
		}
	}
	return k
}

// Check holds the keys of a machine against each other.
func (s *Host) Check(c *strict.Checker) {
	if s.As != "" {
		for _, key := range []string{"hosts", "vcpu", "cores", "memory", "network", "disks", "like", "speed", "price"} {
			if c.Has(key) {
				c.Errorf(c.At(key), "remove it", "%s has no use beside as: it is that of %s", key, s.As)
			}
		}
		return
	}
	if !s.VCPU.Set || !s.Memory.Set || s.Memory.V <= 0 {
		c.Errorf(s.Pos, "write both, such as vcpu: 32 and memory: 128GiB", "the machine has no vcpu or no memory")
	}
	if s.Price == nil {
		c.Errorf(s.Pos, "write price: $200 with every: month; $0 only where it costs nothing",
			"the machine has no price")
	} else if s.Every == nil {
		c.Errorf(c.At("price"), "write every: hour, month, year or once",
			"the price %s is not said to be of an hour, a month, a year or once", s.Price.V)
	}
	once := s.Every != nil && s.Every.V == everyOnce
	switch {
	case once && s.Life == nil:
		c.Errorf(c.At("every"), "write life: 60, the months that it is used",
			"a machine that is bought once has no life: a month's part of its price is not known")
	case !once && s.Life != nil:
		c.Errorf(c.At("life"), "remove it, or write every: once", "only a machine that is bought once has a life")
	}
	if s.Speed != nil && s.Like == nil {
		c.Errorf(c.At("speed"), "name the type under like", "speed says how many times as fast, but not as what")
	}
	if s.Cores != nil && s.VCPU.Set && s.Cores.V > s.VCPU.V {
		c.Errorf(c.At("cores"), "write vcpu: with its hardware threads, one or more for each core",
			"cores is %s, above vcpu, %s", s.Cores.V, s.VCPU.V)
	}
}

// Provider is a Kind whose components bring machines and prices of their own to a region.
// The search asks for them before it opens the price tables.
type Provider interface {
	Provides(c *workload.Component, month int) (*Provided, *diag.Problem)
}

// Provided is what a component brings to a region.
type Provided struct {
	Region   string
	Pos      diag.Pos
	Included []catalog.Meter
	Machines []ProvidedMachine
}

// ProvidedMachine is a machine with its price, of an hour or of the month at hand.
type ProvidedMachine struct {
	Type    catalog.NodeType
	As      string // instance type that is rented in its place: nothing else is set then
	Hosts   int    // how many there are; 0 for as many as it takes
	Price   money.Amount
	Monthly bool
	Source  string
	Pos     diag.Pos
}

type siteKind struct{}

func (siteKind) Word() string { return "site" }

// Traits: a site is where other components are, and what they have in common there.
func (siteKind) Traits(spec any) Traits {
	return Traits{Scope: workload.ScopeAll, Fails: spec.(*Site).fails}
}

func (siteKind) Spec() any {
	return &Site{Ephemeral: judged(false, "what lies on disks is meant to stay")}
}

// Provides is what a site has.
func (siteKind) Provides(c *workload.Component, month int) (*Provided, *diag.Problem) {
	spec := c.Spec.(*Site)
	if len(c.Regions) != 1 {
		return nil, &diag.Problem{Pos: c.Pos, Hint: "write regions: [its name]",
			Summary: fmt.Sprintf("component %q is a site, which is one region, but names %d", c.Name, len(c.Regions))}
	}
	p := &Provided{Region: c.Regions[0], Pos: c.Pos}
	for _, what := range spec.Includes {
		switch what {
		case "egress":
			p.Included = append(p.Included, catalog.InternetOut())
		case "addresses":
			p.Included = append(p.Included, catalog.AddressHours())
		case "zones":
			p.Included = append(p.Included, catalog.ZoneOut(), catalog.ZoneIn())
		}
	}
	for _, e := range spec.Machines {
		p.Machines = append(p.Machines, e.V.provided(e.Key, month))
	}
	return p, nil
}

// provided is the machine of a name in a month.
func (s *Host) provided(name string, month int) ProvidedMachine {
	m := ProvidedMachine{As: s.As, Hosts: counted(s.Hosts), Pos: s.Pos}
	m.Type.Name = name
	if s.As != "" {
		return m
	}
	m.Type = s.nodeType(name)
	m.Source, m.Monthly = s.Price.Source, s.Every.V != everyHour
	if m.Source == "" && s.Price.Assumed != "" {
		m.Source = "assumed: " + s.Price.Assumed
	}
	m.Price = s.ofMonth(month)
	return m
}

// ofMonth is what a month bears of the price of one, or the price of an hour. A machine
// that has come to the end of its life is replaced by one that costs the same.
func (s *Host) ofMonth(month int) money.Amount {
	price := s.Price.V.Amount
	switch s.Every.V {
	case everyYear:
		return price.Instalment(month%monthsOfYear, monthsOfYear)
	case everyOnce:
		life := counted(s.Life)
		return price.Instalment(month%life, life)
	}
	return price
}

// nodeType is its hardware. What is not said is not known.
func (s *Host) nodeType(name string) catalog.NodeType {
	t := catalog.NodeType{Name: name, Family: name, VCPU: int(s.VCPU.V), Memory: s.Memory.V, Arch: "x86_64",
		Purpose: catalog.GeneralPurpose, CurrentGeneration: true, Baseline: catalog.Is(1), Own: true}
	if s.Arch != "" {
		t.Arch = s.Arch
	}
	if s.Cores != nil {
		t.PhysicalCores = catalog.Is(float64(s.Cores.V))
	}
	if s.Like != nil {
		t.SpeedOf, t.SpeedFactor = s.Like.V, stated(s.Speed, 0)
	}
	t.NetworkBaseline, t.NetworkAssumed = unit.ByteRate(float64(catalog.NetworkPerVCPU*float64(t.VCPU))), true
	if s.Network != nil {
		t.NetworkBaseline, t.NetworkAssumed = s.Network.V, false
	}
	t.Local.Kind = "none"
	if d := s.Disks; d != nil {
		n := float64(d.Count.V)
		t.Local = catalog.LocalStorage{Kind: d.Class, Disks: catalog.Is(n),
			Bytes: unit.Bytes(float64(float64(d.Size.V) * n))}
		if d.ReadIOPS != nil {
			t.Local.ReadIOPS = catalog.Is(float64(float64(d.ReadIOPS.V) * n))
			t.Local.WriteIOPS = t.Local.ReadIOPS
		}
		if d.WriteIOPS != nil {
			t.Local.WriteIOPS = catalog.Is(float64(float64(d.WriteIOPS.V) * n))
		}
	}
	return t
}

// site is a place in the plan: what it sends, and what its hosts are used for.
type site struct {
	c        *Task
	spec     *Site
	region   int
	provided *Provided
	own      sending   // what it sends with nothing lost
	lost     *sending  // with the worst other region lost; nil where none is to be
	used     []hostUse // of the machines that there are only so many of
}

// hostUse is what the hosts of a machine are used for.
type hostUse struct {
	*ProvidedMachine
	most int     // in any hour
	mean float64 // over the week
	by   []string
}

// Prepare looks at all that stands at the site: it comes after everything else.
func (k siteKind) Prepare(c *Task) (Sizer, error) {
	if err := c.noLoad(); err != nil {
		return nil, err
	}
	provided, problem := k.Provides(c.Component, c.Flow.Demand.Month)
	if problem != nil {
		return nil, problem
	}
	s := &site{c: c, spec: c.Component.Spec.(*Site), region: c.Regions[0].Index, provided: provided}
	s.own, s.lost = sendings(c, s.region)
	if rej := s.tooNarrow(); rej != nil {
		return nil, rej
	}
	n := newNodeless(c)
	n.describe = s.describe
	for i := range provided.Machines {
		m := &provided.Machines[i]
		if m.Hosts == 0 {
			continue
		}
		u := s.usedOf(m)
		if u.most > m.Hosts {
			return nil, &Rejection{Resource: capacity.Hosts.Name, Need: float64(u.most), Have: float64(m.Hosts),
				Why: remark.New("site.hosts", "machine", m.Type.Name, "at", provided.Region,
					"by", strings.Join(u.by, ", "))}
		}
		s.used = append(s.used, u)
		n.stated = append(n.stated, s.idle(&u)...)
	}
	return n, nil
}

// usedOf counts the hosts of a machine that the plan uses here.
func (s *site) usedOf(m *ProvidedMachine) hostUse {
	u := hostUse{ProvidedMachine: m}
	for _, e := range s.c.Profile.Components {
		l := s.c.Sized[e.Key]
		if l == nil || e.V.Colocate != "" {
			continue // what runs on another's nodes has none of its own
		}
		n := 0
		for i := range l.Pools {
			p := &l.Pools[i]
			if p.Region == s.region && l.TypeOf(p).Name == m.Type.Name {
				n += p.Max
				u.mean += p.Mean
			}
		}
		if n > 0 {
			u.most += n
			u.by = append(u.by, fmt.Sprintf("%s %d", e.Key, n))
		}
	}
	return u
}

// idle is what hosts cost that nothing runs on: who has them pays for them. Environments
// have no hosts of their own, so that it is production that pays for those.
func (s *site) idle(u *hostUse) []Stated {
	if float64(u.Hosts) <= u.mean || s.c.Profile.Copy || u.Price.IsZero() {
		return nil
	}
	idle := Stated{Region: s.region, Item: "idle " + u.Type.Name, Number: float64(u.Hosts), Price: u.Price,
		Note: u.Source, Host: u.Type.Name}
	if !u.Monthly {
		idle.Unit = everyHour
	}
	return []Stated{idle}
}

func (s *site) describe(l *Layout) {
	l.Grows = remark.New("site.grows")
	l.Brief = remark.New("site.sends", "rate", megabits(s.most().all()))
	if u := s.spec.Uplink; u != nil {
		l.Brief = l.Brief.With("uplink", megabits(float64(u.V)))
		l.Limits = append(l.Limits, s.uplink()...)
	}
	l.Structure = append([]remark.Remark{l.Brief}, s.parts()...)
	for i := range s.used {
		u := &s.used[i]
		l.Structure = append(l.Structure, remark.New("site.used", "machine", u.Type.Name, "hosts", u.Hosts,
			"used", u.most))
	}
	l.Structure = append(l.Structure, s.leastHosts()...)
	l.derive = s.steps
}
