package catalog

import (
	"strings"

	"headroom/pkg/unit"
)

// Quotas are what AWS lets a new account have until it asks for more, from
// limits/quotas.csv.
type Quotas struct {
	Addresses          unit.Count // Elastic IP addresses of a region
	Gateways           unit.Count // NAT gateways of a zone
	RegionReservations unit.Count // reserved instances bought in a month for a region
	ZoneReservations   unit.Count // and for each of its zones, on top
	// StandardVCPU is of running on-demand instances of standard families in a
	// region (see NodeType.Standard). Its source is weak and undated: AWS documents
	// no number, and older accounts have more.
	StandardVCPU unit.Count
}

const quotasTable = "limits/quotas.csv"

func (x *Limits) quotas(l *limitTable) {
	x.Quotas = Quotas{
		Addresses:          l.count("Elastic IP addresses per region", "addresses"),
		Gateways:           l.count("NAT gateways per zone", "gateways"),
		RegionReservations: l.count("new reserved instances per region and month", "instances"),
		ZoneReservations:   l.count("new reserved instances per zone and month", "instances"),
		StandardVCPU:       l.count("running on-demand standard instances (A C D H I M R T Z)", "vCPU"),
	}
}

// Standard says whether the type counts towards Quotas.StandardVCPU: its family is
// one of A, C, D, H, I, M, R, T and Z, by the letters before its generation ("im4gn"
// and "is4gen" are of I). Families such as hpc, mac, inf and trn have quotas of
// their own.
func (t *NodeType) Standard() bool {
	letters := t.Family
	if i := strings.IndexAny(letters, "0123456789"); i >= 0 {
		letters = letters[:i]
	}
	switch letters {
	case "a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z":
		return true
	}
	return false
}
