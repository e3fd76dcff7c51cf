// Package profiles holds the profiles and the scenarios that come with headroom.
package profiles

import "embed"

// FS holds one YAML file per profile, named as the profile is, and below
// scenarios one per scenario.
//
//go:embed *.yaml scenarios/*.yaml
var FS embed.FS
