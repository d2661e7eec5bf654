package review

import "testing"

// Readers are asked for something only where they are addressed.
func TestRequests(t *testing.T) {
	for _, c := range []struct {
		language string
		asks     bool
		list     []string
	}{
		{"en", true, []string{
			"Please reply to this email with your date of birth.", "Reply with your password at privacy@example.com.",
			"Please reset your password on our site.", "Change your PIN on our web site.", "Reset your password with the link below.",
			"Sign up for it with your Social Security number.",
			"Log in to your account and enter your Social Security number to confirm your identity.",
			"Use the link below to log in.", "You should verify your account.", "You must now confirm your identity.", "To confirm your account, call us.",
			"Go to www.example.com and log in.", "If somebody calls you, log in.", "We are sorry, please click below.", "We ask you to log in.",
			"When you see this, click below.",
		}},
		{"en", false, []string{
			"An outsider used one of our interfaces to download customer records.",
			"Someone used stolen employee credentials to log in to one of our systems on that day.",
			"An outsider was able to sign in to an employee's account.",
			"An employee was tricked into clicking a link in an email.",
			"We have added a step to confirm your identity before anything is changed.",
			"Our agents will verify your identity when you call.",
			"An outsider used stolen credentials to log in, download records, and open the file.",
			"To confirm your identity, we will send a code to your phone.",
			"You may want to change the PIN of your account, in any store or on our web site.",
			"We closed the way in, and every log in is now checked.",
		}},
		{"es", true, []string{
			"Confírmenos su fecha de nacimiento por teléfono.", "Ingrese a su cuenta en nuestra página y cambie su contraseña.",
			"Por favor, haga clic abajo.", "Debe confirmar o verifique su cuenta aquí: haga clic.", "Use el enlace para iniciar sesión.",
			"Cambie su contraseña en nuestra página.", "Le pedimos que confirme su identidad.", "Tiene que iniciar sesión.",
		}},
		{"es", false, []string{
			"Alguien usó las credenciales de un empleado para iniciar sesión en uno de nuestros sistemas.",
			"Un atacante pudo iniciar sesión en la cuenta de un empleado.", "Puede cambiar el PIN de su cuenta en cualquier tienda o por teléfono.",
		}},
	} {
		for _, s := range c.list {
			if got := requestProblems(c.language, s); len(got) > 0 != c.asks {
				t.Errorf("%s: got %+v", s, got)
			}
		}
	}
}
