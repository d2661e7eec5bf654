package jurisdiction

import "strings"

// Office is somebody a reader can turn to. Parts that nobody knows are empty.
type Office struct {
	Name, Address, Phone, Web string
}

// Office returns one of a state's offices, named by one of the Office
// constants.
func (l *Law) Office(state, office string) (Office, bool) {
	f, ok := l.Fact(state, office)
	if !ok {
		return Office{}, false
	}
	return readOffice(f.Value)
}

// readOffice reads the value of an office.
func readOffice(value string) (Office, bool) {
	parts := strings.Split(value, "|")
	if len(parts) != 4 {
		return Office{}, false
	}
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	o := Office{parts[0], parts[1], parts[2], parts[3]}
	return o, o.Name != ""
}
