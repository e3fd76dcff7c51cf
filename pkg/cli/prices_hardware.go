package cli

import (
	"fmt"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/unit"
)

// hardwareLine says in one line what a type is.
func hardwareLine(t *catalog.NodeType) string {
	cpu := t.CPUModel
	if cpu == "" {
		cpu = t.Manufacturer
	}
	parts := []string{fmt.Sprintf("%d vCPU", t.VCPU), t.Memory.Human(), strings.TrimSpace(cpu + " " + t.Arch)}
	if t.ClockMHz.OK {
		parts = append(parts, unit.Digits(t.ClockMHz.V/1000, 4)+" GHz")
	}
	if t.Burstable && t.Baseline.OK {
		parts = append(parts, "burstable, baseline "+unit.Fraction(t.Baseline.V).Human())
	}
	network := "network " + bits(float64(t.NetworkBaseline))
	if t.NetworkAssumed {
		network += " (assumed)"
	}
	if t.NetworkBurst.OK && t.NetworkBurst.V > float64(t.NetworkBaseline) {
		network += ", up to " + bits(t.NetworkBurst.V)
	}
	parts = append(parts, network)
	if t.EBS.BaselineThroughput.OK {
		parts = append(parts, "EBS "+bits(t.EBS.BaselineThroughput.V))
	}
	if t.Local.Bytes > 0 {
		parts = append(parts, fmt.Sprintf("local %s %s", t.Local.Bytes.Human(), t.Local.Kind))
	}
	if t.GPUs.OK && t.GPUs.V > 0 {
		parts = append(parts, fmt.Sprintf("%g GPU %s", t.GPUs.V, t.Accelerator))
	}
	return t.Name + ": " + strings.Join(parts, "; ")
}

// bits prints bytes/s the way networks are sold.
func bits(bytes float64) string { return unit.Digits(bytes*8/1e9, 3) + " Gbit/s" }
