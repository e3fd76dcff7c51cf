package catalog

import (
	"strings"

	"headroom/pkg/unit"
)

// Quotas are what AWS lets a new account have until it asks for more, from
// limits/quotas.csv.
type Quotas struct {
	Addresses          Quota // Elastic IP addresses of a region
	Gateways           Quota // NAT gateways of a zone
	RegionReservations Quota // reserved instances bought in a month for a region
	ZoneReservations   Quota // and for each of its zones, on top
	// StandardVCPU is of running on-demand instances of standard families in a
	// region (see NodeType.Standard). Its source is weak and undated: AWS documents
	// no number, and older accounts have more.
	StandardVCPU Quota
}

// Quota is one of them.
type Quota struct {
	Most   unit.Count
	AsOf   string // date of the source; "" where it has none
	Source string // key in sources.csv
	Note   string
}

// Weak tells whether the tables say that the figure is weak.
func (q Quota) Weak() bool { return strings.HasPrefix(q.Note, "weak") }

const quotasTable = "limits/quotas.csv"

func (x *Limits) quotas(l *limitTable) {
	quota := func(item, u string) Quota {
		q := Quota{Most: l.count(item, u)}
		if row, ok := l.rows[item]; ok {
			text := func(name string) string { return l.r.t.cell(row, l.r.t.col(name)) }
			q.AsOf, q.Source, q.Note = text("as_of"), text("source"), text("note")
		}
		return q
	}
	x.Quotas = Quotas{
		Addresses:          quota("Elastic IP addresses per region", "addresses"),
		Gateways:           quota("NAT gateways per zone", "gateways"),
		RegionReservations: quota("new reserved instances per region and month", "instances"),
		ZoneReservations:   quota("new reserved instances per zone and month", "instances"),
		StandardVCPU:       quota("running on-demand standard instances (A C D H I M R T Z)", "vCPU"),
	}
}

// Standard says whether the type counts towards Quotas.StandardVCPU: its family is
// one of A, C, D, H, I, M, R, T and Z, by the letters before its generation ("im4gn"
// and "is4gen" are of I). Families such as hpc, mac, inf and trn have quotas of
// their own.
func (t *NodeType) Standard() bool {
	if t.Own {
		return false
	}
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
