package workload

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"headroom/pkg/diag"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// Environment is a copy of the system beside production.
type Environment struct {
	strict.At
	// Part of production's demand, and of node counts that are given; or load in peak.
	Scale strict.Value[unit.Fraction] `yaml:"scale" min:"0" max:"10"`
	// Load of its own, instead of a part of production's; what it leaves out is production's.
	Peak *OwnPeak `yaml:"peak"`
	// Logical bytes in its database at the start, instead of data.dataset.
	Dataset *strict.Value[unit.Bytes] `yaml:"dataset"`
	// Hours a week in which it runs; or a schedule.
	HoursPerWeek strict.Value[unit.Count] `yaml:"hours_per_week" above:"0" max:"168"`
	// Days and hours in which it runs.
	Schedule *Schedule `yaml:"schedule"`
	// While it does not run: stop keeps volumes, snapshots and addresses, which are billed all month; destroy
	// keeps nothing.
	OnStop string `yaml:"on_stop" enum:"stop|destroy"`
	// Only in these regions; without it, in all.
	Regions []string `yaml:"regions" offer:"regions"`
	// Only these components; without it, all.
	Components []string `yaml:"components"`
	// Losses that it must survive, instead of policy.survive and those of components.
	Survive *[]string `yaml:"survive" enum:"node|zone|region"`
	// What happens to a lost region's users, instead of the profile's failover.
	Failover string `yaml:"failover" enum:"active-active|active-passive|independent"`
	// Highest utilisations, instead of the policy's.
	Policy *OwnPolicy `yaml:"policy"`
	// Only these node types, instead of what components allow.
	Types []string `yaml:"types"`
	// Machines of single components.
	Machines strict.Map[OwnMachines] `yaml:"machines" format:"name"`

	typeAt []diag.Pos // where the types stand
}

// OwnPeak is the load of an environment, as far as it is not production's.
type OwnPeak struct {
	strict.At
	// Active users.
	Users *strict.Value[unit.Count] `yaml:"users" min:"0"`
	// Requests of one active user, such as 100/min.
	RequestsPerUser *strict.Value[unit.EventRate] `yaml:"requests_per_user"`
	// Part of the requests that write.
	WriteRatio *strict.Value[unit.Fraction] `yaml:"write_ratio" min:"0" max:"1"`
}

// OwnPolicy is the highest utilisations of an environment, as far as they are not
// production's.
type OwnPolicy struct {
	strict.At
	// Highest utilisation of CPU, network, IOPS and throughput by a region's own load on all nodes.
	Own *strict.Value[unit.Fraction] `yaml:"own_load" min:"0.01" max:"1"`
	// The same with a node or zone lost, or with the load of a lost region taken over.
	Degraded *strict.Value[unit.Fraction] `yaml:"degraded" min:"0.01" max:"1"`
	// Highest part of the connections a node allows.
	Connections *strict.Value[unit.Fraction] `yaml:"connections" min:"0.01" max:"1"`
	// Highest part of a node's memory.
	Memory *strict.Value[unit.Fraction] `yaml:"memory" min:"0.01" max:"1"`
	// Highest part of the disk bytes.
	Disk *strict.Value[unit.Fraction] `yaml:"disk" min:"0.01" max:"1"`
}

// OwnMachines are the machines of a component in an environment.
type OwnMachines struct {
	strict.At
	// Type and count given: checked, not chosen.
	Pin *Pin `yaml:"pin"`
	// Only these node types, instead of those of the environment.
	Types []string `yaml:"types"`

	typeAt []diag.Pos // where they stand
}

// Check notes where the types stand, and refuses what says nothing.
func (m *OwnMachines) Check(c *strict.Checker) {
	m.typeAt = positions(c, "types", m.Types)
	if m.Pin == nil && len(m.Types) == 0 {
		c.Errorf(m.Pos, "write pin: {type: m7g.large, count: 1} or types: [m7g.large]", "machines of nothing")
	}
}

// onlyTypes allows types that are named, of whatever sort they are.
func onlyTypes(types []string, at []diag.Pos) *Allow {
	yes := strict.Value[bool]{V: true}
	return &Allow{Types: types, TypeAt: at, Burstable: yes, Flex: yes, Metal: yes, Accelerated: yes,
		PreviousGeneration: yes}
}

// Schedule is when an environment runs.
type Schedule struct {
	strict.At
	// Days of the week; without it Monday to Friday.
	Days []string `yaml:"days" enum:"mon|tue|wed|thu|fri|sat|sun"`
	// From when to when on such a day, such as 8-18 or 22-6; without it all day.
	Hours strict.Value[DayHours] `yaml:"hours"`
	// Such days of a year on which it does not run.
	Holidays strict.Value[unit.Count] `yaml:"holidays" min:"0" max:"365"`
}

