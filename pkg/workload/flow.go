package workload

import (
	"math"
	"slices"

	"headroom/pkg/unit"
)

// Vec is what arrives at a component, linear in the number of users: rates per
// second and logical bytes per second at the peak of all users.
type Vec struct {
	Reads, Writes []float64 // per request class, in the order of Demand.Classes
	Stored        []float64 // logical bytes of new data, per class: once a write, however many calls bring it
	Payload       []float64 // bytes of the calls that write, per class: as often as they are made
	Pages         float64   // first pages served by an entry component
	In, Out       float64   // bytes of the calls that arrive and of their answers
}

func newVec(classes int) Vec { return vecIn(make([]float64, 4*classes), classes) }

// vecIn is a Vec whose figures by class are in a list of four for each.
func vecIn(all []float64, classes int) Vec {
	part := func(i int) []float64 { return all[i*classes : (i+1)*classes] }
	return Vec{Reads: part(0), Writes: part(1), Stored: part(2), Payload: part(3)}
}

// equal tells whether two are the same.
func (v *Vec) equal(o *Vec) bool {
	return slices.Equal(v.Reads, o.Reads) && slices.Equal(v.Writes, o.Writes) && slices.Equal(v.Stored, o.Stored) &&
		slices.Equal(v.Payload, o.Payload) && v.Pages == o.Pages && v.In == o.In && v.Out == o.Out
}

// Read is the rate of all reads.
func (v *Vec) Read() float64 { return sum(v.Reads) }

// Write is the rate of all writes.
func (v *Vec) Write() float64 { return sum(v.Writes) }

// Data is the logical bytes per second of new data.
func (v *Vec) Data() float64 { return sum(v.Stored) }

// Written is the bytes per second of the calls that write.
func (v *Vec) Written() float64 { return sum(v.Payload) }

// Requests is the rate of everything that arrives.
func (v *Vec) Requests() float64 { return v.Read() + v.Write() + v.Pages }

func sum(xs []float64) float64 {
	t := 0.0
	for _, x := range xs {
		t += x
	}
	return t
}

func (v *Vec) add(o *Vec, factor float64) {
	for i := range v.Reads {
		v.Reads[i] += float64(o.Reads[i] * factor)
		v.Writes[i] += float64(o.Writes[i] * factor)
		v.Stored[i] += float64(o.Stored[i] * factor)
		v.Payload[i] += float64(o.Payload[i] * factor)
	}
	v.Pages += float64(o.Pages * factor)
	v.In += float64(o.In * factor)
	v.Out += float64(o.Out * factor)
}

// Scope of a component's load in a region.
const (
	ScopeShare   = "share"   // the region's users
	ScopeAll     = "all"     // every region processes everything
	ScopePrimary = "primary" // all regions' load meets in the first region
)

// Load is what arrives at one component. In region r and hour h it is
// Local·s(r,h) + Global·S(h): s is the region's multiplier, S the sum over the
// regions. A component with scope primary carries all of it in the first
// region and nothing elsewhere.
type Load struct {
	Component *Component
	Scope     string
	Local     Vec // follows the region's own users
	Global    Vec // the same in every region, whatever the users' split
	Edges     []EdgeLoad
	// Unfound is the part of the reads that is left of those that were asked for, where callers
	// find some in caches of their own: 1 where they do not.
	Unfound float64
	Callers []string // components that call it, in the order of the flow
	Regions []int    // indices into Demand.Regions where it runs
	found   float64  // reads/s that callers find in caches of their own
	// Traits are what Nature has of the component's kind: many ask for them, again and again.
	Traits any
}

// Arrives tells whether the same arrives by two loads.
func (l *Load) Arrives(o *Load) bool {
	return l.Scope == o.Scope && l.Unfound == o.Unfound && l.found == o.found && l.Local.equal(&o.Local) &&
		l.Global.equal(&o.Global) && slices.Equal(l.Regions, o.Regions) && slices.Equal(l.Callers, o.Callers)
}

// EdgeLoad is what one component sends to another, at the peak of all users.
type EdgeLoad struct {
	From, To string
	Mode     string // sync or async
	// Hits is the part of the reads that is answered before they are sent, by caches that the
	// edge or the caller's kind has; Local and Global are what is left.
	Hits   float64
	Local  EdgeVec
	Global EdgeVec
}

// EdgeVec is the traffic of an edge: calls and logical bytes per second.
type EdgeVec struct {
	Reads, Writes     float64
	Request, Response float64 // of all calls and of their answers
	Written, Answered float64 // the part of these that is of writes
	Found             float64 // reads/s that caches answer, so that they are not sent
}

