package bill

// Units are what lines of a bill may be counted in: nodes, fees and adjustments, and
// the units that tables have had, which what was saved with them has too.
func Units() []string {
	return []string{nodeUnit, feeUnit, adjustmentUnit,
		"hour", "LCU-hour", "DSU-hour", "month", "GB", "GB-month", "GB-second", "GiBps-month", "MBps-month",
		"IOPS-month", "request", "1000 requests", "10000 requests", "1000000 requests", "1000000 queries",
		"key-month", "secret-month", "metric-month"}
}
