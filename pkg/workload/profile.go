package workload

import (
	"strconv"

	"headroom/pkg/diag"
	"headroom/pkg/money"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// APIVersion is the version of the profile format that this package reads.
const APIVersion = "headroom/v1"

// Profile is one system, as its file states it. Fields that the file leaves
// out hold the documented defaults (see Default).
type Profile struct {
	strict.At
	File string `yaml:"-"` // for messages
	// Copy says that this is an environment beside production: what an account has
	// once is production's.
	Copy bool `yaml:"-"`
	// Scheduled is the part of the week in which an environment runs, and
	// WholeMonth the hours of a month in which it would always run; 0 and 0 where
	// it does.
	Scheduled  float64    `yaml:"-"`
	WholeMonth unit.Count `yaml:"-"`
	// Destroyed says that an environment keeps nothing while it does not run.
	Destroyed bool   `yaml:"-"`
	Ref       string `yaml:"-"` // what the user wrote to name it, for commands to copy; may be empty
	Digest    string `yaml:"-"` // SHA-256 of the file's bytes, hexadecimal
	// Sources are the file and what it reads; none where values were replaced since.
	Sources []Source `yaml:"-"`

	// Version of the profile format.
	APIVersion string `yaml:"apiVersion" required:"true" enum:"headroom/v1"`
	// Short name: lower-case letters, digits and dashes.
	Name string `yaml:"name" required:"true" format:"dashed name"`
	// One line for headings.
	Title string `yaml:"title"`
	// What the system is and where its figures come from.
	Description string `yaml:"description"`
	// Price tables and what is priced from them.
	Prices Prices `yaml:"prices"`
	// Hours billed a month; 730 is the convention of AWS, 720 that of the 2016 references.
	HoursPerMonth strict.Value[unit.Count] `yaml:"hours_per_month" min:"1" max:"744"`
	// Months ahead for which is sized what cannot be changed without a rebuild: numbers of
	// partitions and shards.
	Horizon strict.Value[unit.Count] `yaml:"horizon" min:"0" max:"120"`
	// Months ahead for which is sized what is added while it runs but takes people time: nodes of
	// stores, bytes and operations of volumes. At most horizon.
	Lead strict.Value[unit.Count] `yaml:"lead" min:"0" max:"120"`
	// Regions, the one with the primary first.
	Regions []Region `yaml:"regions"`
	// What happens to a lost region's users: active-active and active-passive move them,
	// independent does not.
	Failover string `yaml:"failover" enum:"active-active|active-passive|independent"`
	// Demand in the worst minutes of the worst hour.
	Peak Peak `yaml:"peak"`
	// Request classes; without any there is one, with the figures of peak.
	Classes strict.Map[Class] `yaml:"classes" format:"name"`
	// Load over the hours of a week.
	Curve Curve `yaml:"curve"`
	// Data that exists before the first month.
	Data Data `yaml:"data"`
	// How demand grows.
	Growth Growth `yaml:"growth"`
	// What is changed of the system while it runs, in the order of time; headroom timeline has it.
	Stages []Stage `yaml:"stages" max:"24"`
	// Highest utilisations, and which losses the system must survive.
	Policy Policy `yaml:"policy"`
	// The components by name.
	Components strict.Map[*Component] `yaml:"components" required:"true" format:"name"`
	// Copies of the system beside production: dev, qa.
	Environments strict.Map[Environment] `yaml:"environments" format:"name"`
	// How nodes may be bought.
	Purchase Purchase `yaml:"purchase"`
	// Discounts, credits, mark-ups and taxes, applied in this order, each to what the ones before
	// it leave.
	Adjustments []Adjustment `yaml:"adjustments"`
	// Another currency in which the total is shown too.
	Currency *Currency `yaml:"currency"`
	// Availability and durability that the system must reach.
	Aims Aims `yaml:"aims"`
	// How users find a region that is left when theirs is lost.
	DNS DNS `yaml:"dns"`
	// What people do after a failure.
	Recovery Recovery `yaml:"recovery"`
	// What restarts processes and replaces nodes; without it autoscaling in regions of the tables, and nothing
	// at sites.
	Orchestrator *Orchestrator `yaml:"orchestrator"`
	// Copies of data by name, for what is lost with a failure. They are not billed: backups that are,
	// components of kind objects have, which count as copies by themselves.
	Copies strict.Map[Copy] `yaml:"copies" format:"name"`
	// Failures of your own by name: events at once with + between them, and then further ones after
	// a comma.
	Scenarios strict.Map[strict.Value[string]] `yaml:"scenarios" format:"name" bill:"none"`
	// What speaks for the system, in the words of whoever wrote the profile; headroom compare shows it beside what
	// it finds out.
	Pros []Statement `yaml:"pros" bill:"none"`
	// What speaks against the system, likewise.
	Cons []Statement `yaml:"cons" bill:"none"`
	// What a source document prints for the whole system; estimate --reconcile compares.
	Printed *Printed `yaml:"printed"`
}

// Source is a file as it was read.
type Source struct {
	Name string
	Text []byte
}

// Prices chooses the price tables.
type Prices struct {
	strict.At
	// Date of the price tables, such as 2016-04-18; without it the newest.
	Vintage string `yaml:"vintage" format:"day"`
	// compute leaves out everything but EC2 instances; the report says what is missing.
	Scope string `yaml:"scope" enum:"all|compute"`
	// CSV files with prices of your own, relative to the profile.
	Overlay []string `yaml:"overlay"`

	// OverlayAt is where these names stand: whether there are such files is found later.
	OverlayAt []diag.Pos `yaml:"-"`
}

// Check notes where names stand.
func (p *Prices) Check(c *strict.Checker) {
	p.OverlayAt = nil
	for i := range p.Overlay {
		p.OverlayAt = append(p.OverlayAt, c.At("overlay", strconv.Itoa(i)))
	}
}

// Region is one AWS region that serves users.
type Region struct {
	strict.At
	// AWS region, such as us-east-1.
	Name string `yaml:"name" required:"true" format:"region" offer:"regions"`
	// Part of the users; without any share they are spread evenly.
	Share strict.Value[unit.Fraction] `yaml:"share" min:"0" max:"1"`
	// Hours that the region's clock is ahead of UTC, such as -5h; shifts a load curve in local
	// time: a preset, or a curve.file with clock: local. Without it the standard time where the
	// region is.
	TZ strict.Value[TZ] `yaml:"tz"`
	// Availability zones used.
	Zones strict.Value[unit.Count] `yaml:"zones" min:"1" max:"6"`
	// Part of the full size at which a passive region runs; without it, all of it.
	WarmFraction *strict.Value[unit.Fraction] `yaml:"warm_fraction" min:"0" max:"1"`
	// Part of a year in which the region, or the site, is there, as its users know it; without it only
	// contracts and past outages tell.
	Availability *strict.Value[unit.Fraction] `yaml:"availability" above:"0" max:"1" bill:"none"`
}

// Peak is the demand in the worst minutes of the worst hour.
type Peak struct {
	strict.At
	// Active users.
	Users strict.Value[unit.Count] `yaml:"users" min:"0"`
	// Requests of one active user, such as 100/min.
	RequestsPerUser strict.Value[unit.EventRate] `yaml:"requests_per_user"`
	// Part of the requests that write.
	WriteRatio strict.Value[unit.Fraction] `yaml:"write_ratio" min:"0" max:"1"`
	// Writes of one active user, such as 1/min; instead of write_ratio.
	WritesPerUser *strict.Value[unit.EventRate] `yaml:"writes_per_user"`
	// Bytes of one request.
	Request strict.Value[unit.Bytes] `yaml:"request"`
	// Bytes of one answer.
	Response strict.Value[unit.Bytes] `yaml:"response"`
	// Bytes loaded once per session in addition to the answers.
	FirstPage strict.Value[unit.Bytes] `yaml:"first_page"`
	// Length of a session; users divided by it start sessions each second.
	Session strict.Value[unit.Duration] `yaml:"session"`
	// Logical bytes that one write adds to the data.
	StoredPerWrite strict.Value[unit.Bytes] `yaml:"stored_per_write"`
	// Rate in the worst minutes divided by the mean rate of the worst hour of the load curve: with
	// a curve folded from a log, of the largest hour of the folded curve.
	IntraHour strict.Value[unit.Count] `yaml:"intra_hour_peak" min:"1" max:"100"`
}

// Class is one class of requests. What it leaves out is taken from peak.
type Class struct {
	strict.At
	// Part of all requests; the shares add up to 1.
	Share strict.Value[unit.Fraction] `yaml:"share" required:"true" min:"0" max:"1"`
	// Component at which the class enters; without it, the one with entry: true.
	Entry string `yaml:"entry"`
	// Part of the class's requests that write.
	WriteRatio *strict.Value[unit.Fraction] `yaml:"write_ratio" min:"0" max:"1"`
	// Bytes of one request.
	Request *strict.Value[unit.Bytes] `yaml:"request"`
	// Bytes of one answer.
	Response *strict.Value[unit.Bytes] `yaml:"response"`
	// Logical bytes that one write of this class adds.
	Stored *strict.Value[unit.Bytes] `yaml:"stored_per_write"`
}

// Curve is the load over the 168 hours of a week, as multiples of the peak.
type Curve struct {
	strict.At
	// A built-in curve.
	Preset string `yaml:"preset" enum:"flat|office-hours|consumer|two-peaks"`
	// CSV of measured load: 168 rows hour,load, hour 0 = Monday 00:00, loads of 0 or more; relative
	// to the profile.
	File string `yaml:"file"`
	// Clock of the hours in file: utc, which it is without this key, or local, that of each region
	// (tz). Presets are local.
	Clock string `yaml:"clock" enum:"utc|local"`

	FileAt   diag.Pos `yaml:"-"` // where its name stands
	measured *Series
}

// Check notes where the name of the file stands.
func (x *Curve) Check(c *strict.Checker) { x.FileAt = c.At("file") }

// Measured is the load of file over the week; nil of a preset.
func (x *Curve) Measured() *Series { return x.measured }

// Data is what exists before the first month.
type Data struct {
	strict.At
	// Logical bytes in the database at the start.
	Dataset strict.Value[unit.Bytes] `yaml:"dataset"`
	// How long written data is kept; without it for ever.
	Retention *strict.Value[unit.Duration] `yaml:"retention"`
}

// Growth says how demand changes month by month.
type Growth struct {
	strict.At
	// Growth a month, compounded.
	Monthly strict.Value[unit.Fraction] `yaml:"monthly" min:"0" max:"10"`
	// Steps: from a month on, demand is multiplied.
	Phases []Phase `yaml:"phases"`
	// Promotions and the like: a multiplier for a while.
	Events []Event `yaml:"events"`
}

// Phase multiplies demand from a month or a week on.
type Phase struct {
	strict.At
	// First month, counted from 0.
	Month strict.Value[unit.Count] `yaml:"month" min:"0" max:"120"`
	// First week, counted from 0, instead of month; a year has 52.
	Week strict.Value[unit.Count] `yaml:"week" min:"0" max:"520"`
	// Factor on the demand before it.
	Multiplier strict.Value[unit.Count] `yaml:"multiplier" required:"true" min:"0"`
	// What happens.
	Name string `yaml:"name"`
}

// Event multiplies demand for a while.
type Event struct {
	strict.At
	// What happens.
	Name string `yaml:"name"`
	// Month in which it starts, counted from 0.
	Month strict.Value[unit.Count] `yaml:"month" min:"0" max:"120"`
	// Week in which it starts, counted from 0, instead of month; a year has 52.
	Week strict.Value[unit.Count] `yaml:"week" min:"0" max:"520"`
	// How long it lasts.
	Duration strict.Value[unit.Duration] `yaml:"duration" required:"true"`
	// Factor on the demand.
	Multiplier strict.Value[unit.Count] `yaml:"multiplier" required:"true" min:"0"`
	// Components concerned; without any, all.
	Components []string `yaml:"components"`
}

// Policy holds the highest utilisations (docs/model.md section 4).
type Policy struct {
	strict.At
	// Losses that every component must survive at peak.
	Survive []string `yaml:"survive" enum:"node|zone|region"`
	// Highest utilisation of CPU, network, IOPS and throughput by a region's own load on all nodes.
	Own strict.Value[unit.Fraction] `yaml:"own_load" min:"0.01" max:"1"`
	// The same with a node or zone lost, or with the load of a lost region taken over.
	Degraded strict.Value[unit.Fraction] `yaml:"degraded" min:"0.01" max:"1"`
	// Highest part of the connections a node allows.
	Connections strict.Value[unit.Fraction] `yaml:"connections" min:"0.01" max:"1"`
	// Highest part of a node's memory.
	Memory strict.Value[unit.Fraction] `yaml:"memory" min:"0.01" max:"1"`
	// Highest part of the disk bytes.
	Disk strict.Value[unit.Fraction] `yaml:"disk" min:"0.01" max:"1"`
	// What the operating system and agents take of every node.
	Reserve Reserve `yaml:"reserve"`
	// What running machines asks beside the bill, for choosing them; none chooses by the bill
	// alone.
	Running strict.OrNone[Running] `yaml:"running"`
}

// Reserve is what the operating system and agents take of every node.
type Reserve struct {
	strict.At
	// vCPUs that are busy whatever the load.
	CPU strict.Value[unit.Count] `yaml:"cpu" min:"0" max:"64"`
	// Bytes of memory.
	Memory strict.Value[unit.Bytes] `yaml:"memory"`
	// Part of the memory in addition.
	Part strict.Value[unit.Fraction] `yaml:"memory_part" min:"0" max:"0.9"`
}

// Aims are promises that a plan is held to (docs/model.md section 9).
type Aims struct {
	strict.At
	// Part of a year in which users are served.
	Availability *strict.Value[unit.Fraction] `yaml:"availability" min:"0" max:"1"`
	// Longest outage (recovery time).
	Outage *strict.Value[unit.Duration] `yaml:"outage"`
	// Longest time of which writes may be lost (recovery point).
	DataLoss *strict.Value[unit.Duration] `yaml:"data_loss"`
	// Concurrent disk failures without data loss.
	Disks *strict.Value[unit.Count] `yaml:"disk_failures" min:"0"`
	// Scenarios without an outage longer than outage and without loss beyond data_loss.
	Survive []string `yaml:"survive" enum:"node|zone|region|split|corruption"`
	// Whether recovery must need nobody.
	Unattended *strict.Value[bool] `yaml:"unattended"`
	// Whether every store can be restored to any moment, by a log that is kept beside backups.
	PointInTime *strict.Value[bool] `yaml:"point_in_time"`
}

// Statement is what somebody says for or against a system. Nothing is derived from it.
type Statement struct {
	strict.At
	// What is said.
	Text string `yaml:"text" required:"true" bill:"none"`
	// Who says it, or where it stands.
	Source string `yaml:"source" bill:"none"`
}

// Printed keeps the totals that a source document prints.
type Printed struct {
	strict.At
	// The document.
	Source string `yaml:"source" required:"true"`
	// Printed total of one region, such as 3618.44..4193.00.
	Total strict.Value[AmountRange] `yaml:"total" required:"true"`
	// Printed total of two regions.
	TwoRegions strict.Value[AmountRange] `yaml:"two_regions" required:"true"`
}

// PrintedRow keeps the row that a source document prints for a component.
type PrintedRow struct {
	strict.At
	// System, as printed.
	System string `yaml:"system" required:"true"`
	// Machine, as printed.
	Machine string `yaml:"machine" required:"true"`
	// Count, as printed.
	Count strict.Value[CountRange] `yaml:"count" required:"true"`
	// 1× price, as printed.
	Price strict.Value[Dollars] `yaml:"price" required:"true"`
	// Total a month, as printed.
	Total strict.Value[AmountRange] `yaml:"total" required:"true"`
	// Notes, as printed.
	Notes string `yaml:"notes"`
}

// Dollars is an amount in a profile.
type Dollars struct{ money.Amount }
