package demo

import (
	"fmt"
	"time"
)

// hold is the name of the hold on those states whose authorities come first.
const hold = "regulators-first"

// config is a campaign.yaml with every TODO filled in, for a relay at addr.
func config(addr string, today time.Time) string {
	occurred := today.AddDate(0, 0, -4).Format(time.DateOnly)
	found := today.AddDate(0, 0, -2).Format(time.DateOnly)
	return fmt.Sprintf(`# The demo's campaign: everything is made up.
campaign: demo
sender:
  from: "Northwind Mobile <notices@example.com>"
  reply_to: privacy@example.com
  return_path: bounces@example.com
  hostname: mail.example.com
  subject: Notice of Data Breach
incident:
  company: Northwind Mobile
  signed_by: {name: Dana Whitfield, title: Chief Executive Officer}
  occurred: {from: %[1]s, to: %[1]s}
  discovered: %[2]s
  notice_date: %[3]s
  affected: 1000
  law_enforcement_delay: "no"
  what_happened: >
    Someone found a way to ask one of our systems for customer records without
    permission. We noticed, and shut that way down the same day.
  data_involved: [name, billing ZIP code, phone number, email address, account number, account type]
  data_not_involved: []
  what_we_are_doing: >
    We closed the system that was abused, reported the crime to the police, and
    are checking every other system that can reach customer records.
  what_you_can_do: >
    Be careful with calls, texts and emails that mention your account. Set or
    change the PIN of your account. Nobody from our company will ask you for it.
  contact: {phone: 1-800-555-0100, hours: every day from 8 to 20, web: "https://www.example.com/notice", post: "1 Example Plaza, Seattle WA 98101"}
  translations:
    es:
      subject: Aviso de filtración de datos
      signer_title: Directora general
      hours: todos los días de 8 a 20
      data_involved: [nombre, código postal de facturación, número de teléfono, correo electrónico, número de cuenta, tipo de cuenta]
      data_not_involved: []
      what_happened: >
        Alguien encontró la manera de pedir datos de clientes a uno de nuestros
        sistemas sin permiso. Lo notamos y cerramos esa vía el mismo día.
      what_we_are_doing: >
        Cerramos el sistema del que se abusó, denunciamos el delito a la policía y
        estamos revisando todos los demás sistemas que llegan a los datos de
        clientes.
      what_you_can_do: >
        Tenga cuidado con las llamadas, los mensajes de texto y los correos que
        mencionen su cuenta. Ponga un PIN en su cuenta, o cámbielo. Nadie de nuestra
        empresa se lo pedirá.
email:
  basis: voluntary
holds:
  - {name: %[5]s, match: {state: [MD, NJ]}}
relays:
  - name: demo
    address: %[4]s
    tls: none
    connections: 5
limits:
  rate: 200/s
waves:
  - {name: pilot, recipients: 50}
  - {name: rest}
`, occurred, found, today.Format(time.DateOnly), addr, hold)
}
