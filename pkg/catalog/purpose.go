package catalog

import "strings"

// Purpose is what a family of node types is made for, as its name tells.
type Purpose int

const (
	// OtherPurpose is everything that is bought for one feature: very much memory
	// (x, z, u), more block storage bandwidth (r8gb), hard disks (d, h),
	// accelerators, high clock (m5zn, r7iz), Macs.
	OtherPurpose Purpose = iota
	// GeneralPurpose are the families that carry most systems: m, c and r of any
	// processor (m5, m7a, m7g, m7i), with local disks (m7gd), a faster network
	// (c8gn) or both (m6idn), and -flex.
	GeneralPurpose
	// BurstablePurpose is t: for what idles.
	BurstablePurpose
	// LocalDiskPurpose is i (i3en, i4i, i7ie, im4gn, is4gen): bought for solid-state
	// local disks.
	LocalDiskPurpose
)

// purposeOf tells a family's purpose from its name: a letter, a generation, and
// letters for the processor and what else it has.
func purposeOf(family string) Purpose {
	upToGeneration := strings.TrimRight(family, "-abcdefghijklmnopqrstuvwxyz")
	options := family[len(upToGeneration):]
	class := strings.TrimRight(upToGeneration, "0123456789")
	switch class {
	case "t":
		return BurstablePurpose
	case "i", "im", "is":
		return LocalDiskPurpose
	case "m", "c", "r":
		beside := strings.TrimLeft(strings.TrimSuffix(options, "-flex"), "agi") // the letters of the processor
		switch beside {
		case "", "d", "n", "dn":
			return GeneralPurpose
		}
	}
	return OtherPurpose
}