// Flow is the load of every component, callers before what they call.
type Flow struct {
	Demand *Demand
	Loads  []*Load
	byName map[string]*Load
}

// Of finds a component's load.
func (f *Flow) Of(name string) *Load { return f.byName[name] }

// Nature is what the flow has to know of a component's kind.
type Nature struct {
	Scope string // where its load meets, where the component does not say
	// Hits is the part of the reads for what it calls that it answers itself, where so much
	// of them was not found before; nil for none.
	Hits func(to string, unfound float64) float64
	// HandsOn says that what it calls is asked for what it was asked for itself.
	HandsOn bool
	// Traits are all that whoever made the flow knows of the kind, for Load.Traits.
	Traits any
}

// Flow derives every component's load from the demand and the declared calls. nature tells
// of a component what follows from its kind.
func (p *Profile) Flow(d *Demand, nature func(*Component) Nature) *Flow {
	order, _ := p.order() // a circle was refused by Parse
	f := &Flow{Demand: d, Loads: make([]*Load, 0, len(order)), byName: make(map[string]*Load, len(order))}
	n := len(d.Classes)
	natures := make([]Nature, 0, len(order))
	loads, rates := make([]Load, len(order)), make([]float64, 8*n*len(order)) // all together: there are many flows
	for i, c := range order {
		natures = append(natures, nature(c))
		own := rates[8*n*i : 8*n*(i+1)]
		l := &loads[i]
		*l = Load{Component: c, Scope: c.Scope, Local: vecIn(own[:4*n], n), Global: vecIn(own[4*n:], n),
			Traits: natures[i].Traits, Edges: make([]EdgeLoad, 0, len(c.Calls)),
			Regions: make([]int, 0, len(d.Regions))}
		if l.Scope == "" {
			l.Scope = natures[i].Scope
		}
		for r := range d.Regions {
			if len(c.Regions) == 0 || slices.Contains(c.Regions, d.Regions[r].Name) {
				l.Regions = append(l.Regions, r)
			}
		}
		f.Loads = append(f.Loads, l)
		f.byName[c.Name] = l
	}
	p.enter(f)
	for k, l := range f.Loads {
		l.once(d.Classes)
		if l.Unfound = 1; l.found > 0 {
			arrive := l.Local.Read() + l.Global.Read()
			l.Unfound = arrive / (arrive + l.found)
		}
		for i := range l.Component.Calls {
			to, call := l.Component.Calls[i].Key, &l.Component.Calls[i].V
			f.propagate(l, to, call, &natures[k])
		}
	}
	return f
}

// enter puts the users' requests at the entries. Where users' load lands
// depends on the entry's scope: with share it follows the region's users.
func (p *Profile) enter(f *Flow) {
	pages := float64(f.Demand.Pages)
	for i, c := range f.Demand.Classes {
		l, ok := f.byName[c.Entry]
		if !ok {
			continue
		}
		v := newVec(len(f.Demand.Classes))
		v.Reads[i], v.Writes[i] = float64(c.Reads), float64(c.Writes)
		all := float64(c.Reads) + float64(c.Writes)
		v.In, v.Out = float64(all*float64(c.Request)), float64(all*float64(c.Response))
		v.Stored[i] = c.written()
		v.Payload[i] = float64(float64(c.Writes) * float64(c.Request))
		if pages > 0 && (l.Component.Entry || i == 0) {
			v.Pages = pages
			v.Out += float64(pages * float64(p.Peak.FirstPage.V))
			pages = 0
		}
		none := newVec(len(f.Demand.Classes))
		l.receive(&v, &none)
	}
}

// receive adds load that follows the users (local) and load that is the same
// everywhere (global), turned into what the component's scope makes of it.
func (l *Load) receive(local, global *Vec) {
	if l.Scope == ScopeShare {
		l.Local.add(local, 1)
		l.Global.add(global, 1)
		return
	}
	// All regions' users meet: Σ over r of local·s(r,h) = local·S(h).
	l.Global.add(local, 1)
	l.Global.add(global, 1)
}

// once leaves of each class's new data no more than there is: a write that arrives
// by several callers, or from the copies of one in several regions, is the same
// data. What arrives in every region (Global) has each region's own part in it.
func (l *Load) once(classes []ClassDemand) {
	for i := range classes {
		all := classes[i].written()
		l.Global.Stored[i] = math.Min(l.Global.Stored[i], all)
		l.Local.Stored[i] = math.Min(l.Local.Stored[i], all-l.Global.Stored[i])
	}
}

