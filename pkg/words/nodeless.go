package words

import (
	"fmt"
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayBalancer has the words for load balancers.
func sayBalancer(r remark.Remark) string {
	switch r.Key {
	case "balancer.here":
		return fmt.Sprintf("%d %s in %s, %s", r.Int("balancers"), r.Text("type"), r.Text("in"),
			Counted(r.Int("zones"), "zone"))
	case "balancer.each_region":
		return fmt.Sprintf("%s %s a region", unit.Count(r.Number("balancers")), r.Text("type"))
	case "balancer.carries":
		said := map[string]string{"websocket": "WebSocket", "sticky": "sticky sessions"}
		var out []string
		for _, f := range r.List("features") {
			out = append(out, said[f])
		}
		return "does what services behind it need: " + strings.Join(out, ", ")
	case "balancer.idle":
		return "no request passes it: let it call a service, or name one with for"
	}
	return ""
}

// sayPayload has the words for bytes that appear or vanish on their way.
func sayPayload(r remark.Remark) string {
	if r.Key != "payload.differs" {
		return ""
	}
	bytes := func(name string) string { return unit.Bytes(r.Number(name)).String() }
	return fmt.Sprintf("users receive %s an answer (%s), but %s comes from behind (%s, call of %s): "+
		"make the two agree, or write generates: with the bytes that it makes itself",
		bytes("answer"), r.Text("at"), bytes("behind"), r.Text("behind_at"), r.Text("of"))
}

// sayZones has the words for what stands in more zones than its region has.
func sayZones(r remark.Remark) string {
	if r.Key != "zones.few" {
		return ""
	}
	return fmt.Sprintf("needs %s, but %s has zones: %d: it is billed in %d; raise zones, or use another kind "+
		"in front", Counted(r.Int("least"), "zone"), r.Text("in"), r.Int("zones"), r.Int("least"))
}

// sayNAT has the words for NAT gateways.
func sayNAT(r remark.Remark) string {
	switch r.Key {
	case "nat.here":
		return fmt.Sprintf("%d in %s", r.Int("gateways"), r.Text("in"))
	case "nat.few":
		return fmt.Sprintf("%s for %s: the loss of a zone may cut others off from the internet",
			Counted(r.Int("gateways"), "gateway"), Counted(r.Int("zones"), "zone"))
	}
	return ""
}

// sayBoot has the words for boot volumes.
func sayBoot(r remark.Remark) string {
	if r.Key == "boot.volume" {
		return fmt.Sprintf("%d GiB %s a node", r.Int("gib"), r.Text("volume"))
	}
	return ""
}

// sayObjects has the words for object storage.
func sayObjects(r remark.Remark) string {
	switch r.Key {
	case "objects.class":
		return r.Text("class")
	case "objects.small":
		return fmt.Sprintf("objects of %s are billed as %s each in %s, which is not counted",
			unit.Bytes(r.Number("bytes")).Human(), unit.Bytes(r.Number("smallest")).String(), r.Text("class"))
	case "objects.no_snapshots":
		return r.Text("of") + " is on local disks, of which there are no snapshots: base backups and the " +
			"journal as objects"
	}
	return ""
}

// sayPin has the words for given machines.
func sayPin(r remark.Remark) string {
	switch r.Key {
	case "pin.overwhelmed":
		return "cannot carry its load: " + shortText(r)
	case "pin.undersized":
		s := fmt.Sprintf("undersized by %d of %s", r.Int("missing"), Counted(r.Int("needed"), "node"))
		if r.Has("resource") {
			s += fmt.Sprintf(" (%s, %s, at %.0f %% of what is allowed)", r.Text("resource"), r.Text("state"),
				100*r.Number("used"))
		}
		return s
	}
	return ""
}
