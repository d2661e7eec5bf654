package campaign

import (
	_ "embed"
	"strings"
)

//go:embed campaign.yaml
var skeleton string

// Skeleton returns the commented campaign.yaml that init writes for the
// campaign of that name. It does not load before somebody has chosen
// email.basis.
func Skeleton(name string) []byte {
	return []byte(strings.ReplaceAll(skeleton, "{{campaign}}", name))
}