// written is the logical bytes per second of new data of a class.
func (c *ClassDemand) written() float64 { return float64(float64(c.Writes) * float64(c.Stored)) }

// missed is the part of the reads of a call that caches do not answer.
func (n *Nature) missed(to string, call *Call, unfound float64) float64 {
	part := 1 - float64(call.HitRatio.V)
	if n.Hits != nil {
		part = float64(part * (1 - n.Hits(to, unfound)))
	}
	return part
}

// propagate sends a component's calls along one edge, of its reads the part that caches do
// not answer. First pages do not travel on: they are static content of the entry.
func (f *Flow) propagate(from *Load, to string, call *Call, nature *Nature) {
	target, missed := f.byName[to], nature.missed(to, call, from.Unfound)
	e := EdgeLoad{From: from.Component.Name, To: to, Mode: call.Mode, Hits: 1 - missed}
	if e.Mode == "" {
		e.Mode = "sync"
	}
	local, le := f.carry(&from.Local, call, missed)
	global, ge := f.carry(&from.Global, call, missed)
	e.Local, e.Global = le, ge
	if target.Scope == ScopePrimary && from.Scope == ScopeAll {
		// Every region's copy calls the one primary.
		k := float64(max(1, len(from.Regions)))
		global.scale(k)
	}
	from.Edges = append(from.Edges, e)
	if !slices.Contains(target.Callers, e.From) {
		target.Callers = append(target.Callers, e.From)
	}
	target.receive(&local, &global)
	found := le.Found + ge.Found
	target.found += found
	if arrive := from.Local.Read() + from.Global.Read(); nature.HandsOn && arrive > 0 {
		// What was found before it would have come through it as well.
		target.found += float64(from.found * (le.Reads + ge.Reads + found) / arrive)
	}
}

// scale multiplies calls, but not the new data: copies of a caller bring the same.
func (v *Vec) scale(k float64) {
	for i := range v.Reads {
		v.Reads[i] = float64(v.Reads[i] * k)
		v.Writes[i] = float64(v.Writes[i] * k)
		v.Payload[i] = float64(v.Payload[i] * k)
	}
	v.In, v.Out, v.Pages = float64(v.In*k), float64(v.Out*k), float64(v.Pages*k)
}

// carry is rate(B) = rate(A)·calls·fan-out, per class, and of reads the part that is missed.
func (f *Flow) carry(v *Vec, call *Call, missed float64) (Vec, EdgeVec) {
	out := newVec(len(v.Reads))
	var e EdgeVec
	users := float64(f.Demand.Users)
	fan, carried := call.fanOut(users), call.Carries(users)
	miss := missed * fan
	for i := range f.Demand.Classes {
		class := &f.Demand.Classes[i]
		if !call.Takes(class.Name) {
			continue
		}
		wanted := float64(v.Reads[i]*float64(call.PerRead.V)) + float64(v.Writes[i]*float64(call.ReadsPerWrite.V))
		reads := float64(wanted * miss)
		e.Found += float64(wanted*fan) - reads
		writes := float64(v.Writes[i] * float64(call.PerWrite.V) * fan)
		request, response := call.Sizes(class)
		out.Reads[i], out.Writes[i] = reads, writes
		out.Stored[i] = float64(v.Stored[i] * carried)
		out.Payload[i] = float64(writes * float64(request))
		e.Reads += reads
		e.Writes += writes
		e.Request += float64((reads + writes) * float64(request))
		e.Response += float64((reads + writes) * float64(response))
		e.Written += out.Payload[i]
		e.Answered += float64(writes * float64(response))
	}
	out.In, out.Out = e.Request, e.Response
	return out, e
}

// Rate is a load's reads and writes per second in region r at hour h of the
// week, in the normal state (lost false) or with the worst other region lost.
func (f *Flow) Rate(l *Load, region int, h int, lost bool) (reads, writes unit.EventRate) {
	s, all := f.Multipliers(l, region, h, lost)
	reads = unit.EventRate(float64(l.Local.Read()*s) + float64(l.Global.Read()*all))
	return reads, unit.EventRate(float64(l.Local.Write()*s) + float64(l.Global.Write()*all))
}

// Multipliers are s and S of a load in a region and hour: what Local and
// Global are to be multiplied with.
func (f *Flow) Multipliers(l *Load, region, h int, lost bool) (local, global float64) {
	if l.Scope == ScopePrimary && (len(l.Regions) == 0 || region != l.Regions[0]) && !lost {
		return 0, 0
	}
	r := &f.Demand.Regions[region]
	if lost {
		return r.Lost[h], f.Demand.Total[h]
	}
	return r.Own[h], f.Demand.Total[h]
}
