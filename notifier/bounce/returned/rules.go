package returned

// rule is one wording of a bounce that is written for people. All of its phrases
// have to stand in the text; they are in lower case, with one space for all that
// is white. The first rule that fits decides, so what a program says of a delay
// stands before what it says of a failure.
type rule struct {
	class   Class
	phrases []string
}

// rules are the free texts of the servers that people have their mail with. They
// are asked only about messages that say they come from a mail system, and only
// where no message/delivery-status says more. Beside each program stands where
// its format is documented; the ones without a document are known by what the
// program's source writes.
var rules = []rule{
	// Postfix, where its parts got lost: bounce(5), https://www.postfix.org/bounce.5.html
	{Soft, []string{"this is a warning message only", "not need to resend your message"}},
	{Hard, []string{"this is the mail system at host", "could not be delivered to one or more recipients"}},

	// qmail and those that took over its format (Yahoo's older servers, netqmail,
	// s/qmail): QSBMF, https://cr.yp.to/proto/qsbmf.txt. It says of every report
	// that it is about a failure.
	{Hard, []string{"hi. this is the"}},

	// Exim (and 1&1, GMX, Mail.ru, Zoho): "Customizing bounce and warning
	// messages", https://www.exim.org/exim-html-current/doc/html/spec_html/
	{Soft, []string{"has not yet been delivered to one or more of its recipients"}},
	{Soft, []string{"has not been delivered to one or more of its recipients after more than"}},
	{Soft, []string{"no action is required on your part. delivery attempts will continue"}},
	{Hard, []string{"a message that you sent could not be delivered to"}},
	{Hard, []string{"a message that you have sent could not be delivered to"}},
	{Hard, []string{"ваше письмо не может быть доставлено"}}, // Mail.ru: https://help.mail.ru/mail/letters/bounce

	// Sendmail (and AOL, Proofpoint, AIX, Solaris): conf.c and savemail.c; the
	// Sendmail Installation and Operation Guide, "Delivery Status Notifications"
	{Soft, []string{"the following addresses had transient non-fatal errors", "warning"}},
	{Soft, []string{"this is a warning message only"}},
	{Hard, []string{"the following addresses had permanent fatal errors"}},
	{Hard, []string{"the following addresses had permanent delivery errors"}},
	{Hard, []string{"the following addresses had fatal errors"}},
	{Soft, []string{"the following addresses had transient non-fatal errors"}},
	{Other, []string{"the following addresses had successful delivery notifications"}},

	// Gmail and Google Groups: https://support.google.com/mail/answer/6596
	{Soft, []string{"delivery to the following recipient", "has been delayed"}},
	{Soft, []string{"there was a temporary problem delivering your message to", "will retry"}},
	{Hard, []string{"delivery to the following recipient", "failed permanently"}},
	{Hard, []string{"your message wasn't delivered to"}},
	{Hard, []string{"the group you tried to contact", "may not exist"}},
	{Hard, []string{"you may not have permission to post messages to the group"}},

	// Exchange, Microsoft 365, Outlook.com, IIS; hMailServer and MailEnable write
	// the first one too: https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/
	{Soft, []string{"delivery is delayed to these recipients"}},
	{Soft, []string{"this message hasn't been delivered yet"}},
	{Soft, []string{"delivery to the following recipients has been delayed"}},
	{Hard, []string{"did not reach some or all of the intended recipients"}},
	{Hard, []string{"did not reach the following recipient"}},
	{Hard, []string{"delivery has failed to these recipients"}},
	{Hard, []string{"delivery to the following recipients failed"}},
	{Hard, []string{"your message to", "couldn't be delivered"}},
	{Hard, []string{"your message couldn't be delivered"}},

	// Yahoo and AOL: https://senders.yahooinc.com/smtp-error-codes/
	{Hard, []string{"unable to deliver message to the following address"}},
	{Hard, []string{"we were unable to deliver your message to the following address"}},
	{Hard, []string{"your mail to the following recipients could not be delivered"}},

	// Oracle Communications Messaging Server (and iCloud): "Notification
	// Messages", https://docs.oracle.com/communications/E72263_01/doc.80/e72265/
	{Soft, []string{"your message has been enqueued and undeliverable for"}},
	{Hard, []string{"your message cannot be delivered to the following recipients"}},

	// HCL Domino: https://help.hcltechsw.com/domino/, "Delivery failure reports"
	{Hard, []string{"your message", "was not delivered to", "because"}},

	// GroupWise's GWIA: https://www.novell.com/documentation/groupwise18/, status messages
	{Hard, []string{"the message that you sent was undeliverable to the following"}},

	// Mimecast: https://community.mimecast.com, "Delivery failure notifications"
	{Hard, []string{"could not be delivered. the problem appears to be"}},

	// SES, by mail: https://docs.aws.amazon.com/ses/latest/dg/monitor-sending-activity-using-notifications-email.html
	{Hard, []string{"an error occurred while trying to deliver the mail to the following recipients"}},

	// OpenSMTPD: smtpd/bounce.c
	{Soft, []string{"a message is delayed for more than"}},
	{Hard, []string{"an error has occurred while attempting to deliver a message for"}},

	// MDaemon, its "Delivery warning" and "Delivery failure" texts
	{Soft, []string{"the attached message had transient non-fatal delivery errors"}},
	{Hard, []string{"the attached message had permanent fatal delivery errors"}},

	// Courier: courier/module.dsn
	{Soft, []string{"this is a delivery status notification", "delivery attempts will continue"}},
	{Hard, []string{"undelivered mail", "your message to the following recipients cannot be delivered"}},

	// IMail (smtp32)
	{Hard, []string{"unknown user:"}},
	{Hard, []string{"user mailbox exceeds allowed size"}},
	{Hard, []string{"rcpt to generated following response"}},
}

// copies begin the lines behind which the returned notice stands.
var copies = []string{
	"--- below this line is a copy of the message",    // QSBMF
	"------ this is a copy of the message",            // Exim
	"------ this is a copy of your message",           // Exim
	"----- original message -----",                    // Gmail
	"----- message header follows -----",              // Gmail, earlier
	"----- unsent message follows -----",              // Sendmail 5
	"----- original message follows -----",            // Sendmail 5
	"--- original message",                            // Yahoo
	"--- original message follows",                    // IMail
	"original message headers:",                       // Exchange
	"original message follows.",                       // IMail
	"below is a copy of the original message",         // OpenSMTPD
	"------ returned message",                         // MDaemon
	": message contains [1] file attachments",         // MDaemon
	"-- the header of the original message",           // GMX
	"--- the header of the original message",          // GMX
	"received: from ",                                 // a copy without a word before it
	"message-id: <",                                   //
	"mime-version: 1.0",                               //
	"the following is a copy of the original message", //
}

// daemons are who a mail system writes as.
var daemons = []string{
	"mailer-daemon", "mailerdaemon", "mail-daemon", "postmaster", "post_master", "mdaemon", "mail-delivery", "mail_delivery", "mailsystem", "mail-system",
	"microsoftexchange", "systemadministrator", "administrator",
}

// bounceSubjects begin, or stand in, the subjects of bounces.
var bounceSubjects = []string{
	"undeliver", "returned mail", "mail delivery", "delivery fail", "failure notice", "failed delivery", "delivery status notification", "delivery notification",
	"delivery report", "non delivery", "nondeliver", "non-deliver", "could not be delivered", "delivery problem", "message delayed", "delayed mail", "unzustellbar",
	"nicht zugestellt", "non remis", "non distribu", "no se puede entregar", "no entregado", "mancata consegna", "onbestelbaar", "не доставлено", "недоставлен",
}
