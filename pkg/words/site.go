package words

import (
	"fmt"
	"math"
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// saySite has the words for sites.
func saySite(r remark.Remark) string {
	mbits := func(key string) string {
		if x := r.Number(key); x >= 1e4 {
			return unit.Grouped(unit.Plain(math.Round(x))) + " Mbit/s"
		}
		return unit.Grouped(unit.Digits(r.Number(key), 4)) + " Mbit/s"
	}
	switch r.Key {
	case "site.sends":
		text := "sends " + mbits("rate") + " at the peak"
		if r.Has("uplink") {
			text += " of an uplink of " + mbits("uplink")
		}
		return text
	case "site.to_users":
		text := mbits("rate") + " to users"
		if r.Has("lost") {
			text += ", " + mbits("lost") + " with another region lost"
		}
		return text
	case "site.calls":
		text := mbits("rate") + " of calls and answers to " + r.Text("to")
		if r.Has("lost") {
			text += ", " + mbits("lost") + " with another region lost"
		}
		return text
	case "site.copies":
		text := mbits("rate") + " of replication to " + r.Text("to")
		if n := r.Number("streams"); n > 1 {
			text += ": " + unit.Digits(n, 3) + " streams of " + mbits("each")
		}
		return text
	case "site.uplink":
		return uplinkNeeds(r, mbits("rate"))
	case "site.hosts":
		return "machines of " + r.Text("machine") + " at " + r.Text("at") + ": " + r.Text("by")
	case "site.used":
		return unit.Count(r.Number("used")).Human() + " of " + Counted(r.Int("hosts"), "host") + " of " +
			r.Text("machine") + " used"
	case "site.least":
		return leastHost(r)
	case "site.least_together":
		return leastTogether(r)
	case "site.grows":
		return "nothing: hosts and a larger uplink are bought by hand"
	}
	return ""
}

// uplinkNeeds says what an uplink is to carry, and by how much it is to be larger.
func uplinkNeeds(r remark.Remark, rate string) string {
	text := rate + " is what " + r.Text("from") + " sends at the peak"
	if r.Is("lost") {
		text += " with another region lost"
	}
	if r.Has("growth") {
		text += ", × " + unit.Digits(r.Number("growth"), 3) + " by the lead month"
	}
	return text + ", which may fill " + unit.Percent(r.Number("part"), 0) + " of it"
}

// leastHost says which machine would do, as far as it is known what is asked of it.
func leastHost(r remark.Remark) string {
	parts := []string{unit.Count(r.Number("vcpu")).Human() + " vCPU as fast"}
	if r.Has("memory") {
		parts = append(parts, unit.Quantity(r.Number("memory"), "B")+" of memory")
	}
	if r.Has("disk") {
		parts = append(parts, unit.Quantity(r.Number("disk"), "B")+" of disks before RAID")
	}
	if r.Has("iops") {
		parts = append(parts, unit.Quantity(r.Number("iops"), "/s")+" random reads")
	}
	parts = append(parts, unit.Digits(r.Number("network"), 3)+" Mbit/s of network")
	return r.Text("component") + " would do with " + strings.Join(parts, ", ") + " on each of " +
		Counted(r.Int("nodes"), "host")
}

// sayHostsShort says that production and its environments do not fit on the hosts together.
func sayHostsShort(r remark.Remark) string {
	needs, parts := r.Numbers("needs"), []string{}
	for i, name := range r.List("environments") {
		if i < len(needs) {
			parts = append(parts, name+" "+unit.Count(needs[i]).Human())
		}
	}
	return fmt.Sprintf("all environments together need %s of %s at %s, and there are %d: %s",
		Counted(r.Int("need"), "host"), r.Text("machine"), r.Text("at"), r.Int("have"), strings.Join(parts, ", "))
}

// leastTogether says which one machine would do for all that stands at a site.
func leastTogether(r remark.Remark) string {
	parts := []string{unit.Count(r.Number("vcpu")).Human() + " vCPU as fast",
		unit.Quantity(r.Number("memory"), "B") + " of memory"}
	if r.Has("stores") {
		parts[1] += " (with the memory of the stated hosts of " + strings.Join(r.List("stores"), ", ") + ", " +
			unit.Quantity(r.Number("stated"), "B") + ")"
	}
	if r.Has("disk") {
		parts = append(parts, unit.Quantity(r.Number("disk"), "B")+" of disks after RAID")
	}
	parts = append(parts, unit.Digits(r.Number("network"), 3)+" Mbit/s of network")
	return "one machine that carried all of it would have " + strings.Join(parts, ", ")
}
