package report

import (
	"headroom/pkg/bill"
	"headroom/pkg/capacity"
	"headroom/pkg/unit"
)

// bindText is what binds in a few words: "memory 81 %", "cpu 83 %, region loss",
// "nodes"; "" where nothing does.
func bindText(b *bill.Bind) string {
	switch {
	case b == nil:
		return ""
	case b.State == capacity.Always.String():
		return b.Resource
	case b.Utilisation == nil:
		return lostText(b, b.Resource+" –")
	}
	return lostText(b, b.Resource+" "+unit.Percent(*b.Utilisation, 0))
}

// limitText is what binds without how much of it is used: "cpu, region loss".
func limitText(b *bill.Bind) string {
	if b == nil {
		return ""
	}
	return lostText(b, b.Resource)
}

// lostText adds the state of loss in which a limit binds.
func lostText(b *bill.Bind, text string) string {
	if lost := b.Lost(); lost != "" {
		return text + ", " + lost
	}
	return text
}
