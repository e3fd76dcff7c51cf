package words

import (
	"fmt"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayNodePool has the words for node pools.
func sayNodePool(r remark.Remark) string {
	switch r.Key {
	case "nodepool.brief":
		return Counted(r.Int("pods"), "pod") + " of " + Counted(r.Int("services"), "service")
	case "nodepool.pods":
		return fmt.Sprintf("at most %s of %s in %s", Counted(r.Int("pods"), "pod"),
			Counted(r.Int("services"), "service"), r.Text("in"))
	case "nodepool.room":
		return fmt.Sprintf("a node has room for requests of %s vCPU of %s and %s, in %s at most beside %s",
			unit.Count(r.Number("cpu")).Human(), r.Text("reference"), unit.Bytes(r.Number("memory")).Human(),
			Counted(r.Int("pods"), "pod"), Counted(r.Int("agents"), "agent"))
	case "nodepool.pod":
		if !r.Has("system") {
			return "a pod of " + r.Text("group") + " must have room beside what each node runs"
		}
		return fmt.Sprintf("a pod of %s beside %s of the cluster and %s", r.Text("group"),
			Counted(r.Int("system"), "pod"), Counted(r.Int("agents"), "agent"))
	case "nodepool.agents":
		who := "kubelet and policy.reserve"
		if agents := r.Text("agents"); agents != "" {
			who = "agents (" + agents + "), " + who
		}
		return who + " on each node, before any pod"
	case "nodepool.pods_assumed":
		return "the tables do not know how many addresses the type has: the cap by vCPUs counts"
	case "nodepool.grows":
		return "calls: pods are added and removed by the cluster, nodes by hand or by its autoscaler"
	}
	return ""
}
