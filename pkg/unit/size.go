package unit

// Bytes is a logical size in bytes: what an application reads, writes or
// sends, before replication.
type Bytes float64

// ReplicatedBytes is what disks and wires really carry, after replication, in
// bytes. It comes from Bytes only through Bytes.Replicated, so that a size is
// multiplied once.
type ReplicatedBytes float64

// Replicated is the size with all its copies.
func (b Bytes) Replicated(factor float64) ReplicatedBytes {
	return ReplicatedBytes(float64(b) * factor)
}

// ParseBytes reads a size such as 2MB or 16GiB.
func ParseBytes(text string) (Bytes, error) {
	x, err := sizes().parse(text)
	return Bytes(x), err
}

// ParseReplicatedBytes reads a size as ParseBytes does.
func ParseReplicatedBytes(text string) (ReplicatedBytes, error) {
	x, err := sizes().parse(text)
	return ReplicatedBytes(x), err
}

// String prints the size so that it parses back to the identical number.
func (b Bytes) String() string { return sizes().text(float64(b)) }

// String prints the size so that it parses back to the identical number.
func (b ReplicatedBytes) String() string { return sizes().text(float64(b)) }

// Human prints the size for people. From 1 GiB up it is in GiB, which is what
// storage and transfer are billed in.
func (b Bytes) Human() string { return sizes().people(float64(b)) }

// Human prints the size as Bytes.Human does.
func (b ReplicatedBytes) Human() string { return sizes().people(float64(b)) }

// ParseScalar sets the size from the text of a profile.
func (b *Bytes) ParseScalar(text string) error { return set(b, text, ParseBytes) }

// ParseScalar sets the size from the text of a profile.
func (b *ReplicatedBytes) ParseScalar(text string) error {
	return set(b, text, ParseReplicatedBytes)
}

// JSONSchema describes what ParseScalar accepts.
func (*Bytes) JSONSchema() map[string]any { return sizes().schema() }

// JSONSchema describes what ParseScalar accepts.
func (*ReplicatedBytes) JSONSchema() map[string]any { return sizes().schema() }

// set assigns only what could be read.
func set[T any](to *T, text string, parse func(string) (T, error)) error {
	x, err := parse(text)
	if err != nil {
		return err
	}
	*to = x
	return nil
}

// sizeSymbols are the units of a size, largest first: powers of 1000 (SI) and
// of 1024 (IEC 80000-13).
func sizeSymbols() []symbol {
	return []symbol{
		{"PiB", 1 << 50, 1}, {"PB", 1e15, 1},
		{"TiB", 1 << 40, 1}, {"TB", 1e12, 1},
		{"GiB", 1 << 30, 1}, {"GB", 1e9, 1},
		{"MiB", 1 << 20, 1}, {"MB", 1e6, 1},
		{"KiB", 1 << 10, 1}, {"KB", 1e3, 1},
		{"B", 1, 1},
	}
}

// sizesScale is made once; nothing changes it.
var sizesScale = newSizes()

func sizes() scale { return sizesScale }

func newSizes() scale {
	all := sizeSymbols()
	return scale{
		what:    "size",
		example: "2MB",
		list:    "B KB MB GB TB PB KiB MiB GiB TiB PiB",
		symbols: all,
		print:   all,
		human:   []symbol{{"GiB", 1 << 30, 1}, {"MiB", 1 << 20, 1}, {"KiB", 1 << 10, 1}, {"B", 1, 1}},
		gap:     " ",
		aliases: []alias{
			{"k", "KB"}, {"m", "MB"}, {"g", "GB"}, {"t", "TB"}, {"p", "PB"},
			{"Ki", "KiB"}, {"Mi", "MiB"}, {"Gi", "GiB"}, {"Ti", "TiB"}, {"Pi", "PiB"},
			{"byte", "B"}, {"bytes", "B"}, {"kilobytes", "KB"}, {"megabytes", "MB"}, {"gigabytes", "GB"},
		},
	}
}