// DayHours is a stretch of a day, which may go on over midnight.
type DayHours struct{ from, to float64 }

// dayHours are the hours of a day, and daysPerYear the days of a year (docs/model.md section 0).
const (
	dayHours    = 24
	daysPerYear = 365
	daysPerWeek = 7
)

// weekdays are the days of a schedule that names none.
func weekdays() []string { return []string{"mon", "tue", "wed", "thu", "fri"} }

// ParseScalar reads hours such as 8-18 or 8:30-17:00.
func (h *DayHours) ParseScalar(s string) error {
	from, to, ok := strings.Cut(strings.ReplaceAll(s, "–", "-"), "-")
	if ok {
		h.from, ok = clock(from)
	}
	if ok {
		h.to, ok = clock(to)
	}
	if !ok || h.from == h.to {
		return fmt.Errorf("%q is not a stretch of a day: write 8-18 or 8:30-17:00", s)
	}
	return nil
}

// clock is a time of the day in hours.
func clock(s string) (float64, bool) {
	hour, minute, parted := strings.Cut(strings.TrimSpace(s), ":")
	h, err := strconv.Atoi(hour)
	m := 0
	if err == nil && parted {
		m, err = strconv.Atoi(minute)
	}
	return float64(h) + float64(m)/60, err == nil && h >= 0 && m >= 0 && m < 60 && h*60+m <= dayHours*60
}

// String is the stretch as a profile has it.
func (h DayHours) String() string {
	at := func(x float64) string {
		hour, minute := int(x), int(math.Round((x-math.Floor(x))*60))
		if minute == 0 {
			return strconv.Itoa(hour)
		}
		return strconv.Itoa(hour) + ":" + strconv.Itoa(100 + minute)[1:]
	}
	return at(h.from) + "-" + at(h.to)
}

// JSONSchema is the editor's view of ParseScalar.
func (DayHours) JSONSchema() map[string]any {
	const at = `[0-9]{1,2}(:[0-9]{2})?`
	return map[string]any{"description": "From when to when of a day: 8-18, 8:30-17:00, 22-6.",
		"type": "string", "pattern": `^` + at + `-` + at + `$`}
}

// long is how many hours the stretch has; the zero value is all day.
func (h DayHours) long() float64 {
	if h == (DayHours{}) {
		return dayHours
	}
	return math.Mod(h.to-h.from+dayHours, dayHours+1e-12)
}

// Default is every weekday, all day.
func (s *Schedule) Default() {
	s.Holidays = judged(unit.Count(0), "no holidays, unless the profile says how many")
}

// running is the part of all hours in which an environment runs; 1 where it always does.
func (e *Environment) running() float64 {
	s := e.Schedule
	if s == nil {
		if e.HoursPerWeek.Set {
			return float64(e.HoursPerWeek.V) / Hours
		}
		return 1
	}
	days := float64(s.days())
	work := days * daysPerYear / daysPerWeek // such days of a year
	return days * s.Hours.V.long() / Hours * (1 - float64(s.Holidays.V)/work)
}

// days is on how many days of a week it runs.
func (s *Schedule) days() int {
	if len(s.Days) == 0 {
		return len(weekdays())
	}
	seen := map[string]bool{}
	for _, d := range s.Days {
		seen[d] = true
	}
	return len(seen)
}

// Check holds the keys against each other.
func (e *Environment) Check(c *strict.Checker) {
	own := e.Peak != nil && e.Peak.Users != nil
	switch {
	case !e.Scale.Set && !own:
		c.Errorf(e.Pos, "write scale: 10%, or peak: {users: 50}",
			"an environment has neither scale nor users of its own")
	case e.Scale.Set && own:
		c.Errorf(c.At("scale"), "keep one of them", "the load is given twice: as scale and as peak.users")
	}
	if s := e.Schedule; s != nil {
		if e.HoursPerWeek.Set {
			c.Errorf(c.At("hours_per_week"), "keep one of them", "there are hours_per_week and a schedule")
		}
		if limit := float64(s.days()) * daysPerYear / daysPerWeek; float64(s.Holidays.V) >= limit {
			c.Errorf(s.Holidays.Pos, "count the holidays that fall on such days",
				"holidays %v are as many as the days on which it would run", s.Holidays.V)
		}
	}
	if e.OnStop != "" && e.running() == 1 {
		c.Errorf(c.At("on_stop"), "add a schedule or hours_per_week, or remove it", "the environment never stops")
	}
	e.typeAt = positions(c, "types", e.Types)
}
