package notice

import (
	"fmt"
	"time"
)

// dateIn returns a day as sentences in that language write it, and as
// 2006-01-02 in languages whose months are not known here. It is TODO for no
// day, which only a draft has (see Incident.check).
func dateIn(language string, t time.Time) string {
	switch {
	case t.IsZero():
		return missing
	case language == english:
		return t.Format("January 2, 2006")
	case language == "es":
		return fmt.Sprintf("%d de %s de %d", t.Day(), spanishMonths[t.Month()-1], t.Year())
	}
	return t.Format(time.DateOnly)
}

var spanishMonths = [...]string{
	"enero", "febrero", "marzo", "abril", "mayo", "junio",
	"julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
}
