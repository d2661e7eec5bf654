package main

import "strings"

// first and last are names as a carrier in the United States finds them among
// its customers.
var first = list(`
	James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph
	Jessica Thomas Karen Charles Sarah Daniel Nancy Anthony Sandra Mark Ashley Steven Dorothy Andrew Kimberly
	José María Juan Guadalupe Luis Carmen Jesús Rosa Ángel Verónica Andrés Sofía Raúl Inés
	Minh Linh Hùng Thảo Dũng Hương Tuấn Ngọc
	Mohammed Fatima Ahmed Aisha Omar Layla Yusuf Khadija Abdulrahman Noor
	Wei Mei Hiroshi Yuki Priya Arjun Kwame Ama Siobhán Zoë François Jürgen Łukasz Anaïs`)

var last = list(`
	Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Moore Jackson Martin Thompson White
	Harris Clark Lewis Robinson Walker Young Allen King Wright Hill Scott Green Baker Adams Nelson
	García Rodríguez Martínez Hernández López González Pérez Sánchez Ramírez Núñez de_la_Cruz Muñoz
	Nguyễn Trần Lê Phạm Huỳnh Võ
	al-Farsi Haddad Abdullah Khan Mansour El-Sayed bin_Rashid
	Chen Wang Tanaka Patel Sharma Okafor Mensah Müller Björklund Kowalski Dvořák St._John
	O'Brien O'Neil D'Angelo N'Diaye van_der_Berg Smith-Jones`)

// list splits s at white space; an underscore stands for a space.
func list(s string) []string {
	words := strings.Fields(s)
	for i, w := range words {
		words[i] = strings.ReplaceAll(w, "_", " ")
	}
	return words
}

// plain spells a name in the letters of an address.
func plain(s string) string {
	s = strings.NewReplacer(
		"á", "a", "Á", "A", "é", "e", "í", "i", "ó", "o", "ú", "u", "ñ", "n", "ü", "u", "ö", "o", "ř", "r", "á", "a", "ë", "e",
		"ï", "i", "ç", "c", "Ł", "L", "ễ", "e", "ầ", "a", "ê", "e", "ạ", "a", "ỳ", "y", "õ", "o", "ù", "u", "ả", "a", "ũ", "u",
		"ư", "u", "ơ", "o", "ấ", "a", "ọ", "o", "á", "a",
	).Replace(s)
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, s))
}

// place is a ZIP code, its state and an area code of the region.
type place struct{ zip, state, area string }

var places = parsePlaces(`
	99501 AK 907, 35203 AL 205, 72201 AR 501, 85004 AZ 602, 90012 CA 213, 94103 CA 415, 92101 CA 619, 95814 CA 916, 80202 CO 303,
	06103 CT 860, 06390 NY 631, 20001 DC 202, 19801 DE 302, 33130 FL 305, 32801 FL 407, 30303 GA 404, 96910 GU 671, 96813 HI 808,
	50309 IA 515, 83702 ID 208, 60602 IL 312, 46204 IN 317, 66603 KS 785, 40202 KY 502, 70112 LA 504, 02108 MA 617, 01103 MA 413,
	21201 MD 410, 20850 MD 301, 04101 ME 207, 48226 MI 313, 55401 MN 612, 63101 MO 314, 72643 MO 417, 39201 MS 601, 59601 MT 406,
	28202 NC 704, 58501 ND 701, 68102 NE 402, 03101 NH 603, 07102 NJ 973, 08608 NJ 609, 87501 NM 505, 89101 NV 702, 10001 NY 212,
	14202 NY 716, 43215 OH 614, 73102 OK 405, 97201 OR 503, 19102 PA 215, 00901 PR 787, 02903 RI 401, 29201 SC 803, 57101 SD 605,
	37203 TN 615, 77002 TX 713, 75201 TX 214, 78205 TX 210, 73960 TX 806, 84111 UT 801, 23219 VA 804, 20598 VA 703, 00802 VI 340,
	05401 VT 802, 98104 WA 206, 53202 WI 414, 25301 WV 304, 82001 WY 307, 83414 WY 307`)

func parsePlaces(s string) []place {
	var out []place
	for part := range strings.SplitSeq(s, ",") {
		f := strings.Fields(part)
		out = append(out, place{f[0], f[1], f[2]})
	}
	return out
}
