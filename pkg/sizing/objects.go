package sizing

import (
	"fmt"
	"math"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/outage"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Objects is object storage (S3), and the backups and snapshots of other
// components. With scope `all` every region keeps all objects, copied from the
// region in which they are written.
type Objects struct {
	strict.At
	// Storage class of the objects. Each has prices of its own for storage, requests and retrieval.
	// Objects of an IA class are billed for 30 days at least, of glacier flexible retrieval for 90,
	// of glacier deep archive for 180.
	Class string `yaml:"class" enum:"standard|standard-IA|one-zone-IA|glacier flexible retrieval|glacier deep archive"`
	// Bytes of objects at the start, in each region that keeps them.
	Size strict.Value[unit.Bytes] `yaml:"size"`
	// How long written objects are kept; without it data.retention, else for ever.
	Retention *strict.Value[unit.Duration] `yaml:"retention"`
	// PUT requests for a write that arrives.
	Puts strict.Value[unit.Count] `yaml:"puts_per_write" min:"0" max:"1000"`
	// GET requests for a read that arrives.
	Gets strict.Value[unit.Count] `yaml:"gets_per_read" min:"0" max:"1000"`
	// Backups of other components.
	Backup Backup `yaml:"backup"`
}

// Backup is how components are backed up: full copies and, for each copy
// between them, what changed.
type Backup struct {
	strict.At
	// Components whose data is backed up.
	Of []string `yaml:"of"`
	// Logical bytes of one full copy of each; without it data.dataset and what a month's writes
	// add.
	Bytes *strict.Value[unit.Bytes] `yaml:"bytes"`
	// EBS snapshots, or objects of the class above.
	To string `yaml:"to" enum:"snapshots|objects"`
	// Time between two copies.
	Every strict.Value[unit.Duration] `yaml:"every"`
	// How long a copy is kept.
	Keep strict.Value[unit.Duration] `yaml:"keep"`
	// Part of the data that changes between two copies: the size of an increment.
	Changed strict.Value[unit.Fraction] `yaml:"changed" min:"0" max:"1"`
	// Full copies among those kept; the others are increments.
	Full strict.Value[unit.Count] `yaml:"full" min:"1" max:"1000"`
	// Regions that keep the copies, the first ones of the component; without it 2 where the loss of
	// a region must be survived, else 1.
	Regions *strict.Value[unit.Count] `yaml:"regions" min:"1" max:"32"`
}

// Check refuses backups that never happen.
func (b *Backup) Check(c *strict.Checker) {
	if b.Every.V <= 0 {
		c.Errorf(c.At("every"), "give a time such as 24h", "every %s is not longer than 0", b.Every.V)
	}
}

// Keeps says that objects are nowhere else.
func (*Objects) Keeps() workload.Keeping { return workload.Keeping{Data: true} }

type objectsKind struct{}

func (objectsKind) Word() string { return "objects" }

// Traits: S3 is reached in the region, not in a zone.
func (objectsKind) Traits(spec any) Traits {
	return Traits{Scope: workload.ScopePrimary, Zoneless: true, Fails: spec.(*Objects).fails}
}

// fails: objects, and snapshots, are there as long as their region is. Those of one zone are
// lost with it (Amazon S3 user guide, "S3 One Zone-IA").
func (s *Objects) fails(c *Task, _ *Layout) Failing {
	f := Failing{Rule: outage.Given, Keeps: s.Size.V > 0 || c.Load.Local.Write()+c.Load.Global.Write() > 0}
	f.Agreements = []string{"s3"}
	b, k := objectsBill{c: c, spec: s}, &s.Backup
	var regions []int
	for i := range c.Regions[:b.keeping()] {
		regions = append(regions, c.Regions[i].Index)
	}
	for _, name := range k.Of {
		if l := c.Flow.Of(name); l != nil {
			f.Copied = append(f.Copied, KeptCopy{Of: []string{name}, Every: k.Every.V, Keep: k.Keep.V, Regions: regions,
				Zonal: s.Class == catalog.S3OneZoneIA.String() && k.To == "objects", Bytes: float64(b.full(l))})
		}
	}
	return f
}

func (objectsKind) Spec() any {
	return &Objects{
		Class: "standard",
		Size:  judged(unit.Bytes(0), "nothing is stored at the start"),
		Puts:  judged(unit.Count(1), "one object for a write"),
		Gets:  judged(unit.Count(1), "one object for a read"),
		Backup: Backup{
			To:      "snapshots",
			Every:   judged(unit.Duration(24*3600), "once a day"),
			Keep:    judged(unit.Duration(35*24*3600), "five weeks: a mistake of last month can be undone"),
			Changed: judged(unit.Fraction(0.02), "2 % of the blocks are written between two copies"),
			Full:    judged(unit.Count(1), "increments hang on one full copy, as EBS snapshots do"),
		},
	}
}

// copies is how much the kept copies take, as a multiple of one full copy, and
// how much of it a month moves.
func (b *Backup) copies(monthHours float64) (kept, moved float64) {
	n := math.Max(float64(b.Full.V), math.Ceil(float64(b.Keep.V)/float64(b.Every.V)*(1-1e-9)))
	each := (float64(b.Full.V) + float64((n-float64(b.Full.V))*float64(b.Changed.V))) / n // mean of the copies
	return float64(n * each), float64(monthHours * 3600 / float64(b.Every.V) * each)
}

// objectsRegion is a month of the objects of one region.
type objectsRegion struct {
	name          string
	written, size float64 // bytes added since the start, and kept with those of the start; means of the month
	month         float64 // bytes that the calls of the month at hand bring
	early         float64 // bytes deleted before the class's minimum, as billed: the mean of the month
	puts, gets    float64
	object        float64 // bytes of an object that is written; 0 where none is
}

// backedUp is the copies of one component.
type backedUp struct {
	name  string
	full  unit.Bytes
	local bool // its disks are local, of which there are no snapshots
}

// objectsBill collects what object storage costs.
type objectsBill struct {
	c       *Task
	spec    *Objects
	class   catalog.ObjectClass
	n       *nodeless
	calls   arrivals
	regions []objectsRegion
	backups []backedUp
}

func (objectsKind) Prepare(c *Task) (Sizer, error) {
	if err := c.noNodes(); err != nil {
		return nil, err
	}
	b := objectsBill{c: c, spec: c.Component.Spec.(*Objects), n: newNodeless(c), calls: c.arrivals()}
	b.class, _ = catalog.ParseObjectClass(b.spec.Class) // one of the key's words
	for i := range c.Regions {
		b.region(&c.Regions[i])
	}
	b.replicate()
	for _, name := range b.spec.Backup.Of {
		if err := b.backup(name); err != nil {
			return nil, err
		}
	}
	b.n.describe = b.describe
	return b.n, nil
}

// added is what the calls of all months keep in a region's objects, in the mean of
// the month at hand: S3 grows by itself and is billed by that mean. data is the bytes
// per second that calls bring, in the mean of the week: those of the calls themselves,
// as what an upload weighs has nothing to do with what it adds to a database.
func (b *objectsBill) added(data float64) float64 { return b.c.meanKept(1, data, b.kept()) }

// held is the part of the month for which objects of a class are billed. Those of a class
// with a least time are billed for it also where they are destroyed.
func (b *objectsBill) held(class catalog.ObjectClass) float64 {
	if class.Retrieved() {
		return 1
	}
	return b.c.Profile.Held()
}

// region bills the objects of one region.
func (b *objectsBill) region(r *Location) {
	c := b.c
	data := r.MeanOwn(c.Need((*workload.Vec).Written))
	x := objectsRegion{name: r.Name, written: b.added(data), month: c.Flow.Demand.Monthly(1, data)}
	if r.carries(c.Load) {
		x.size, x.early = float64(b.spec.Size.V)+x.written, b.early(data)
	}
	x.puts = c.monthly(r, b.calls.writes) * float64(b.spec.Puts.V)
	x.gets = c.monthly(r, b.calls.reads) * float64(b.spec.Gets.V)
	row := Usage{Region: r.Index, Category: "storage", Label: c.Component.Label()}
	row.Of = c.meanNow(data > 0)
	b.n.bill(row.of(catalog.ObjectStorage(b.class), x.size/gib*b.held(b.class)))
	b.n.bill(row.of(catalog.ObjectStorage(b.class), x.early/gib).labelled(row.Label + ", deleted early"))
	row.Of = Moment{}
	b.requests(r, row, &x)
	if x.puts > 0 && data > 0 {
		x.object = x.month / x.puts
	}
	b.regions = append(b.regions, x)
}

// replicate is the traffic of copies where every region keeps all objects:
// what a region's users write goes to each of the others.
func (b *objectsBill) replicate() {
	c := b.c
	if c.Load.Scope != workload.ScopeAll {
		return
	}
	// What callers that run everywhere for everything write is made in each region
	// anyway; only what comes with the users' requests is copied.
	for i := range c.Regions {
		from := &c.Regions[i]
		bytes := unit.Bytes(c.monthly(from, Linear{Local: b.calls.sent.Local})).Replicated(1)
		for k := range c.Regions {
			if i != k {
				b.n.flows.add(from.Index, c.Regions[k].Index, bytes, "copies of objects")
			}
		}
	}
}

// keeping is in how many regions copies are kept.
func (b *objectsBill) keeping() int {
	n := unit.Count(1)
	if b.c.Policy.Region {
		n = 2
	}
	return min(int(math.Ceil(stated(b.spec.Backup.Regions, n))), len(b.c.Regions))
}

// backup bills the kept copies of a component, and moves them to the regions
// beside the first.
func (b *objectsBill) backup(name string) error {
	c, k := b.c, &b.spec.Backup
	l := c.Flow.Of(name)
	if l == nil || name == c.Component.Name {
		return &diag.Problem{Pos: k.Pos, Summary: fmt.Sprintf("backup of %q, which is not another component", name),
			Hint: "name a component of the profile"}
	}
	if l.Component.Kind == (objectsKind{}).Word() && k.Bytes == nil {
		return &diag.Problem{Pos: k.Pos, Hint: "add bytes: with the size of one full copy",
			Summary: fmt.Sprintf("backup of %q, which keeps objects: data.dataset is not their size", name)}
	}
	row := Usage{Meter: catalog.SnapshotStorage(), Category: "storage", Label: "snapshots of " + l.Component.Label()}
	row.Of = c.meanNow(k.Bytes == nil && l.Local.Data()+l.Global.Data() > 0)
	local := b.onLocalDisks(name)
	objects := k.To == "objects" || local
	if objects {
		row.Meter, row.Label = catalog.ObjectStorage(b.class), "backups of "+l.Component.Label()
	}
	kept, moved := k.copies(c.Flow.Demand.Hours)
	full := b.full(l)
	row.Quantity = float64(full) * kept / gib * c.Profile.Held()
	if objects {
		row.Quantity = float64(full) * kept / gib * b.held(b.class)
	}
	early := 0.0
	if objects {
		early = float64(full) * b.earlyCopies() / gib
	}
	for i := range c.Regions[:b.keeping()] {
		row.Region = c.Regions[i].Index
		b.n.bill(row)
		b.n.bill(row.of(row.Meter, early).labelled(row.Label + ", deleted early"))
		if i > 0 {
			b.n.flows.add(c.Regions[0].Index, c.Regions[i].Index, full.Replicated(moved), "backups of "+name)
		}
	}
	b.backups = append(b.backups, backedUp{name, full, local && k.To != "objects"})
	return nil
}

// onLocalDisks tells whether a component keeps its data on local disks. Snapshots
// are of volumes: such data are copied to objects instead, as base backups and the
// journal in between.
func (b *objectsBill) onLocalDisks(name string) bool {
	l := b.c.Sized[name]
	return l != nil && l.Storage.Volume == VolumeLocal
}

// full is one full copy of a component's data, in the mean of the month at hand.
func (b *objectsBill) full(l *workload.Load) unit.Bytes {
	if v := b.spec.Backup.Bytes; v != nil {
		return v.V
	}
	data := &b.c.Profile.Data
	added := b.c.meanKept(l.Local.Data()+l.Global.Data(), b.c.Flow.Demand.MeanTotal, data.Retention)
	return data.Dataset.V + unit.Bytes(added)
}

func (b *objectsBill) describe(l *Layout) {
	l.Grows = remark.New("nodes.grows", "with", "writes")
	l.Structure = []remark.Remark{remark.New("objects.class", "class", b.spec.Class)}
	for _, x := range b.backups {
		if x.local {
			l.Structure = append(l.Structure, remark.New("objects.no_snapshots", "of", x.name))
		}
	}
	smallest := classOf(b.class).smallest
	for i := range b.regions {
		if object := b.regions[i].object; object > 0 && object < float64(smallest) {
			l.Warnings = append(l.Warnings, remark.New("objects.small", "class", b.spec.Class, "bytes", object,
				"smallest", float64(smallest)))
			break
		}
	}
	l.derive = b.steps
}

func (b *objectsBill) steps() []remark.Step {
	var out []remark.Step
	for _, r := range b.regions {
		if r.size == 0 && r.puts == 0 && r.gets == 0 {
			continue // nothing is kept there, whatever is in the region that keeps it
		}
		objects := remark.Notate("{size}, {puts} PUT, {gets} GET", "size", unit.Bytes(r.size),
			"puts", unit.Count(r.puts), "gets", unit.Count(r.gets))
		out = append(out, remark.Derive("objects in {region}", "MODEL section 1", objects, "{size} + {written}",
			"size", b.spec.Size.V, "written", unit.Bytes(r.written)).Naming("region", r.name).
			Noting("step.written", "month", b.c.Flow.Demand.Month, "bytes", r.month))
	}
	k := &b.spec.Backup
	kept, _ := k.copies(b.c.Flow.Demand.Hours)
	for _, x := range b.backups {
		bytes := remark.Notate("{bytes} in each", "bytes", unit.Bytes(float64(x.full)*kept))
		out = append(out, remark.Derive("backups of {component}", "MODEL section 5, backups", bytes, "{full} × {kept}",
			"full", x.full, "kept", unit.Rough(kept, 3)).Naming("component", x.name).
			Noting("step.backups", "every", k.Every.V, "keep", k.Keep.V, "changed", k.Changed.V,
				"regions", b.keeping()))
	}
	return out
}

// kept is for how long written objects are kept; nil for ever.
func (b *objectsBill) kept() *strict.Value[unit.Duration] {
	if v := b.spec.Retention; v != nil {
		return v
	}
	return b.c.Profile.Data.Retention
}

// requests bills what is asked for in a region, at the class's own prices.
func (b *objectsBill) requests(r *Location, row Usage, x *objectsRegion) {
	b.n.bill(row.of(catalog.ObjectPuts(b.class), x.puts/1000))
	b.n.bill(row.of(catalog.ObjectGets(b.class), x.gets/1000))
	if b.class.Restored() {
		b.n.bill(row.of(catalog.ObjectRestores(b.class), x.gets/1000))
	}
	if b.class.Retrieved() {
		b.n.bill(row.of(catalog.ObjectRetrieval(b.class), b.c.monthly(r, b.c.fetched())/gib))
	}
}

// early is the mean over the month of what was deleted before the class's minimum
// and is billed until then. data is the new bytes per second in a region, in the
// mean of the week.
func (b *objectsBill) early(data float64) float64 {
	kept, least := b.kept(), classOf(b.class).minimum
	if kept == nil || kept.V >= least {
		return 0
	}
	return b.c.meanKept(1, data, &strict.Value[unit.Duration]{V: least}) - b.added(data)
}

// earlyCopies is the same of backups, as a multiple of one full copy.
func (b *objectsBill) earlyCopies() float64 {
	k := b.spec.Backup
	really, _ := k.copies(b.c.Flow.Demand.Hours)
	k.Keep.V = max(k.Keep.V, classOf(b.class).minimum)
	billed, _ := k.copies(b.c.Flow.Demand.Hours)
	return math.Max(0, billed-really)
}
