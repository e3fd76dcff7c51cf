// Package profiles holds the profiles that come with headroom.
package profiles

import "embed"

// FS holds one YAML file per profile, named as the profile is.
//
//go:embed *.yaml
var FS embed.FS
